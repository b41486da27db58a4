// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - The same refusals by 32-bit and x32 system calls
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <libgen.h>
#include <linux/limits.h>
#include <sys/mman.h>

#include "compat.h"

#define PORT 7001
#define FREE_PORT 7002

/* The exit status of a child that could not execute the program. */
#define NOT_EXECUTED 254

#ifdef __x86_64__

/* All that a system call is given, at addresses that fit into 32 bits. */
struct arena {
	__u32 arguments[6];
	struct sockaddr_storage peer, local;
	struct short_iovec part;
	struct short_mmsghdr message;
	int pair[2];
	char data[4], device[16];
};

FIXTURE(compat)
{
	struct arena *arena;
	int server, listener, tcp, udp, connected;
	socklen_t length;
};

FIXTURE_VARIANT(compat)
{
	const struct abi *abi;
	bool off;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(compat, int_0x80_on) { .abi = &int_0x80 };
FIXTURE_VARIANT_ADD(compat, int_0x80_off) { .abi = &int_0x80, .off = true };
FIXTURE_VARIANT_ADD(compat, socketcall_on) { .abi = &socketcall };
FIXTURE_VARIANT_ADD(compat, socketcall_off) { .abi = &socketcall, .off = true };
FIXTURE_VARIANT_ADD(compat, x32_on) { .abi = &x32 };
FIXTURE_VARIANT_ADD(compat, x32_off) { .abi = &x32, .off = true };
/* clang-format on */

/* Leaves what is not given at 0. */
#define CALL(operation, ...)                                              \
	({                                                                \
		const __u32 given[6] = { __VA_ARGS__ };                   \
		memcpy(self->arena->arguments, given, sizeof(given));     \
		call(variant->abi, operation, self->arena->arguments);    \
	})

FIXTURE_SETUP(compat)
{
	struct arena *arena;

	own_network(_metadata);
	arena = mmap(NULL, sizeof(*arena), PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	ASSERT_NE(MAP_FAILED, arena);
	self->arena = arena;
	self->length = loopback(&arena->peer, AF_INET, PORT);
	loopback(&arena->local, AF_INET, FREE_PORT);
	memcpy(arena->device, "lo", sizeof("lo"));
	arena->part.base = SHORT(arena->data);
	arena->part.length = 1;
	arena->message.name = SHORT(&arena->peer);
	arena->message.namelen = self->length;
	arena->message.iov = SHORT(&arena->part);
	arena->message.iovlen = 1;
	self->server = open_server(AF_INET, SOCK_STREAM, 0, PORT);
	self->listener = open_server(AF_INET, SOCK_DGRAM, 0, PORT);
	self->tcp = socket(AF_INET, SOCK_STREAM, 0);
	self->udp = socket(AF_INET, SOCK_DGRAM, 0);
	self->connected = socket(AF_INET, SOCK_DGRAM, 0);
	ASSERT_LE(0, self->server);
	ASSERT_LE(0, self->listener);
	ASSERT_LE(0, self->tcp);
	ASSERT_LE(0, self->udp);
	ASSERT_EQ(0, try_connect(self->connected, AF_INET, PORT));
	if (CALL(PRCTL, PR_GET_DUMPABLE) == -ENOSYS)
		SKIP(exit(SKIPPED), "This kernel lacks these system calls");
	restrict_self(_metadata, variant->off);
}

FIXTURE_TEARDOWN(compat)
{
}

TEST_F(compat, prctl)
{
	EXPECT_EQ(variant->off, CALL(PRCTL, PR_GET_NETWORK));
	EXPECT_EQ(variant->off, CALL(PRCTL, PR_GET_NOSUID));
	EXPECT_EQ(variant->off ? -EPERM : 0,
		  CALL(PRCTL, PR_SET_NETWORK, PR_NETWORK_ON));
	EXPECT_EQ(-EINVAL, CALL(PRCTL, PR_SET_NETWORK, 2));
	EXPECT_EQ(-EINVAL, CALL(PRCTL, PR_SET_NETWORK, PR_NETWORK_OFF, 1));
	EXPECT_EQ(0, CALL(PRCTL, PR_SET_NOSUID, 1));
	EXPECT_EQ(0, CALL(PRCTL, PR_SET_NETWORK, PR_NETWORK_OFF));
	EXPECT_EQ(PR_NETWORK_OFF, get_network());
	EXPECT_EQ(EPERM, try_inet());
}

TEST_F(compat, socket)
{
	const long result = CALL(SOCKET, AF_INET, SOCK_STREAM);

	if (variant->off) {
		EXPECT_EQ(-EPERM, result);
	} else {
		EXPECT_LE(0, result);
	}
	EXPECT_LE(0, CALL(SOCKET, AF_UNIX, SOCK_STREAM));
}

TEST_F(compat, socketpair)
{
	EXPECT_EQ(variant->off ? -EPERM : -EOPNOTSUPP,
		  CALL(SOCKETPAIR, AF_INET, SOCK_STREAM, 0,
		       SHORT(self->arena->pair)));
	EXPECT_EQ(0, CALL(SOCKETPAIR, AF_UNIX, SOCK_STREAM, 0,
			  SHORT(self->arena->pair)));
}

TEST_F(compat, bind)
{
	EXPECT_EQ(variant->off ? -EPERM : 0,
		  CALL(BIND, self->tcp, SHORT(&self->arena->local),
		       self->length));
}

TEST_F(compat, connect)
{
	EXPECT_EQ(variant->off ? -EPERM : 0,
		  CALL(CONNECT, self->tcp, SHORT(&self->arena->peer),
		       self->length));
}

TEST_F(compat, listen)
{
	EXPECT_EQ(variant->off ? -EPERM : 0, CALL(LISTEN, self->tcp, 1));
}

TEST_F(compat, option)
{
	EXPECT_EQ(variant->off ? -EPERM : 0,
		  CALL(SETSOCKOPT, self->udp, SOL_SOCKET, SO_BINDTODEVICE,
		       SHORT(self->arena->device), 2));
}

TEST_F(compat, send_to_an_address)
{
	const __u32 data = SHORT(self->arena->data);
	const __u32 message = SHORT(&self->arena->message);
	char byte;
	int i;

	EXPECT_EQ(variant->off ? -EPERM : 1,
		  CALL(SENDTO, self->udp, data, 1, 0,
		       SHORT(&self->arena->peer), self->length));
	EXPECT_EQ(variant->off ? -EPERM : 1, CALL(SENDMSG, self->udp, message));
	EXPECT_EQ(variant->off ? -EPERM : 1,
		  CALL(SENDMMSG, self->udp, message, 1));
	for (i = 0; i < 3; i++)
		EXPECT_EQ(variant->off ? -1 : 1,
			  receive_soon(self->listener, &byte, 1));
}

TEST_F(compat, send_to_the_peer)
{
	char byte;

	EXPECT_EQ(1, CALL(SEND, self->connected, SHORT(self->arena->data), 1));
	EXPECT_EQ(1, receive_soon(self->listener, &byte, 1));
}

#endif /* __x86_64__ */

static int execute_probe(void *const how)
{
	char path[PATH_MAX] = {};

	if (readlink("/proc/self/exe", path, sizeof(path) - 1) < 0)
		return CHILD_LOST;
	strcat(dirname(path), "/compat_probe");
	execl(path, "compat_probe", how, NULL);
	return errno == ENOENT || errno == ENOEXEC ? NOT_EXECUTED : CHILD_LOST;
}

/* A status that is another one is the line of the probe that is not met. */
TEST(program_of_32_bits)
{
	int status;

	own_network(_metadata);
	status = in_child(execute_probe, "on");
	if (status == NOT_EXECUTED)
		SKIP(return, "No 32-bit program, or a kernel without them");
	EXPECT_EQ(0, status);
	/* One that drops by itself. */
	EXPECT_EQ(0, in_child(execute_probe, "drop"));
	/* The probe can tell the difference. */
	EXPECT_NE(0, in_child(execute_probe, "off"));
	restrict_self(_metadata, true);
	EXPECT_EQ(0, in_child(execute_probe, "off"));
	EXPECT_NE(0, in_child(execute_probe, "on"));
}

TEST_HARNESS_MAIN
