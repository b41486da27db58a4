// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Sockets whose user writes the packet's header
 */

#define _GNU_SOURCE
#include <linux/can.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>

#include "common.h"

#ifndef IPV6_HDRINCL
#define IPV6_HDRINCL 36
#endif

#ifndef AF_IEEE802154
#define AF_IEEE802154 36
#endif

#define PROTOCOL 253 /* For experiments. */

/* clang-format off */
FIXTURE(header) {};
/* clang-format on */

FIXTURE_VARIANT(header)
{
	bool off;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(header, on) {};
FIXTURE_VARIANT_ADD(header, off) { .off = true };
/* clang-format on */

FIXTURE_SETUP(header)
{
	own_network(_metadata);
}

FIXTURE_TEARDOWN(header)
{
}

/* Which the kernel writes: it goes to the peer, and nowhere else. */
TEST_F(header, of_the_kernel)
{
	const int fd = socket(AF_INET, SOCK_RAW, PROTOCOL);
	const int fd6 = socket(AF_INET6, SOCK_RAW, PROTOCOL);
	char packet[64];

	ASSERT_LE(0, fd);
	ASSERT_LE(0, fd6);
	ASSERT_EQ(0, try_connect(fd, AF_INET, 0));
	ASSERT_EQ(0, try_connect(fd6, AF_INET6, 0));
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(1, send(fd, "x", 1, 0));
	EXPECT_LT(0, receive_soon(fd, packet, sizeof(packet)));
	EXPECT_EQ(1, send(fd6, "x", 1, 0));
	EXPECT_LT(0, receive_soon(fd6, packet, sizeof(packet)));
}

TEST_F(header, of_ipv4)
{
	const struct iphdr packet = {
		.version = 4, .ihl = 5, .ttl = 1, .protocol = PROTOCOL,
		.daddr = htonl(0x7f000002),
	};
	const int fd = socket(AF_INET, SOCK_RAW, PROTOCOL);
	const int watcher = socket(AF_INET, SOCK_RAW, PROTOCOL);
	const int enable = 1;
	struct iphdr seen = {};

	ASSERT_LE(0, fd);
	ASSERT_LE(0, watcher);
	ASSERT_EQ(0, error_of(setsockopt(fd, SOL_IP, IP_HDRINCL, &enable,
					 sizeof(enable))));
	ASSERT_EQ(0, try_connect(fd, AF_INET, 0));
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(send(fd, &packet, sizeof(packet), 0)));
	EXPECT_EQ(variant->off ? -1 : (ssize_t)sizeof(seen),
		  receive_soon(watcher, &seen, sizeof(seen)));
	/* It went elsewhere than to the peer. */
	EXPECT_EQ(variant->off ? 0 : packet.daddr, seen.daddr);
}

TEST_F(header, of_ipv6)
{
	const struct ip6_hdr packet = {
		.ip6_vfc = 6 << 4, .ip6_hlim = 1, .ip6_nxt = PROTOCOL,
		.ip6_src = in6addr_loopback, .ip6_dst = in6addr_loopback,
	};
	const int fd = socket(AF_INET6, SOCK_RAW, PROTOCOL);
	const int enable = 1;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, error_of(setsockopt(fd, SOL_IPV6, IPV6_HDRINCL, &enable,
					 sizeof(enable))));
	ASSERT_EQ(0, try_connect(fd, AF_INET6, 0));
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(send(fd, &packet, sizeof(packet), 0)));
}

/*
 * These are tried without a device, in the first network namespace, which some
 * of them need.  What is not refused fails otherwise.
 */

/* clang-format off */
FIXTURE(frame) {};
/* clang-format on */

FIXTURE_VARIANT(frame)
{
	bool off;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(frame, on) {};
FIXTURE_VARIANT_ADD(frame, off) { .off = true };
/* clang-format on */

FIXTURE_SETUP(frame)
{
}

FIXTURE_TEARDOWN(frame)
{
}

static int try_frame(struct __test_metadata *const _metadata, const bool off,
		     const int family, const int type, const int protocol)
{
	const int fd = socket(family, type, protocol);
	const char frame[16] = { 1 };
	int error;

	if (fd < 0 && errno == EAFNOSUPPORT)
		SKIP(exit(SKIPPED), "This kernel lacks the family");
	ASSERT_LE(0, fd);
	restrict_self(_metadata, off);
	error = error_of(send(fd, frame, sizeof(frame), 0));
	EXPECT_NE(0, error);
	return error;
}

TEST_F(frame, bluetooth)
{
	const int error = try_frame(_metadata, variant->off, AF_BLUETOOTH,
				    SOCK_RAW, 1 /* BTPROTO_HCI */);

	EXPECT_EQ(variant->off, error == EPERM);
}

TEST_F(frame, ieee802154)
{
	const int error = try_frame(_metadata, variant->off, AF_IEEE802154,
				    SOCK_RAW, 0);

	EXPECT_EQ(variant->off, error == EPERM);
}

TEST_F(frame, ieee802154_with_a_header_of_the_kernel)
{
	const int error = try_frame(_metadata, variant->off, AF_IEEE802154,
				    SOCK_DGRAM, 0);

	EXPECT_NE(EPERM, error);
}

TEST_F(frame, can)
{
	const int error = try_frame(_metadata, variant->off, AF_CAN, SOCK_RAW,
				    CAN_RAW);

	EXPECT_EQ(variant->off, error == EPERM);
}

TEST_F(frame, can_broadcast_manager)
{
	const int error = try_frame(_metadata, variant->off, AF_CAN,
				    SOCK_DGRAM, CAN_BCM);

	EXPECT_EQ(variant->off, error == EPERM);
}

/* It has a peer, which bind(2) names. */
TEST_F(frame, can_transport)
{
	const int error = try_frame(_metadata, variant->off, AF_CAN,
				    SOCK_DGRAM, CAN_ISOTP);

	EXPECT_NE(EPERM, error);
}

TEST_HARNESS_MAIN
