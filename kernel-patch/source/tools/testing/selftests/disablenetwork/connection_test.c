// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Connections that are open: kept, and not re-aimed
 */

#define _GNU_SOURCE
#include <netinet/tcp.h>

#include "common.h"

#define PORT 7001
#define OTHER_PORT 7002
#define RIGHTS_SIZE CMSG_SPACE(sizeof(int))

FIXTURE(connection)
{
	int server, other, client, accepted;
};

FIXTURE_VARIANT(connection)
{
	bool off;
	int family;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(connection, on) { .family = AF_INET };
FIXTURE_VARIANT_ADD(connection, off) { .family = AF_INET, .off = true };
FIXTURE_VARIANT_ADD(connection, on6) { .family = AF_INET6 };
FIXTURE_VARIANT_ADD(connection, off6) { .family = AF_INET6, .off = true };
/* clang-format on */

FIXTURE_SETUP(connection)
{
	own_network(_metadata);
	self->server = open_server(variant->family, SOCK_STREAM, 0, PORT);
	ASSERT_LE(0, self->server);
	self->other = open_server(variant->family, SOCK_STREAM, 0, OTHER_PORT);
	ASSERT_LE(0, self->other);
	self->client = socket(variant->family, SOCK_STREAM, 0);
	ASSERT_LE(0, self->client);
	ASSERT_EQ(0, try_connect(self->client, variant->family, PORT));
	self->accepted = accept(self->server, NULL, NULL);
	ASSERT_LE(0, self->accepted);
}

FIXTURE_TEARDOWN(connection)
{
}

TEST_F(connection, carries_bytes)
{
	restrict_self(_metadata, variant->off);
	EXPECT_TRUE(carries(self->client, self->accepted));
	EXPECT_TRUE(carries(self->accepted, self->client));
	EXPECT_EQ(0, close(self->accepted));
}

static int connect_from_child(void *const family)
{
	const int fd = socket(*(int *)family, SOCK_STREAM, 0);

	return fd < 0 ? errno : try_connect(fd, *(int *)family, OTHER_PORT);
}

TEST_F(connection, listener_goes_on_accepting)
{
	int family = variant->family, fd;

	/* Its connection waits in the queue. */
	ASSERT_EQ(0, in_child(connect_from_child, &family));
	restrict_self(_metadata, variant->off);
	fd = accept(self->other, NULL, NULL);
	EXPECT_LE(0, fd);
	/* But it cannot become another listener. */
	EXPECT_EQ(variant->off ? EPERM : 0, error_of(listen(self->other, 1)));
	EXPECT_EQ(variant->off, error_of(listen(fd, 1)) == EPERM);
}

TEST_F(connection, dissolve_and_connect_elsewhere)
{
	struct sockaddr nowhere = { .sa_family = AF_UNSPEC };
	const int expected = variant->off ? EPERM : 0;

	restrict_self(_metadata, variant->off);
	EXPECT_EQ(expected,
		  error_of(connect(self->client, &nowhere, sizeof(nowhere))));
	EXPECT_EQ(expected,
		  try_connect(self->client, variant->family, OTHER_PORT));
	if (variant->off) {
		/* It is still the same connection. */
		EXPECT_TRUE(carries(self->client, self->accepted));
	}
}

TEST_F(connection, dissolve_and_listen)
{
	struct sockaddr nowhere = { .sa_family = AF_UNSPEC };
	const int expected = variant->off ? EPERM : 0;

	restrict_self(_metadata, variant->off);
	EXPECT_EQ(expected,
		  error_of(connect(self->client, &nowhere, sizeof(nowhere))));
	EXPECT_EQ(expected, error_of(listen(self->client, 1)));
}

TEST_F(connection, reuse_what_the_peer_closed)
{
	struct sockaddr nowhere = { .sa_family = AF_UNSPEC };
	struct linger abort_it = { .l_onoff = 1 };
	const int expected = variant->off ? EPERM : 0;
	char byte;

	ASSERT_EQ(0, setsockopt(self->accepted, SOL_SOCKET, SO_LINGER,
				&abort_it, sizeof(abort_it)));
	ASSERT_EQ(0, close(self->accepted));
	EXPECT_EQ(-1, recv(self->client, &byte, 1, 0));
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(expected,
		  error_of(connect(self->client, &nowhere, sizeof(nowhere))));
	EXPECT_EQ(expected,
		  try_connect(self->client, variant->family, OTHER_PORT));
}

static int fast_open(const int family, const int how)
{
	struct sockaddr_storage address;
	const socklen_t length = loopback(&address, family, OTHER_PORT);
	char data[] = "fast";
	struct iovec part = { .iov_base = data, .iov_len = sizeof(data) };
	struct mmsghdr message = {
		.msg_hdr = {
			.msg_name = &address,
			.msg_namelen = length,
			.msg_iov = &part,
			.msg_iovlen = 1,
		},
	};
	const int fd = how >> 8;

	switch (how & 0xff) {
	case 0:
		return error_of(sendto(fd, data, sizeof(data), MSG_FASTOPEN,
				       (void *)&address, length));
	case 1:
		return error_of(sendmsg(fd, &message.msg_hdr, MSG_FASTOPEN));
	case 2:
		return error_of(sendmmsg(fd, &message, 1, MSG_FASTOPEN));
	default:
		return error_of(connect(fd, (void *)&address, length));
	}
}

TEST_F(connection, fast_open)
{
	const int enable = 1;
	int fds[4], how;

	for (how = 0; how < 4; how++) {
		fds[how] = socket(variant->family, SOCK_STREAM, 0);
		ASSERT_LE(0, fds[how]);
	}
	ASSERT_EQ(0, setsockopt(fds[3], IPPROTO_TCP, TCP_FASTOPEN_CONNECT,
				&enable, sizeof(enable)));
	restrict_self(_metadata, variant->off);
	for (how = 0; how < 4; how++) {
		EXPECT_EQ(variant->off ? EPERM : 0,
			  fast_open(variant->family, fds[how] << 8 | how));
		/* A refusal has not begun a connection. */
		EXPECT_EQ(variant->off,
			  send(fds[how], "x", 1, MSG_NOSIGNAL) != 1);
	}
}

static int send_descriptor(const int to, const int fd)
{
	char byte = 0, buffer[RIGHTS_SIZE] = {};
	struct iovec part = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = buffer,
		.msg_controllen = sizeof(buffer),
	};
	struct cmsghdr *const control = CMSG_FIRSTHDR(&message);

	control->cmsg_level = SOL_SOCKET;
	control->cmsg_type = SCM_RIGHTS;
	control->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(control), &fd, sizeof(fd));
	return error_of(sendmsg(to, &message, 0));
}

static int receive_descriptor(const int from)
{
	char byte, buffer[RIGHTS_SIZE] = {};
	struct iovec part = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = buffer,
		.msg_controllen = sizeof(buffer),
	};
	struct cmsghdr *control;
	int fd = -1;

	if (recvmsg(from, &message, 0) != 1)
		return -1;
	control = CMSG_FIRSTHDR(&message);
	if (control)
		memcpy(&fd, CMSG_DATA(control), sizeof(fd));
	return fd;
}

TEST_F(connection, received_descriptors)
{
	int pair[2], fd;
	pid_t child;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	child = fork();
	ASSERT_LE(0, child);
	if (child == 0) {
		char byte;

		/* Ends with its parent, should that fail. */
		close(pair[0]);
		if (read(pair[1], &byte, 1) != 1)
			_exit(1);
		fd = socket(variant->family, SOCK_STREAM, 0);
		if (fd < 0 || send_descriptor(pair[1], fd))
			_exit(2);
		fd = socket(variant->family, SOCK_STREAM, 0);
		if (fd < 0 || try_connect(fd, variant->family, OTHER_PORT) ||
		    send_descriptor(pair[1], fd))
			_exit(3);
		_exit(0);
	}
	restrict_self(_metadata, variant->off);
	ASSERT_EQ(1, write(pair[0], "", 1));
	fd = receive_descriptor(pair[0]);
	ASSERT_LE(0, fd);
	EXPECT_EQ(variant->off ? EPERM : 0,
		  try_connect(fd, variant->family, OTHER_PORT));
	EXPECT_EQ(variant->off, error_of(listen(fd, 1)) == EPERM);
	/* One that is connected works, and is meant to. */
	fd = receive_descriptor(pair[0]);
	ASSERT_LE(0, fd);
	EXPECT_EQ(1, send(fd, "x", 1, MSG_NOSIGNAL));
	EXPECT_EQ(0, wait_for(child));
}

TEST_HARNESS_MAIN
