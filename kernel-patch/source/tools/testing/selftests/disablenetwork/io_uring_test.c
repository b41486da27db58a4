// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - io_uring: whatever was prepared before
 */

#define _GNU_SOURCE
#include <sys/uio.h>

#include "uring.h"

#define PORT 7001

FIXTURE(ring)
{
	struct ring ring;
	int server, tcp, udp, listener, personality;
};

FIXTURE_VARIANT(ring)
{
	bool off;
	bool made_after;
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
	const struct io_uring_sqe nothing = { .opcode = IORING_OP_NOP };

	own_network(_metadata);
	self->server = open_server(AF_INET, SOCK_STREAM, 0, PORT);
	ASSERT_LE(0, self->server);
	self->listener = open_server(AF_INET, SOCK_DGRAM, 0, PORT);
	ASSERT_LE(0, self->listener);
	self->tcp = socket(AF_INET, SOCK_STREAM, 0);
	self->udp = socket(AF_INET, SOCK_DGRAM, 0);
	if (!variant->made_after) {
		ASSERT_EQ(0, open_ring(&self->ring, variant->setup));
		/* The worker or the poller lives before the drop. */
		ASSERT_EQ(0, attempt(self, variant->request, &nothing));
	}
	if (variant->personality) {
		self->personality = syscall(__NR_io_uring_register,
					    self->ring.fd,
					    IORING_REGISTER_PERSONALITY, NULL,
					    0);
		ASSERT_LT(0, self->personality);
	}
	restrict_self(_metadata, variant->off);
	if (variant->made_after)
		ASSERT_EQ(0, open_ring(&self->ring, variant->setup));
	/* The ring itself works. */
	ASSERT_EQ(0, attempt(self, variant->request, &nothing));
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

/* Open by design: the thread that polls this ring is another process's. */
TEST(polling_ring_of_another_process)
{
	const struct io_uring_sqe sqe = {
		.opcode = IORING_OP_SOCKET, .fd = AF_INET, .off = SOCK_STREAM,
	};
	struct ring ring;
	int status;
	pid_t child;

	ASSERT_EQ(0, open_ring(&ring, IORING_SETUP_SQPOLL));
	child = fork();
	ASSERT_LE(0, child);
	if (child == 0) {
		if (set_nosuid(1) || set_network(PR_NETWORK_OFF) ||
		    try_inet() != EPERM)
			_exit(1);
		_exit(submit(&ring, &sqe) < 0 ? 2 : 0);
	}
	status = wait_for(child);
	EXPECT_EQ(0, status);
}

TEST_HARNESS_MAIN
