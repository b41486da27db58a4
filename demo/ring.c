// SPDX-License-Identifier: MIT
// ring PORT TEXT: makes a TCP connection to 127.0.0.1:PORT, sends TEXT and prints what comes back,
// all by io_uring: not one of socket(), connect(), send() or recv() is called. A filter that looks
// at those system calls alone does not see this.
#include <arpa/inet.h>
#include <errno.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

struct ring {
	int fd;
	struct io_uring_params params;
	char *rings;
	struct io_uring_sqe *entries;
};

static void fail(const char *what, int error)
{
	fprintf(stderr, "%s: %s\n", what, strerror(error));
	exit(1);
}

static void set_up(struct ring *ring)
{
	size_t submission, completion;

	ring->fd = syscall(__NR_io_uring_setup, 1, &ring->params);
	if (ring->fd < 0)
		fail("io_uring_setup", errno);
	submission = ring->params.sq_off.array + ring->params.sq_entries * sizeof(uint32_t);
	completion = ring->params.cq_off.cqes + ring->params.cq_entries * sizeof(struct io_uring_cqe);
	ring->rings = mmap(NULL, submission > completion ? submission : completion,
			   PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->fd,
			   IORING_OFF_SQ_RING);
	ring->entries = mmap(NULL, sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_POPULATE, ring->fd, IORING_OFF_SQES);
	if (ring->rings == MAP_FAILED || ring->entries == MAP_FAILED)
		fail("mmap", errno);
}

static uint32_t *word(struct ring *ring, uint32_t offset)
{
	return (uint32_t *)(ring->rings + offset);
}

// Submits one operation, waits for it and returns its result; the ring has one entry only.
static int run(struct ring *ring, const char *what, struct io_uring_sqe operation)
{
	struct io_uring_cqe *completions = (void *)word(ring, ring->params.cq_off.cqes);
	uint32_t *tail = word(ring, ring->params.sq_off.tail);
	uint32_t *head = word(ring, ring->params.cq_off.head);
	uint32_t mask = *word(ring, ring->params.cq_off.ring_mask);
	int result;

	ring->entries[0] = operation;
	*word(ring, ring->params.sq_off.array) = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(__NR_io_uring_enter, ring->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
		fail("io_uring_enter", errno);
	result = completions[*head & mask].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	if (result < 0)
		fail(what, -result);
	return result;
}

int main(int argc, char **argv)
{
	struct ring ring = { 0 };
	struct sockaddr_in address = { .sin_family = AF_INET };
	char answer[256];
	int fd, length;

	if (argc != 3)
		return 2;
	address.sin_port = htons(atoi(argv[1]));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

	set_up(&ring);
	fd = run(&ring, "IORING_OP_SOCKET",
		 (struct io_uring_sqe){ .opcode = IORING_OP_SOCKET, .fd = AF_INET, .off = SOCK_STREAM });
	run(&ring, "IORING_OP_CONNECT",
	    (struct io_uring_sqe){ .opcode = IORING_OP_CONNECT, .fd = fd,
				   .addr = (uintptr_t)&address, .off = sizeof(address) });
	run(&ring, "IORING_OP_SEND",
	    (struct io_uring_sqe){ .opcode = IORING_OP_SEND, .fd = fd,
				   .addr = (uintptr_t)argv[2], .len = strlen(argv[2]) });
	length = run(&ring, "IORING_OP_RECV",
		     (struct io_uring_sqe){ .opcode = IORING_OP_RECV, .fd = fd,
					    .addr = (uintptr_t)answer, .len = sizeof(answer) });
	printf("%.*s", length, answer);
	return 0;
}
