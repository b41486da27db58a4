// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Unix sockets: pathnames work, abstract names do not
 */

#define _GNU_SOURCE
#include <stddef.h>
#include <sys/un.h>

#include "common.h"

FIXTURE(name)
{
	struct sockaddr_un address;
	socklen_t length;
	int server, client;
};

FIXTURE_VARIANT(name)
{
	bool off;
	int type;
	bool abstract;
};

#define TWINS(variant_name, a_type, is_abstract)                           \
	FIXTURE_VARIANT_ADD(name, variant_name##_on)                       \
	{                                                                  \
		.off = false, .type = a_type, .abstract = is_abstract,     \
	};                                                                 \
	FIXTURE_VARIANT_ADD(name, variant_name##_off)                      \
	{                                                                  \
		.off = true, .type = a_type, .abstract = is_abstract,      \
	}

TWINS(path_stream, SOCK_STREAM, false);
TWINS(path_dgram, SOCK_DGRAM, false);
TWINS(path_seqpacket, SOCK_SEQPACKET, false);
TWINS(abstract_stream, SOCK_STREAM, true);
TWINS(abstract_dgram, SOCK_DGRAM, true);
TWINS(abstract_seqpacket, SOCK_SEQPACKET, true);

FIXTURE_SETUP(name)
{
	self->address.sun_family = AF_UNIX;
	snprintf(self->address.sun_path, sizeof(self->address.sun_path),
		 "/tmp/disablenetwork-%d", getpid());
	self->length = offsetof(struct sockaddr_un, sun_path) +
		       strlen(self->address.sun_path) + 1;
	if (variant->abstract)
		self->address.sun_path[0] = '\0';
	self->server = socket(AF_UNIX, variant->type, 0);
	ASSERT_LE(0, self->server);
	self->client = socket(AF_UNIX, variant->type, 0);
	ASSERT_LE(0, self->client);
}

FIXTURE_TEARDOWN(name)
{
	if (!variant->abstract)
		unlink(self->address.sun_path);
}

static int serve(const FIXTURE_DATA(name) * const self, const int type)
{
	if (bind(self->server, (void *)&self->address, self->length))
		return errno;
	return type == SOCK_DGRAM ? 0 : error_of(listen(self->server, 8));
}

TEST_F(name, connect)
{
	const bool refused = variant->off && variant->abstract;
	int receiver = self->server;

	ASSERT_EQ(0, serve(self, variant->type));
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(refused ? ECONNREFUSED : 0,
		  error_of(connect(self->client, (void *)&self->address,
				   self->length)));
	if (refused)
		return;
	if (variant->type != SOCK_DGRAM)
		receiver = accept(self->server, NULL, NULL);
	ASSERT_LE(0, receiver);
	EXPECT_TRUE(carries(self->client, receiver));
	if (variant->type != SOCK_DGRAM)
		EXPECT_TRUE(carries(receiver, self->client));
}

TEST_F(name, connected_before)
{
	int receiver = self->server;

	ASSERT_EQ(0, serve(self, variant->type));
	ASSERT_EQ(0, error_of(connect(self->client, (void *)&self->address,
				      self->length)));
	if (variant->type != SOCK_DGRAM)
		receiver = accept(self->server, NULL, NULL);
	restrict_self(_metadata, variant->off);
	EXPECT_TRUE(carries(self->client, receiver));
}

TEST_F(name, serve_afterwards)
{
	restrict_self(_metadata, variant->off);
	EXPECT_EQ(0, serve(self, variant->type));
}

TEST_F(name, send_to_address)
{
	const bool refused = variant->off && variant->abstract;
	char byte = 'x';
	struct iovec part = { .iov_base = &byte, .iov_len = 1 };
	struct mmsghdr message = {
		.msg_hdr = {
			.msg_name = &self->address,
			.msg_namelen = self->length,
			.msg_iov = &part,
			.msg_iovlen = 1,
		},
	};

	ASSERT_EQ(0, serve(self, variant->type));
	restrict_self(_metadata, variant->off);
	if (variant->type != SOCK_DGRAM) {
		/* These types send to their peer alone. */
		EXPECT_EQ(variant->type == SOCK_STREAM ? EOPNOTSUPP : ENOTCONN,
			  error_of(sendto(self->client, &byte, 1, MSG_NOSIGNAL,
					  (void *)&self->address,
					  self->length)));
		return;
	}
	EXPECT_EQ(refused ? ECONNREFUSED : 0,
		  error_of(sendto(self->client, &byte, 1, 0,
				  (void *)&self->address, self->length)));
	EXPECT_EQ(refused ? ECONNREFUSED : 0,
		  error_of(sendmsg(self->client, &message.msg_hdr, 0)));
	EXPECT_EQ(refused ? ECONNREFUSED : 0,
		  error_of(sendmmsg(self->client, &message, 1, 0)));
	EXPECT_EQ(refused ? -1 : 1,
		  receive_soon(self->server, &byte, 1));
}

TEST_F(name, nobody_listens)
{
	const int unrestricted = variant->abstract ? ECONNREFUSED : ENOENT;

	restrict_self(_metadata, variant->off);
	EXPECT_EQ(unrestricted,
		  error_of(connect(self->client, (void *)&self->address,
				   self->length)));
}

/* Neither is a name; the second one dissolves a datagram socket's connection. */
TEST_F(name, addresses_without_a_name)
{
	const struct sockaddr nothing = { .sa_family = AF_UNSPEC };
	const int length = offsetof(struct sockaddr_un, sun_path);

	restrict_self(_metadata, variant->off);
	EXPECT_EQ(EINVAL, error_of(connect(self->client,
					   (void *)&self->address, length)));
	EXPECT_EQ(variant->type == SOCK_DGRAM ? 0 : EINVAL,
		  error_of(connect(self->client, &nothing, sizeof(nothing))));
}

TEST_F(name, unnamed_pair)
{
	int pair[2];

	restrict_self(_metadata, variant->off);
	ASSERT_EQ(0, socketpair(AF_UNIX, variant->type, 0, pair));
	EXPECT_TRUE(carries(pair[0], pair[1]));
	EXPECT_TRUE(carries(pair[1], pair[0]));
}

TEST_HARNESS_MAIN
