// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - XDP sockets
 *
 * A send(2) on such a socket is refused, but poll(2) transmits what is in the
 * ring as well, and no hook of the LSM framework sees that: a socket that was
 * bound before goes on sending.  This is asserted, so that a kernel that closes
 * it shows up.
 */

#define _GNU_SOURCE
#include <linux/if_xdp.h>
#include <net/ethernet.h>
#include <sys/mman.h>

#include "common.h"

#define FRAME 2048
#define FRAMES 4
#define MARK 0x88b5 /* A protocol number for local experiments. */

FIXTURE(xdp)
{
	int fd, watcher;
	char *frames, *ring;
	struct xdp_mmap_offsets offsets;
};

FIXTURE_VARIANT(xdp)
{
	bool off;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(xdp, on) {};
FIXTURE_VARIANT_ADD(xdp, off) { .off = true };
/* clang-format on */

FIXTURE_SETUP(xdp)
{
	struct xdp_umem_reg area = {
		.len = FRAME * FRAMES, .chunk_size = FRAME,
	};
	struct sockaddr_xdp device = {
		.sxdp_family = AF_XDP, .sxdp_ifindex = 1, .sxdp_flags = XDP_COPY,
	};
	socklen_t size = sizeof(self->offsets);
	const int entries = FRAMES;

	own_network(_metadata);
	self->watcher = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK,
			       htons(MARK));
	ASSERT_LE(0, self->watcher);
	self->fd = socket(AF_XDP, SOCK_RAW, 0);
	if (self->fd < 0 && errno == EAFNOSUPPORT)
		SKIP(exit(SKIPPED), "This kernel lacks XDP sockets");
	ASSERT_LE(0, self->fd);
	self->frames = mmap(NULL, area.len, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->frames);
	area.addr = (uintptr_t)self->frames;
	ASSERT_EQ(0, error_of(setsockopt(self->fd, SOL_XDP, XDP_UMEM_REG, &area,
					 sizeof(area))));
	ASSERT_EQ(0, setsockopt(self->fd, SOL_XDP, XDP_UMEM_FILL_RING, &entries,
				sizeof(entries)));
	ASSERT_EQ(0, setsockopt(self->fd, SOL_XDP, XDP_UMEM_COMPLETION_RING,
				&entries, sizeof(entries)));
	ASSERT_EQ(0, setsockopt(self->fd, SOL_XDP, XDP_TX_RING, &entries,
				sizeof(entries)));
	ASSERT_EQ(0, getsockopt(self->fd, SOL_XDP, XDP_MMAP_OFFSETS,
				&self->offsets, &size));
	self->ring = mmap(NULL, self->offsets.tx.desc +
				FRAMES * sizeof(struct xdp_desc),
			  PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
			  self->fd, XDP_PGOFF_TX_RING);
	ASSERT_NE(MAP_FAILED, self->ring);
	ASSERT_EQ(0, error_of(bind(self->fd, (void *)&device, sizeof(device))));
}

FIXTURE_TEARDOWN(xdp)
{
}

/* Puts a frame into the ring, from where something has to fetch it. */
static void fill(FIXTURE_DATA(xdp) * const self)
{
	struct xdp_desc *const descriptors =
		(void *)(self->ring + self->offsets.tx.desc);
	__u32 *const producer =
		(void *)(self->ring + self->offsets.tx.producer);
	struct ether_header *const frame = (void *)self->frames;

	frame->ether_type = htons(MARK);
	descriptors[0].addr = 0;
	descriptors[0].len = 64;
	__atomic_store_n(producer, 1, __ATOMIC_RELEASE);
}

static bool was_sent(const int watcher)
{
	char frame[FRAME];

	return receive_soon(watcher, frame, sizeof(frame)) >= 64;
}

TEST_F(xdp, send)
{
	restrict_self(_metadata, variant->off);
	fill(self);
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(send(self->fd, NULL, 0, MSG_DONTWAIT)));
	EXPECT_EQ(!variant->off, was_sent(self->watcher));
}

/* Open by design: there is no hook. */
TEST_F(xdp, poll)
{
	struct pollfd socket = { .fd = self->fd, .events = POLLOUT };

	restrict_self(_metadata, variant->off);
	fill(self);
	EXPECT_LE(0, poll(&socket, 1, 0));
	EXPECT_TRUE(was_sent(self->watcher));
}

TEST_HARNESS_MAIN
