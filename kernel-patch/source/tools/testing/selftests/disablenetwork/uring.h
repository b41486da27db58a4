/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Disablenetwork tests - io_uring by bare system calls
 */

#ifndef _DISABLENETWORK_URING_H
#define _DISABLENETWORK_URING_H

#include <linux/io_uring.h>
#include <sys/mman.h>

#include "common.h"

struct ring {
	int fd;
	struct io_uring_params params;
	struct io_uring_sqe *requests;
	char *submission, *completion;
};

/* If another ring is given, its descriptor, the new one shares its workers. */
static int open_ring(struct ring *const ring, const unsigned int flags,
		     const int other)
{
	const struct io_sqring_offsets *const sq = &ring->params.sq_off;
	const struct io_cqring_offsets *const cq = &ring->params.cq_off;

	memset(ring, 0, sizeof(*ring));
	ring->params.flags = flags;
	ring->params.sq_thread_idle = 30000;
	ring->params.wq_fd = other;
	ring->fd = syscall(__NR_io_uring_setup, 4, &ring->params);
	if (ring->fd < 0)
		return errno;
	ring->submission = mmap(NULL, sq->array + 4 * sizeof(__u32),
				PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd,
				IORING_OFF_SQ_RING);
	ring->completion = mmap(NULL,
				cq->cqes + 8 * sizeof(struct io_uring_cqe),
				PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd,
				IORING_OFF_CQ_RING);
	ring->requests = mmap(NULL, 4 * sizeof(*ring->requests),
			      PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd,
			      IORING_OFF_SQES);
	return ring->requests == MAP_FAILED ? ENOMEM : 0;
}

/* Tells whether this kernel has an operation. */
static bool __maybe_unused knows(const struct ring *const ring,
				 const unsigned int operation)
{
	char space[sizeof(struct io_uring_probe) +
		   256 * sizeof(struct io_uring_probe_op)] = {};
	const struct io_uring_probe *const probe = (void *)space;

	return !syscall(__NR_io_uring_register, ring->fd,
			IORING_REGISTER_PROBE, space, 256) &&
	       operation <= probe->last_op &&
	       probe->ops[operation].flags & IO_URING_OP_SUPPORTED;
}

/* Submits one request and returns its result, or -ETIME after two seconds. */
static int submit(struct ring *const ring, const struct io_uring_sqe *const sqe)
{
	const struct io_sqring_offsets *const sq = &ring->params.sq_off;
	const struct io_cqring_offsets *const cq = &ring->params.cq_off;
	__u32 *const tail = (void *)(ring->submission + sq->tail);
	__u32 *const head = (void *)(ring->completion + cq->head);
	__u32 *const done = (void *)(ring->completion + cq->tail);
	__u32 *const array = (void *)(ring->submission + sq->array);
	const struct io_uring_cqe *const cqes =
		(void *)(ring->completion + cq->cqes);
	const __u32 index = *tail & 3;
	int tries, result;

	ring->requests[index] = *sqe;
	array[index] = index;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	/* A polling ring needs no system call while its thread is awake. */
	if (syscall(__NR_io_uring_enter, ring->fd,
		    ring->params.flags & IORING_SETUP_SQPOLL ? 0 : 1, 0,
		    ring->params.flags & IORING_SETUP_SQPOLL ?
			    IORING_ENTER_SQ_WAKEUP : 0, NULL, 0) < 0)
		return -errno;
	for (tries = 0; tries < 2000; tries++) {
		if (__atomic_load_n(done, __ATOMIC_ACQUIRE) != *head) {
			result = cqes[*head & (ring->params.cq_entries - 1)].res;
			__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
			return result;
		}
		usleep(1000);
	}
	return -ETIME;
}

/* Makes a ring, and with it the worker or the poller that its requests need. */
static int __maybe_unused
make_ring(struct ring *const ring, const unsigned int setup,
	  const unsigned int request, const int other)
{
	const struct io_uring_sqe nothing = {
		.opcode = IORING_OP_NOP, .flags = request,
	};
	const unsigned int attach = other ? IORING_SETUP_ATTACH_WQ : 0;

	return open_ring(ring, setup | attach, other) ?:
	       -submit(ring, &nothing);
}

#endif /* _DISABLENETWORK_URING_H */
