// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Control messages that lead elsewhere, and malformed ones
 */

#define _GNU_SOURCE
#include <netinet/ip.h>

#include "common.h"

#define PORT 7001

#ifndef IPV6_2292PKTINFO
#define IPV6_2292PKTINFO 2
#endif

/* Of the loopback. */
#define INTERFACE 1

FIXTURE(control)
{
	int fd, fd6, server, server6;
};

FIXTURE_VARIANT(control)
{
	bool off;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(control, on) {};
FIXTURE_VARIANT_ADD(control, off) { .off = true };
/* clang-format on */

FIXTURE_SETUP(control)
{
	own_network(_metadata);
	self->server = open_server(AF_INET, SOCK_DGRAM, 0, PORT);
	self->server6 = open_server(AF_INET6, SOCK_DGRAM, 0, PORT);
	ASSERT_LE(0, self->server);
	ASSERT_LE(0, self->server6);
	self->fd = socket(AF_INET, SOCK_DGRAM, 0);
	self->fd6 = socket(AF_INET6, SOCK_DGRAM, 0);
	ASSERT_EQ(0, try_connect(self->fd, AF_INET, PORT));
	ASSERT_EQ(0, try_connect(self->fd6, AF_INET6, PORT));
	restrict_self(_metadata, variant->off);
}

FIXTURE_TEARDOWN(control)
{
}

/* A message whose length need not be that of its data. */
struct message {
	int level, type;
	size_t length;
	const void *data;
	size_t size;
};

static int send_with(const int fd, const struct message *const message)
{
	char buffer[CMSG_SPACE(64)] = {};
	struct iovec part = { .iov_base = "x", .iov_len = 1 };
	struct msghdr header = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = buffer,
		.msg_controllen = CMSG_SPACE(message->size),
	};
	struct cmsghdr *const control = CMSG_FIRSTHDR(&header);

	control->cmsg_level = message->level;
	control->cmsg_type = message->type;
	control->cmsg_len = message->length;
	memcpy(CMSG_DATA(control), message->data, message->size);
	return error_of(sendmsg(fd, &header, 0));
}

static int send_control(const int fd, const int level, const int type,
			const void *const data, const size_t size)
{
	const struct message message = {
		.level = level,
		.type = type,
		.length = CMSG_LEN(size),
		.data = data,
		.size = size,
	};

	return send_with(fd, &message);
}

static bool arrived(const int server)
{
	char byte;

	return receive_soon(server, &byte, 1) == 1;
}

TEST_F(control, interface_of_ipv4)
{
	const struct in_pktinfo named = { .ipi_ifindex = INTERFACE };
	const struct in_pktinfo unnamed = {};

	EXPECT_EQ(variant->off ? EPERM : 0,
		  send_control(self->fd, SOL_IP, IP_PKTINFO, &named,
			       sizeof(named)));
	EXPECT_EQ(!variant->off, arrived(self->server));
	EXPECT_EQ(0, send_control(self->fd, SOL_IP, IP_PKTINFO, &unnamed,
				  sizeof(unnamed)));
	EXPECT_TRUE(arrived(self->server));
}

static void try_ipv6(struct __test_metadata *const _metadata,
		     const FIXTURE_DATA(control) * const self, const bool off,
		     const int type)
{
	const struct in6_pktinfo named = { .ipi6_ifindex = INTERFACE };
	const struct in6_pktinfo unnamed = {};

	EXPECT_EQ(off ? EPERM : 0, send_control(self->fd6, SOL_IPV6, type,
						&named, sizeof(named)));
	EXPECT_EQ(!off, arrived(self->server6));
	EXPECT_EQ(0, send_control(self->fd6, SOL_IPV6, type, &unnamed,
				  sizeof(unnamed)));
	EXPECT_TRUE(arrived(self->server6));
}

TEST_F(control, interface_of_ipv6)
{
	try_ipv6(_metadata, self, variant->off, IPV6_PKTINFO);
}

TEST_F(control, interface_of_2292)
{
	try_ipv6(_metadata, self, variant->off, IPV6_2292PKTINFO);
}

/* The options of a packet that was received, to go back where it came from. */
TEST_F(control, options_of_ipv4)
{
	const unsigned char nothing[] = { IPOPT_NOP, IPOPT_NOP, IPOPT_NOP,
					  IPOPT_END };

	EXPECT_EQ(variant->off ? EPERM : 0,
		  send_control(self->fd, SOL_IP, IP_RETOPTS, nothing,
			       sizeof(nothing)));
	EXPECT_EQ(!variant->off, arrived(self->server));
}

TEST_F(control, that_is_harmless)
{
	const int value = 3;
	const __u32 mark = 0;

	EXPECT_EQ(0, send_control(self->fd, SOL_IP, IP_TTL, &value,
				  sizeof(value)));
	EXPECT_TRUE(arrived(self->server));
	EXPECT_EQ(0, send_control(self->fd6, SOL_IPV6, IPV6_HOPLIMIT, &value,
				  sizeof(value)));
	EXPECT_TRUE(arrived(self->server6));
	EXPECT_EQ(0, send_control(self->fd, SOL_SOCKET, SO_MARK, &mark,
				  sizeof(mark)));
	EXPECT_TRUE(arrived(self->server));
}

/* The protocol answers, for there is no interface in it that could be read. */
TEST_F(control, that_is_too_short)
{
	const int value = INTERFACE;

	EXPECT_EQ(EINVAL, send_control(self->fd, SOL_IP, IP_PKTINFO, &value,
				       sizeof(value)));
	EXPECT_EQ(EINVAL, send_control(self->fd6, SOL_IPV6, IPV6_PKTINFO,
				       &value, sizeof(value)));
	EXPECT_FALSE(arrived(self->server));
	EXPECT_FALSE(arrived(self->server6));
}

/* Shorter than its own header, or longer than the buffer. */
TEST_F(control, that_is_malformed)
{
	const struct in_pktinfo named = { .ipi_ifindex = INTERFACE };
	struct message message = {
		.level = SOL_IP,
		.type = IP_PKTINFO,
		.length = sizeof(struct cmsghdr) - 1,
		.data = &named,
		.size = sizeof(named),
	};

	EXPECT_EQ(EINVAL, send_with(self->fd, &message));
	message.length = CMSG_LEN(4096);
	EXPECT_EQ(EINVAL, send_with(self->fd, &message));
	EXPECT_FALSE(arrived(self->server));
}

TEST_HARNESS_MAIN
