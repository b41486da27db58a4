// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Every socket option that leads elsewhere, and some
 * beside them
 *
 * The value is the same for all, and most options reject it.  What counts is
 * that the module does not, unless the network is off: it comes first.
 */

#define _GNU_SOURCE
#include <linux/tipc.h>

#include "common.h"

/* Needs headers that it does not include itself. */
#include <linux/sctp.h>

/* These are in headers that do not go together with those of the C library. */
#ifndef IPV6_FLOWLABEL_MGR
#define IPV6_FLOWLABEL_MGR 32
#endif

#ifndef IPV6_HDRINCL
#define IPV6_HDRINCL 36
#endif

#ifndef IPV6_UNICAST_IF
#define IPV6_UNICAST_IF 76
#endif

#ifndef IPV6_2292RTHDR
#define IPV6_2292RTHDR 5
#endif

#ifndef IPV6_2292PKTOPTIONS
#define IPV6_2292PKTOPTIONS 6
#endif

#ifndef SO_BINDTOIFINDEX
#define SO_BINDTOIFINDEX 62
#endif

#ifndef SOL_SCTP
#define SOL_SCTP 132
#endif

#ifndef SOL_TIPC
#define SOL_TIPC 271
#endif

struct option {
	int family, level, name;
};

static const struct option refused[] = {
	{ AF_INET, SOL_SOCKET, SO_BINDTODEVICE },
	{ AF_INET, SOL_SOCKET, SO_BINDTOIFINDEX },
	{ AF_INET, SOL_IP, IP_OPTIONS },
	{ AF_INET, SOL_IP, IP_HDRINCL },
	{ AF_INET, SOL_IP, IP_UNICAST_IF },
	{ AF_INET, SOL_IP, IP_MULTICAST_IF },
	{ AF_INET, SOL_IP, IP_ADD_MEMBERSHIP },
	{ AF_INET, SOL_IP, IP_ADD_SOURCE_MEMBERSHIP },
	{ AF_INET, SOL_IP, IP_BLOCK_SOURCE },
	{ AF_INET, SOL_IP, IP_UNBLOCK_SOURCE },
	{ AF_INET, SOL_IP, IP_MSFILTER },
	{ AF_INET, SOL_IP, MCAST_JOIN_GROUP },
	{ AF_INET, SOL_IP, MCAST_JOIN_SOURCE_GROUP },
	{ AF_INET, SOL_IP, MCAST_BLOCK_SOURCE },
	{ AF_INET, SOL_IP, MCAST_UNBLOCK_SOURCE },
	{ AF_INET, SOL_IP, MCAST_MSFILTER },
	{ AF_INET6, SOL_IPV6, IPV6_RTHDR },
	{ AF_INET6, SOL_IPV6, IPV6_2292PKTOPTIONS },
	{ AF_INET6, SOL_IPV6, IPV6_FLOWLABEL_MGR },
	{ AF_INET6, SOL_IPV6, IPV6_HDRINCL },
	{ AF_INET6, SOL_IPV6, IPV6_PKTINFO },
	{ AF_INET6, SOL_IPV6, IPV6_UNICAST_IF },
	{ AF_INET6, SOL_IPV6, IPV6_MULTICAST_IF },
	{ AF_INET6, SOL_IPV6, IPV6_JOIN_GROUP },
	{ AF_INET6, SOL_IPV6, IPV6_JOIN_ANYCAST },
	{ AF_INET6, SOL_IPV6, MCAST_JOIN_GROUP },
	{ AF_INET6, SOL_IPV6, MCAST_JOIN_SOURCE_GROUP },
	{ AF_INET6, SOL_IPV6, MCAST_BLOCK_SOURCE },
	{ AF_INET6, SOL_IPV6, MCAST_UNBLOCK_SOURCE },
	{ AF_INET6, SOL_IPV6, MCAST_MSFILTER },
	/* Refused by the level, whichever protocol would answer. */
	{ AF_INET, SOL_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT },
	{ AF_INET, SOL_TIPC, TIPC_GROUP_JOIN },
};

static const struct option harmless[] = {
	{ AF_INET, SOL_SOCKET, SO_KEEPALIVE },
	{ AF_INET, SOL_SOCKET, SO_SNDBUF },
	{ AF_INET, SOL_IP, IP_TTL },
	{ AF_INET, SOL_IP, IP_RECVTTL },
	{ AF_INET, SOL_IP, IP_DROP_MEMBERSHIP },
	{ AF_INET6, SOL_IPV6, IPV6_UNICAST_HOPS },
	{ AF_INET6, SOL_IPV6, IPV6_RECVPKTINFO },
	{ AF_INET6, SOL_IPV6, IPV6_2292RTHDR },
	{ AF_INET6, SOL_IPV6, IPV6_LEAVE_GROUP },
	{ AF_INET, IPPROTO_UDP, 1 /* UDP_CORK */ },
	{ AF_INET, SOL_SCTP, SCTP_NODELAY },
	{ AF_INET, SOL_TIPC, TIPC_IMPORTANCE },
};

/* clang-format off */
FIXTURE(option) {};
/* clang-format on */

FIXTURE_VARIANT(option)
{
	bool off;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(option, on) {};
FIXTURE_VARIANT_ADD(option, off) { .off = true };
/* clang-format on */

FIXTURE_SETUP(option)
{
	own_network(_metadata);
}

FIXTURE_TEARDOWN(option)
{
}

static int open_socket(const struct option *const option)
{
	return socket(option->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static int set(const int fd, const struct option *const option)
{
	const char value[16] = {};

	return error_of(setsockopt(fd, option->level, option->name, value,
				   sizeof(value)));
}

TEST_F(option, that_leads_elsewhere)
{
	int sockets[ARRAY_SIZE(refused)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		sockets[i] = open_socket(&refused[i]);
		ASSERT_LE(0, sockets[i]);
	}
	restrict_self(_metadata, variant->off);
	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		const int error = set(sockets[i], &refused[i]);

		EXPECT_EQ(variant->off, error == EPERM)
		{
			TH_LOG("level %d option %d: errno %d", refused[i].level,
			       refused[i].name, error);
		}
	}
}

/* What the protocol answers is the same with the network and without. */
TEST_F(option, that_is_harmless)
{
	int before[ARRAY_SIZE(harmless)], sockets[ARRAY_SIZE(harmless)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(harmless); i++) {
		sockets[i] = open_socket(&harmless[i]);
		ASSERT_LE(0, sockets[i]);
		before[i] = set(sockets[i], &harmless[i]);
		EXPECT_NE(EPERM, before[i]);
	}
	restrict_self(_metadata, variant->off);
	for (i = 0; i < ARRAY_SIZE(harmless); i++) {
		EXPECT_EQ(before[i], set(sockets[i], &harmless[i]))
		{
			TH_LOG("level %d option %d", harmless[i].level,
			       harmless[i].name);
		}
	}
}

/* The level that other families use for themselves means nothing there. */
TEST_F(option, of_a_unix_socket)
{
	const struct option option = { AF_UNIX, SOL_SOCKET, SO_BINDTODEVICE };
	const int fd = open_socket(&option);

	ASSERT_LE(0, fd);
	restrict_self(_metadata, variant->off);
	EXPECT_NE(EPERM, set(fd, &option));
}

TEST_HARNESS_MAIN
