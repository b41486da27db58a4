// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - io_uring: whatever was prepared before
 */

#define _GNU_SOURCE
#include <sys/uio.h>

#include "uring.h"

#define PORT 7001
#define FREE_PORT 7002

/* Newer than the headers of some kernels. */
#define OPERATION_BIND 56
#define OPERATION_LISTEN 57
#define COMMAND_SETSOCKOPT 3

FIXTURE(ring)
{
	struct ring ring, old;
	int server, tcp, udp, listener, personality;
};

FIXTURE_VARIANT(ring)
{
	bool off;
	bool made_after;
	bool attached;
	bool personality;
	unsigned int setup, request;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(ring, before_on) {};
FIXTURE_VARIANT_ADD(ring, before_off) { .off = true };
FIXTURE_VARIANT_ADD(ring, after_on) { .made_after = true };
FIXTURE_VARIANT_ADD(ring, after_off) { .off = true, .made_after = true };
FIXTURE_VARIANT_ADD(ring, polling_on) { .setup = IORING_SETUP_SQPOLL };
FIXTURE_VARIANT_ADD(ring, polling_off) {
	.off = true, .setup = IORING_SETUP_SQPOLL
};
FIXTURE_VARIANT_ADD(ring, personality_on) { .personality = true };
FIXTURE_VARIANT_ADD(ring, personality_off) { .off = true, .personality = true };
FIXTURE_VARIANT_ADD(ring, worker_on) { .request = IOSQE_ASYNC };
FIXTURE_VARIANT_ADD(ring, worker_off) { .off = true, .request = IOSQE_ASYNC };
FIXTURE_VARIANT_ADD(ring, attached_on) {
	.made_after = true, .attached = true, .request = IOSQE_ASYNC
};
FIXTURE_VARIANT_ADD(ring, attached_off) {
	.off = true, .made_after = true, .attached = true,
	.request = IOSQE_ASYNC
};
FIXTURE_VARIANT_ADD(ring, attached_polling_on) {
	.made_after = true, .attached = true, .setup = IORING_SETUP_SQPOLL
};
FIXTURE_VARIANT_ADD(ring, attached_polling_off) {
	.off = true, .made_after = true, .attached = true,
	.setup = IORING_SETUP_SQPOLL
};
/* clang-format on */

static int attempt(FIXTURE_DATA(ring) * const self, const unsigned int flags,
		   const struct io_uring_sqe *const template)
{
	struct io_uring_sqe sqe = *template;

	sqe.flags |= flags;
	sqe.personality = self->personality;
	return submit(&self->ring, &sqe);
}

FIXTURE_SETUP(ring)
{
	own_network(_metadata);
	self->server = open_server(AF_INET, SOCK_STREAM, 0, PORT);
	ASSERT_LE(0, self->server);
	self->listener = open_server(AF_INET, SOCK_DGRAM, 0, PORT);
	ASSERT_LE(0, self->listener);
	self->tcp = socket(AF_INET, SOCK_STREAM, 0);
	self->udp = socket(AF_INET, SOCK_DGRAM, 0);
	if (variant->attached)
		ASSERT_EQ(0, make_ring(&self->old, variant->setup,
				       variant->request, 0));
	if (!variant->made_after)
		ASSERT_EQ(0, make_ring(&self->ring, variant->setup,
				       variant->request, 0));
	if (variant->personality) {
		self->personality = syscall(__NR_io_uring_register,
					    self->ring.fd,
					    IORING_REGISTER_PERSONALITY, NULL,
					    0);
		ASSERT_LT(0, self->personality);
	}
	restrict_self(_metadata, variant->off);
	if (variant->made_after)
		ASSERT_EQ(0, make_ring(&self->ring, variant->setup,
				       variant->request, self->old.fd));
}

FIXTURE_TEARDOWN(ring)
{
}

TEST_F(ring, socket)
{
	const struct io_uring_sqe sqe = {
		.opcode = IORING_OP_SOCKET, .fd = AF_INET, .off = SOCK_STREAM,
	};
	const int result = attempt(self, variant->request, &sqe);

	if (variant->off) {
		EXPECT_EQ(-EPERM, result);
	} else {
		EXPECT_LE(0, result);
	}
}

TEST_F(ring, connect)
{
	struct sockaddr_storage address;
	const struct io_uring_sqe sqe = {
		.opcode = IORING_OP_CONNECT, .fd = self->tcp,
		.addr = (uintptr_t)&address,
		.off = loopback(&address, AF_INET, PORT),
	};

	EXPECT_EQ(variant->off ? -EPERM : 0,
		  attempt(self, variant->request, &sqe));
}

TEST_F(ring, sendmsg)
{
	struct sockaddr_storage address;
	struct iovec part = { .iov_base = "x", .iov_len = 1 };
	struct msghdr message = {
		.msg_name = &address,
		.msg_namelen = loopback(&address, AF_INET, PORT),
		.msg_iov = &part,
		.msg_iovlen = 1,
	};
	const struct io_uring_sqe sqe = {
		.opcode = IORING_OP_SENDMSG, .fd = self->udp,
		.addr = (uintptr_t)&message, .len = 1,
	};
	char byte;

	EXPECT_EQ(variant->off ? -EPERM : 1,
		  attempt(self, variant->request, &sqe));
	EXPECT_EQ(variant->off ? -1 : 1,
		  receive_soon(self->listener, &byte, 1));
}

TEST_F(ring, send_to_an_address)
{
	const unsigned char operations[] = {
		IORING_OP_SEND, IORING_OP_SEND_ZC,
	};
	struct sockaddr_storage address;
	struct io_uring_sqe sqe = {
		.fd = self->udp, .addr = (uintptr_t)"x", .len = 1,
		.addr2 = (uintptr_t)&address,
		.addr_len = loopback(&address, AF_INET, PORT),
	};
	unsigned int i;
	char byte;

	for (i = 0; i < ARRAY_SIZE(operations); i++) {
		sqe.opcode = operations[i];
		EXPECT_EQ(variant->off ? -EPERM : 1,
			  attempt(self, variant->request, &sqe));
		EXPECT_EQ(variant->off ? -1 : 1,
			  receive_soon(self->listener, &byte, 1));
	}
}

TEST_F(ring, bind)
{
	struct sockaddr_storage address;
	const struct io_uring_sqe sqe = {
		.opcode = OPERATION_BIND, .fd = self->tcp,
		.addr = (uintptr_t)&address,
		.addr2 = loopback(&address, AF_INET, FREE_PORT),
	};

	if (!knows(&self->ring, OPERATION_BIND))
		SKIP(return, "This kernel's io_uring has no bind");
	EXPECT_EQ(variant->off ? -EPERM : 0,
		  attempt(self, variant->request, &sqe));
}

TEST_F(ring, listen_without_bind)
{
	const struct io_uring_sqe sqe = {
		.opcode = OPERATION_LISTEN, .fd = self->tcp, .len = 1,
	};
	int listens = -1;
	socklen_t size = sizeof(listens);

	if (!knows(&self->ring, OPERATION_LISTEN))
		SKIP(return, "This kernel's io_uring has no listen");
	EXPECT_EQ(variant->off ? -EPERM : 0,
		  attempt(self, variant->request, &sqe));
	ASSERT_EQ(0, getsockopt(self->tcp, SOL_SOCKET, SO_ACCEPTCONN, &listens,
				&size));
	EXPECT_EQ(!variant->off, listens);
}

static int set_option(FIXTURE_DATA(ring) * const self,
		      const unsigned int flags, const int name,
		      const void *const value, const int size)
{
	const struct io_uring_sqe sqe = {
		.opcode = IORING_OP_URING_CMD, .fd = self->udp,
		.off = COMMAND_SETSOCKOPT,
		/* The level is in the lower half, the name in the upper one. */
		.addr = (unsigned long)name << 32 | SOL_SOCKET,
		.splice_fd_in = size, .addr3 = (uintptr_t)value,
	};

	return attempt(self, flags, &sqe);
}

TEST_F(ring, option)
{
	const int value = 1;
	const int result = set_option(self, variant->request, SO_KEEPALIVE,
				      &value, sizeof(value));

	if (result == -EOPNOTSUPP)
		SKIP(return, "This kernel's io_uring sets no socket options");
	/* One that leads nowhere is kept. */
	EXPECT_EQ(0, result);
	EXPECT_EQ(variant->off ? -EPERM : 0,
		  set_option(self, variant->request, SO_BINDTODEVICE, "lo", 2));
}

TEST_HARNESS_MAIN
