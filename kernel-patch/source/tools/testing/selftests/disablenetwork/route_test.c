// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Source routes, seen from where they lead
 *
 * A connected UDPv6 socket is sent to another address by a routing header of
 * type 4, which needs no privilege.  The other address is one of the loopback's
 * own, and a raw socket tells whether a packet went there first.
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/ipv6.h>
#include <linux/seg6.h>

#include "common.h"

#define PORT 7001
#define ELSEWHERE "fd00::2"

#ifndef IPV6_2292RTHDR
#define IPV6_2292RTHDR 5
#endif

#ifndef IPV6_2292PKTOPTIONS
#define IPV6_2292PKTOPTIONS 6
#endif

#ifndef IPV6_RTHDR
#define IPV6_RTHDR 57
#endif

struct address_request {
	struct in6_addr address;
	__u32 prefix;
	int index;
};

struct route {
	struct ipv6_sr_hdr header;
	struct in6_addr segments[2];
};

/* As a control message, only the type for a home address is taken. */
struct home {
	struct ipv6_rt_hdr header;
	__u32 reserved;
	struct in6_addr address;
};

FIXTURE(route)
{
	int socket, watcher;
	struct route route;
};

FIXTURE_VARIANT(route)
{
	bool off;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(route, on) {};
FIXTURE_VARIANT_ADD(route, off) { .off = true };
/* clang-format on */

/* A new address is put in force by a worker of the kernel, a moment later. */
static int wait_for_address(const struct in6_addr *const address)
{
	const struct sockaddr_in6 name = {
		.sin6_family = AF_INET6,
		.sin6_addr = *address,
	};
	const int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	int tries, error = EBADF;

	for (tries = 0; tries < 2000 && error; tries++) {
		error = error_of(bind(fd, (void *)&name, sizeof(name)));
		if (error)
			usleep(1000);
	}
	close(fd);
	return error;
}

FIXTURE_SETUP(route)
{
	struct address_request request = { .prefix = 64, .index = 1 };
	int control;

	own_network(_metadata);
	control = socket(AF_INET6, SOCK_DGRAM, 0);
	ASSERT_LE(0, control);
	ASSERT_EQ(1, inet_pton(AF_INET6, ELSEWHERE, &request.address));
	ASSERT_EQ(0, error_of(ioctl(control, SIOCSIFADDR, &request)));
	ASSERT_EQ(0, wait_for_address(&request.address));
	ASSERT_EQ(0, wait_for_address(&in6addr_loopback));
	/* A raw socket sees what arrives with a routing header as its payload. */
	self->watcher = socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK,
			       htons(0x86dd));
	ASSERT_LE(0, self->watcher);
	self->socket = socket(AF_INET6, SOCK_DGRAM, 0);
	ASSERT_EQ(0, try_connect(self->socket, AF_INET6, PORT));
	self->route.header.hdrlen = 4;
	self->route.header.type = 4;
	self->route.header.segments_left = 1;
	self->route.header.first_segment = 1;
	self->route.segments[0] = in6addr_loopback;
	self->route.segments[1] = request.address;
}

FIXTURE_TEARDOWN(route)
{
}

/* Tells whether a packet went towards the other address. */
static bool went_elsewhere(const int watcher)
{
	struct ipv6hdr packet;
	struct in6_addr elsewhere;

	inet_pton(AF_INET6, ELSEWHERE, &elsewhere);
	while (receive_soon(watcher, &packet, sizeof(packet)) > 0)
		if (!memcmp(&packet.daddr, &elsewhere, sizeof(elsewhere)))
			return true;
	return false;
}

static int send_with_control(const int fd, const int type, const void *const data,
			     const size_t size)
{
	char buffer[CMSG_SPACE(sizeof(struct route))] = {};
	struct iovec part = { .iov_base = "x", .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = buffer,
		.msg_controllen = CMSG_SPACE(size),
	};
	struct cmsghdr *const control = CMSG_FIRSTHDR(&message);

	control->cmsg_level = SOL_IPV6;
	control->cmsg_type = type;
	control->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(control), data, size);
	return error_of(sendmsg(fd, &message, 0));
}

static void try_control_message(struct __test_metadata *const _metadata,
				const FIXTURE_DATA(route) * const self,
				const bool off, const int type)
{
	const struct home home = {
		.header.hdrlen = 2,
		.header.type = IPV6_SRCRT_TYPE_2,
		.header.segments_left = 1,
		.address = self->route.segments[1],
	};

	restrict_self(_metadata, off);
	EXPECT_EQ(off ? EPERM : 0, send_with_control(self->socket, type, &home,
						     sizeof(home)));
	EXPECT_EQ(!off, went_elsewhere(self->watcher));
}

TEST_F(route, control_message)
{
	try_control_message(_metadata, self, variant->off, IPV6_RTHDR);
}

TEST_F(route, control_message_of_2292)
{
	try_control_message(_metadata, self, variant->off, IPV6_2292RTHDR);
}

/* Only a switch for what is received, unlike the control message of that name. */
TEST_F(route, switch_of_2292)
{
	const int enable = 1;

	restrict_self(_metadata, variant->off);
	EXPECT_EQ(0, error_of(setsockopt(self->socket, SOL_IPV6, IPV6_2292RTHDR,
					 &enable, sizeof(enable))));
	EXPECT_EQ(1, send(self->socket, "x", 1, 0));
	EXPECT_FALSE(went_elsewhere(self->watcher));
}

/* Control messages that stay in force. */
TEST_F(route, options_of_2292)
{
	const struct home home = {
		.header.hdrlen = 2,
		.header.type = IPV6_SRCRT_TYPE_2,
		.header.segments_left = 1,
		.address = self->route.segments[1],
	};
	char buffer[CMSG_SPACE(sizeof(home))] = {};
	struct cmsghdr *const control = (void *)buffer;

	control->cmsg_level = SOL_IPV6;
	control->cmsg_type = IPV6_2292RTHDR;
	control->cmsg_len = CMSG_LEN(sizeof(home));
	memcpy(CMSG_DATA(control), &home, sizeof(home));
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(setsockopt(self->socket, SOL_IPV6,
				      IPV6_2292PKTOPTIONS, buffer,
				      sizeof(buffer))));
	EXPECT_EQ(1, send(self->socket, "x", 1, 0));
	EXPECT_EQ(!variant->off, went_elsewhere(self->watcher));
}

TEST_F(route, option)
{
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(setsockopt(self->socket, SOL_IPV6, IPV6_RTHDR,
				      &self->route, sizeof(self->route))));
	EXPECT_EQ(1, send(self->socket, "x", 1, 0));
	EXPECT_EQ(!variant->off, went_elsewhere(self->watcher));
}

TEST_F(route, harmless_control_message)
{
	const int hops = 3;

	restrict_self(_metadata, variant->off);
	EXPECT_EQ(0, send_with_control(self->socket, IPV6_HOPLIMIT, &hops,
				       sizeof(hops)));
	EXPECT_FALSE(went_elsewhere(self->watcher));
}

TEST_F(route, ipv4_options)
{
	const unsigned char loose[] = { 131, 7, 4, 127, 0, 0, 2, 0 };
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);

	ASSERT_LE(0, fd);
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(setsockopt(fd, SOL_IP, IP_OPTIONS, loose,
				      sizeof(loose))));
}

TEST_F(route, harmless_options)
{
	const int value = 1;

	restrict_self(_metadata, variant->off);
	EXPECT_EQ(0, error_of(setsockopt(self->socket, SOL_SOCKET, SO_KEEPALIVE,
					 &value, sizeof(value))));
	EXPECT_EQ(0, error_of(setsockopt(self->socket, SOL_IPV6,
					 IPV6_UNICAST_HOPS, &value,
					 sizeof(value))));
}

TEST_HARNESS_MAIN
