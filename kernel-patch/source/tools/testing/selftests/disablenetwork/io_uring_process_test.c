// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - io_uring: what polls for another process
 */

#define _GNU_SOURCE

#include "uring.h"

/* Open by design: the thread that polls this ring is another process's. */
TEST(polling_ring_of_another_process)
{
	const struct io_uring_sqe sqe = {
		.opcode = IORING_OP_SOCKET, .fd = AF_INET, .off = SOCK_STREAM,
	};
	struct ring ring;
	int status;
	pid_t child;

	ASSERT_EQ(0, open_ring(&ring, IORING_SETUP_SQPOLL, 0));
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

static int attach_and_try(void *const other)
{
	const struct io_uring_sqe sqe = {
		.opcode = IORING_OP_SOCKET, .fd = AF_INET, .off = SOCK_STREAM,
	};
	struct ring ring;
	int result;

	if (make_ring(&ring, IORING_SETUP_SQPOLL, 0, *(int *)other))
		return CHILD_LOST;
	result = submit(&ring, &sqe);
	return result < 0 ? -result : 0;
}

static int drop_attach_and_try(void *const other)
{
	if (set_nosuid(1) || set_network(PR_NETWORK_OFF))
		return CHILD_LOST;
	return attach_and_try(other);
}

/* A ring that asks for that thread gets one of its own process instead. */
TEST(attaching_to_the_poller_of_another_process)
{
	struct ring ring;

	ASSERT_EQ(0, open_ring(&ring, IORING_SETUP_SQPOLL, 0));
	EXPECT_EQ(0, in_child(attach_and_try, &ring.fd));
	EXPECT_EQ(EPERM, in_child(drop_attach_and_try, &ring.fd));
}

TEST_HARNESS_MAIN
