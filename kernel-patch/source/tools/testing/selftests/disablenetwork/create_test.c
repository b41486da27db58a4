// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - New sockets
 */

#define _GNU_SOURCE
#include <fcntl.h>

#include "common.h"

/* Beyond every family that exists, for those that do not exist yet. */
#define LAST_FAMILY 64

static const int types[] = {
	SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_RDM, SOCK_SEQPACKET, SOCK_PACKET,
};

/* clang-format off */
FIXTURE(create) {};
/* clang-format on */

FIXTURE_VARIANT(create)
{
	bool off;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(create, on) { .off = false };
FIXTURE_VARIANT_ADD(create, off) { .off = true };
/* clang-format on */

FIXTURE_SETUP(create)
{
	restrict_self(_metadata, variant->off);
}

FIXTURE_TEARDOWN(create)
{
}

/* For a family that it lacks, the kernel starts modprobe, hundreds of times. */
TEST_F_TIMEOUT(create, every_family_and_type, 300)
{
	unsigned int i;
	int family;

	for (family = 0; family < LAST_FAMILY; family++) {
		for (i = 0; i < ARRAY_SIZE(types); i++) {
			const int error = try_socket(family, types[i], 0);

			if (family == AF_UNIX) {
				EXPECT_NE(EPERM, error);
			} else if (!variant->off) {
				/* Whatever the kernel lacks, it is no refusal. */
				EXPECT_NE(EPERM, error);
			} else if (family < AF_MAX) {
				EXPECT_EQ(EPERM, error)
				{
					TH_LOG("family %d type %d", family,
					       types[i]);
				}
			} else {
				EXPECT_NE(0, error);
			}
		}
	}
}

TEST_F(create, common_ones)
{
	const int expected = variant->off ? EPERM : 0;

	EXPECT_EQ(expected, try_socket(AF_INET, SOCK_STREAM, 0));
	EXPECT_EQ(expected, try_socket(AF_INET, SOCK_DGRAM, 0));
	EXPECT_EQ(expected, try_socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
	EXPECT_EQ(expected, try_socket(AF_INET6, SOCK_STREAM, 0));
	EXPECT_EQ(expected, try_socket(AF_INET6, SOCK_DGRAM, 0));
	EXPECT_EQ(expected, try_socket(AF_NETLINK, SOCK_RAW, 0));
	EXPECT_EQ(expected, try_socket(AF_PACKET, SOCK_RAW, 0));
	EXPECT_EQ(expected, try_socket(AF_INET, SOCK_PACKET, 0));
	EXPECT_EQ(expected, try_socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

TEST_F(create, unix_sockets)
{
	EXPECT_EQ(0, try_socket(AF_UNIX, SOCK_STREAM, 0));
	EXPECT_EQ(0, try_socket(AF_UNIX, SOCK_DGRAM, 0));
	EXPECT_EQ(0, try_socket(AF_UNIX, SOCK_SEQPACKET, 0));
	EXPECT_EQ(0, try_socket(AF_UNIX, SOCK_RAW, 0));
}

TEST_F(create, pairs)
{
	const int pairs[] = { AF_INET, AF_INET6, AF_NETLINK, 30 /* AF_TIPC */ };
	unsigned int i;
	int pair[2];

	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		const int error =
			error_of(socketpair(pairs[i], SOCK_STREAM, 0, pair));

		/* Only TIPC has pairs, and not every kernel has TIPC. */
		if (variant->off) {
			EXPECT_EQ(EPERM, error);
		} else {
			EXPECT_NE(EPERM, error);
		}
	}
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	EXPECT_TRUE(carries(pair[0], pair[1]));
	EXPECT_TRUE(carries(pair[1], pair[0]));
}

TEST_F(create, another_network_namespace)
{
	ASSERT_EQ(0, error_of(unshare(CLONE_NEWNET)));
	EXPECT_EQ(variant->off ? EPERM : 0, try_inet());
}

TEST_F(create, another_user_namespace)
{
	ASSERT_EQ(0, error_of(unshare(CLONE_NEWUSER | CLONE_NEWNET)));
	EXPECT_EQ(variant->off ? EPERM : 0, try_inet());
}

/* One that somebody else goes on having, with a network that works. */
TEST_F(create, network_namespace_of_another_process)
{
	int own, other;

	own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, own);
	/* The drop, if there was one, came before. */
	ASSERT_EQ(0, error_of(unshare(CLONE_NEWNET)));
	other = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, other);
	EXPECT_EQ(0, error_of(setns(own, CLONE_NEWNET)));
	EXPECT_EQ(variant->off ? EPERM : 0, try_inet());
	EXPECT_EQ(0, error_of(setns(other, CLONE_NEWNET)));
	EXPECT_EQ(variant->off ? EPERM : 0, try_inet());
}

/* What a socket of the old one may not do, the new one does not allow. */
TEST(socket_that_is_taken_to_another_network_namespace)
{
	int fd, own;

	own_network(_metadata);
	own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, own);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	ASSERT_EQ(0, try_connect(fd, AF_INET, 7001));
	restrict_self(_metadata, true);
	EXPECT_EQ(EPERM, try_connect(fd, AF_INET, 7001));
	ASSERT_EQ(0, error_of(unshare(CLONE_NEWNET)));
	EXPECT_EQ(EPERM, try_connect(fd, AF_INET, 7001));
	ASSERT_EQ(0, error_of(setns(own, CLONE_NEWNET)));
	EXPECT_EQ(EPERM, try_connect(fd, AF_INET, 7001));
}

TEST_HARNESS_MAIN
