// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - SCTP, which takes addresses by socket options too
 */

#define _GNU_SOURCE

#include "common.h"

/* Needs headers that it does not include itself. */
#include <linux/sctp.h>

#ifndef SOL_SCTP
#define SOL_SCTP 132
#endif

#define PORT 7001
#define LOCAL_PORT 7002

FIXTURE(sctp)
{
	int server, fd;
	struct sockaddr_storage peer, local;
	socklen_t length;
};

FIXTURE_VARIANT(sctp)
{
	bool off;
	int type;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(sctp, one_on) { .type = SOCK_STREAM };
FIXTURE_VARIANT_ADD(sctp, one_off) { .type = SOCK_STREAM, .off = true };
FIXTURE_VARIANT_ADD(sctp, many_on) { .type = SOCK_SEQPACKET };
FIXTURE_VARIANT_ADD(sctp, many_off) { .type = SOCK_SEQPACKET, .off = true };
/* clang-format on */

FIXTURE_SETUP(sctp)
{
	own_network(_metadata);
	self->length = loopback(&self->peer, AF_INET, PORT);
	loopback(&self->local, AF_INET, LOCAL_PORT);
	self->server = open_server(AF_INET, SOCK_STREAM, IPPROTO_SCTP, PORT);
	if (self->server == -EPROTONOSUPPORT)
		SKIP(exit(SKIPPED), "This kernel lacks SCTP");
	ASSERT_LE(0, self->server);
	self->fd = socket(AF_INET, variant->type, IPPROTO_SCTP);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(sctp)
{
}

TEST_F(sctp, connectx)
{
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(setsockopt(self->fd, SOL_SCTP,
				      SCTP_SOCKOPT_CONNECTX_OLD, &self->peer,
				      self->length)));
}

TEST_F(sctp, connectx_with_identifier)
{
	int result;

	restrict_self(_metadata, variant->off);
	/* Returns the identifier of the association. */
	result = setsockopt(self->fd, SOL_SCTP, SCTP_SOCKOPT_CONNECTX,
			    &self->peer, self->length);
	if (variant->off) {
		EXPECT_EQ(EPERM, error_of(result));
	} else {
		EXPECT_LE(0, result);
	}
}

TEST_F(sctp, connectx_by_reading_an_option)
{
	struct sctp_getaddrs_old addresses = {
		.addr_num = self->length,
		.addrs = (void *)&self->peer,
	};
	socklen_t size = sizeof(addresses);

	restrict_self(_metadata, variant->off);
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(getsockopt(self->fd, SOL_SCTP,
				      SCTP_SOCKOPT_CONNECTX3, &addresses,
				      &size)));
}

TEST_F(sctp, bindx)
{
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(setsockopt(self->fd, SOL_SCTP,
				      SCTP_SOCKOPT_BINDX_ADD, &self->local,
				      self->length)));
}

TEST_F(sctp, sendmsg_connects)
{
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(sendto(self->fd, "x", 1, MSG_NOSIGNAL,
				  (void *)&self->peer, self->length)));
}

/* Sends a byte with a control message, and with an address if there is one. */
static int send_with_control(const int fd, struct sockaddr_storage *const name,
			     const int type, const void *const data,
			     const size_t size)
{
	char buffer[CMSG_SPACE(sizeof(struct sctp_sndrcvinfo))] = {};
	struct iovec part = { .iov_base = "x", .iov_len = 1 };
	struct msghdr message = {
		.msg_name = name,
		.msg_namelen = name ? sizeof(struct sockaddr_in) : 0,
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = buffer,
		.msg_controllen = CMSG_SPACE(size),
	};
	struct cmsghdr *const control = CMSG_FIRSTHDR(&message);

	control->cmsg_level = SOL_SCTP;
	control->cmsg_type = type;
	control->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(control), data, size);
	return error_of(sendmsg(fd, &message, MSG_NOSIGNAL));
}

/* Further addresses of the peer, which is the one of the message. */
TEST_F(sctp, destinations_in_control_messages)
{
	const struct in_addr other = { .s_addr = htonl(0x7f000002) };

	restrict_self(_metadata, variant->off);
	/* Without a peer to which they belong, they lead nowhere. */
	EXPECT_EQ(EPIPE, send_with_control(self->fd, NULL, SCTP_DSTADDRV4,
					   &other, sizeof(other)));
	EXPECT_EQ(EPIPE, send_with_control(self->fd, NULL, SCTP_DSTADDRV6,
					   &in6addr_loopback,
					   sizeof(in6addr_loopback)));
	EXPECT_EQ(variant->off ? EPERM : 0,
		  send_with_control(self->fd, &self->peer, SCTP_DSTADDRV4,
				    &other, sizeof(other)));
}

TEST_F(sctp, information_in_control_messages)
{
	const struct sctp_sndinfo new = { .snd_sid = 1 };
	const struct sctp_sndrcvinfo old = { .sinfo_stream = 1 };

	restrict_self(_metadata, variant->off);
	EXPECT_EQ(variant->off ? EPERM : 0,
		  send_with_control(self->fd, &self->peer, SCTP_SNDINFO, &new,
				    sizeof(new)));
	EXPECT_EQ(variant->off ? EPERM : 0,
		  send_with_control(self->fd, &self->peer, SCTP_SNDRCV, &old,
				    sizeof(old)));
}

TEST_F(sctp, information_to_the_peer)
{
	const struct sctp_sndinfo new = { .snd_sid = 1 };
	const int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP);
	int accepted;
	char byte;

	ASSERT_EQ(0, try_connect(fd, AF_INET, PORT));
	accepted = accept(self->server, NULL, NULL);
	ASSERT_LE(0, accepted);
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(0, send_with_control(fd, NULL, SCTP_SNDINFO, &new,
				       sizeof(new)));
	EXPECT_EQ(1, receive_soon(accepted, &byte, 1));
}

TEST_F(sctp, peeloff)
{
	sctp_peeloff_arg_t argument = {};
	socklen_t size = sizeof(argument);
	struct {
		__u32 count;
		sctp_assoc_t id;
	} list = {};
	socklen_t list_size = sizeof(list);
	int expected = variant->off ? EPERM : 0;

	ASSERT_EQ(0, error_of(setsockopt(self->fd, SOL_SCTP,
					 SCTP_SOCKOPT_CONNECTX_OLD,
					 &self->peer, self->length)));
	if (variant->type == SOCK_SEQPACKET) {
		ASSERT_EQ(0, error_of(getsockopt(self->fd, SOL_SCTP,
						 SCTP_GET_ASSOC_ID_LIST, &list,
						 &list_size)));
		ASSERT_EQ(1, list.count);
		argument.associd = list.id;
	} else {
		/* A socket of the one-to-one style has nothing to peel off. */
		expected = EINVAL;
	}
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(expected,
		  error_of(getsockopt(self->fd, SOL_SCTP, SCTP_SOCKOPT_PEELOFF,
				      &argument, &size)));
}

TEST_F(sctp, carries_bytes)
{
	const int fd = socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP);
	int accepted;

	ASSERT_EQ(0, try_connect(fd, AF_INET, PORT));
	accepted = accept(self->server, NULL, NULL);
	ASSERT_LE(0, accepted);
	restrict_self(_metadata, variant->off);
	EXPECT_TRUE(carries(fd, accepted));
	EXPECT_TRUE(carries(accepted, fd));
}

TEST_HARNESS_MAIN
