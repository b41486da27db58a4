// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Sockets that go elsewhere in ways of their own
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/ethernet.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>

#include "common.h"

#define PORT 7001
#define OTHER_PORT 7002

/* clang-format off */
FIXTURE(special) {};
/* clang-format on */

FIXTURE_VARIANT(special)
{
	bool off;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(special, on) {};
FIXTURE_VARIANT_ADD(special, off) { .off = true };
/* clang-format on */

FIXTURE_SETUP(special)
{
	own_network(_metadata);
}

FIXTURE_TEARDOWN(special)
{
}

/* A socket of AF_INET6 that becomes one of AF_INET stays refused. */
TEST_F(special, changed_family)
{
	struct sockaddr_in6 mapped = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(PORT),
	};
	const int family = AF_INET;
	const int server = open_server(AF_INET, SOCK_DGRAM, 0, OTHER_PORT);
	const int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	char byte;

	ASSERT_LE(0, server);
	ASSERT_LE(0, fd);
	ASSERT_EQ(1, inet_pton(AF_INET6, "::ffff:127.0.0.1", &mapped.sin6_addr));
	ASSERT_EQ(0, error_of(connect(fd, (void *)&mapped, sizeof(mapped))));
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(0, error_of(setsockopt(fd, SOL_IPV6, IPV6_ADDRFORM, &family,
					 sizeof(family))));
	EXPECT_EQ(variant->off ? EPERM : 0,
		  try_connect(fd, AF_INET, OTHER_PORT));
	send(fd, "x", 1, 0);
	EXPECT_EQ(variant->off ? -1 : 1,
		  receive_soon(server, &byte, 1));
}

/* This type does not look at the family of an address. */
TEST_F(special, packet_socket_of_old)
{
	struct sockaddr device = { .sa_family = AF_UNIX, .sa_data = "lo" };
	const int fd = socket(AF_INET, SOCK_PACKET, htons(ETH_P_IP));
	char frame[64] = {};

	ASSERT_LE(0, fd);
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(bind(fd, &device, sizeof(device))));
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(sendto(fd, frame, sizeof(frame), 0, &device,
				  sizeof(device))));
}

TEST_F(special, frames_of_a_bound_socket)
{
	struct sockaddr_ll device = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = 1,
	};
	const int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP));
	char frame[64] = {};

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, error_of(bind(fd, (void *)&device, sizeof(device))));
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(send(fd, frame, sizeof(frame), 0)));
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(write(fd, frame, sizeof(frame))));
}

/* The header that the caller writes says where the packet goes. */
TEST_F(special, header_of_the_caller)
{
	struct iphdr packet = {
		.version = 4, .ihl = 5, .ttl = 1, .protocol = 253,
		.daddr = htonl(0x7f000002),
	};
	const int fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, try_connect(fd, AF_INET, 0));
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(send(fd, &packet, sizeof(packet), 0)));
}

TEST_F(special, multicast)
{
	struct ip_mreq group = {
		.imr_multiaddr.s_addr = htonl(0xe0010203),
		.imr_interface.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct ipv6_mreq group6 = { .ipv6mr_interface = 1 };
	const int fd = socket(AF_INET, SOCK_DGRAM, 0);
	const int fd6 = socket(AF_INET6, SOCK_DGRAM, 0);

	ASSERT_EQ(1, inet_pton(AF_INET6, "ff05::7", &group6.ipv6mr_multiaddr));
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(setsockopt(fd, SOL_IP, IP_ADD_MEMBERSHIP, &group,
				      sizeof(group))));
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(setsockopt(fd6, SOL_IPV6, IPV6_ADD_MEMBERSHIP,
				      &group6, sizeof(group6))));
}

/* Open by design: without an address, a netlink socket asks the kernel. */
TEST_F(special, netlink_to_the_kernel)
{
	const struct {
		struct nlmsghdr header;
		struct rtgenmsg message;
	} request = {
		.header.nlmsg_len = sizeof(request),
		.header.nlmsg_type = RTM_GETLINK,
		.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.message.rtgen_family = AF_UNSPEC,
	};
	const int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	char answer[4096];

	ASSERT_LE(0, fd);
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(sizeof(request), send(fd, &request, sizeof(request), 0));
	EXPECT_LT(0, recv(fd, answer, sizeof(answer), 0));
}

/* Lets a client send data with its first packet, without a cookie. */
static int allow_fast_open(void)
{
	const int fd = open("/proc/sys/net/ipv4/tcp_fastopen",
			    O_WRONLY | O_CLOEXEC);
	const int error = fd < 0 ? errno : error_of(write(fd, "5", 1));

	close(fd);
	return error;
}

/* Tells whether a packet that begins a connection has passed since. */
static bool begins_connection(const int watcher)
{
	struct {
		struct iphdr ip;
		struct tcphdr tcp;
	} packet;

	while (receive_soon(watcher, &packet, sizeof(packet)) ==
	       sizeof(packet))
		if (packet.ip.protocol == IPPROTO_TCP && packet.tcp.syn &&
		    packet.tcp.dest == htons(PORT))
			return true;
	return false;
}

/* Open by design: the connect(2) came before, only its packets come after. */
TEST_F(special, postponed_connection)
{
	const int enable = 1;
	const int server = open_server(AF_INET, SOCK_STREAM, 0, PORT);
	const int fd = socket(AF_INET, SOCK_STREAM, 0);
	const int watcher = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_IP));

	ASSERT_LE(0, server);
	ASSERT_LE(0, watcher);
	ASSERT_EQ(0, allow_fast_open());
	ASSERT_EQ(0, setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, &enable,
				sizeof(enable)));
	ASSERT_EQ(0, try_connect(fd, AF_INET, PORT));
	EXPECT_FALSE(begins_connection(watcher));
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(1, send(fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_TRUE(begins_connection(watcher));
}

TEST_HARNESS_MAIN
