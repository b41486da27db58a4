// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Addresses that an SCTP association has or gets
 */

#define _GNU_SOURCE
#include <fcntl.h>

#include "common.h"

/* Needs headers that it does not include itself. */
#include <linux/sctp.h>

#ifndef SOL_SCTP
#define SOL_SCTP 132
#endif

#define PORT 7001
#define LOCAL_PORT 7002

/* Another address of the loopback. */
#define OTHER htonl(0x7f000002)

FIXTURE(address)
{
	int fd, accepted;
	struct sockaddr_storage local, peer, other;
};

FIXTURE_VARIANT(address)
{
	bool off;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(address, on) {};
FIXTURE_VARIANT_ADD(address, off) { .off = true };
/* clang-format on */

static int allow(const char *const name)
{
	char path[64];
	int fd, error;

	snprintf(path, sizeof(path), "/proc/sys/net/sctp/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	error = fd < 0 ? errno : error_of(write(fd, "1", 1));
	close(fd);
	return error;
}

FIXTURE_SETUP(address)
{
	socklen_t length;
	int server;

	own_network(_metadata);
	server = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP);
	if (server < 0 && errno == EPROTONOSUPPORT)
		SKIP(exit(SKIPPED), "This kernel lacks SCTP");
	close(server);
	/* Requests of the peer, without a key. */
	ASSERT_EQ(0, allow("addip_enable"));
	ASSERT_EQ(0, allow("addip_noauth_enable"));
	server = open_server(AF_INET, SOCK_STREAM, IPPROTO_SCTP, PORT);
	ASSERT_LE(0, server);
	self->fd = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP);
	length = loopback(&self->local, AF_INET, LOCAL_PORT);
	ASSERT_EQ(0, error_of(bind(self->fd, (void *)&self->local, length)));
	loopback(&self->peer, AF_INET, PORT);
	loopback(&self->other, AF_INET, LOCAL_PORT);
	((struct sockaddr_in *)&self->other)->sin_addr.s_addr = OTHER;
	ASSERT_EQ(0, error_of(connect(self->fd, (void *)&self->peer, length)));
	self->accepted = accept(server, NULL, NULL);
	ASSERT_LE(0, self->accepted);
}

FIXTURE_TEARDOWN(address)
{
}

static int add(const int fd, const struct sockaddr_storage *const address)
{
	return error_of(setsockopt(fd, SOL_SCTP, SCTP_SOCKOPT_BINDX_ADD,
				   address, sizeof(struct sockaddr_in)));
}

/* How many addresses of its peer a socket knows. */
static int count_peer_addresses(const int fd)
{
	struct {
		struct sctp_getaddrs header;
		char addresses[256];
	} list = {};
	socklen_t size = sizeof(list);

	if (getsockopt(fd, SOL_SCTP, SCTP_GET_PEER_ADDRS, &list, &size))
		return -errno;
	return list.header.addr_num;
}

/* A request is a packet, and so is its answer. */
static int wait_for_peer_addresses(const int fd, const int count)
{
	int tries, answer = 0;

	for (tries = 0; tries < 2000; tries++) {
		answer = count_peer_addresses(fd);
		if (answer == count)
			break;
		usleep(1000);
	}
	return answer;
}

/* The process at the other end, which may have the network. */
static int add_in_child(void *const argument)
{
	const FIXTURE_DATA(address) * const self = argument;

	return add(self->fd, &self->other);
}

static int prefer_in_child(void *const argument)
{
	const FIXTURE_DATA(address) * const self = argument;
	struct sctp_setpeerprim request = {};

	memcpy(&request.sspp_addr, &self->local, sizeof(struct sockaddr_in));
	return error_of(setsockopt(self->fd, SOL_SCTP,
				   SCTP_SET_PEER_PRIMARY_ADDR, &request,
				   sizeof(request)));
}

TEST_F(address, of_its_own)
{
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(variant->off ? EPERM : 0, add(self->fd, &self->other));
	EXPECT_EQ(variant->off ? 1 : 2,
		  wait_for_peer_addresses(self->accepted, variant->off ? 1 : 2));
}

/* The peer decides where it can be reached, as it may send from anywhere. */
TEST_F(address, of_the_peer)
{
	pid_t child;
	int go[2];
	char byte = 0;

	ASSERT_EQ(0, pipe(go));
	child = fork();
	ASSERT_LE(0, child);
	if (child == 0) {
		close(go[1]);
		if (read(go[0], &byte, 1) != 1)
			_exit(CHILD_LOST);
		_exit(add_in_child(self) ?: prefer_in_child(self));
	}
	restrict_self(_metadata, variant->off);
	ASSERT_EQ(1, count_peer_addresses(self->accepted));
	ASSERT_EQ(1, write(go[1], &byte, 1));
	EXPECT_EQ(0, wait_for(child));
	EXPECT_EQ(2, wait_for_peer_addresses(self->accepted, 2));
	EXPECT_TRUE(carries(self->fd, self->accepted));
}

TEST_F(address, that_the_peer_should_prefer)
{
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(variant->off ? EPERM : 0, prefer_in_child(self));
}

TEST_F(address, that_is_preferred)
{
	struct sctp_prim request = {};

	memcpy(&request.ssp_addr, &self->peer, sizeof(struct sockaddr_in));
	restrict_self(_metadata, variant->off);
	/* One that the association has already: refused for its way alone. */
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(setsockopt(self->fd, SOL_SCTP, SCTP_PRIMARY_ADDR,
				      &request, sizeof(request))));
}

TEST_HARNESS_MAIN
