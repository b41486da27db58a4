// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Sockets that were made before
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <net/ethernet.h>

#include "common.h"

#define PORT 7001
#define FREE_PORT 7002

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

FIXTURE(inherited)
{
	int server, fd;
	struct sockaddr_storage peer, local;
	socklen_t length;
};

/* What the protocol itself answers. */
struct answers {
	int listen, send;
	/* To an address that says it is of another family. */
	int connect_unix, send_unix, connect_unspec, send_unspec;
};

FIXTURE_VARIANT(inherited)
{
	bool off;
	int family, type, protocol;
	struct answers answers;
};

#define ADD_TWINS(name, a_family, a_type, a_protocol, ...)          \
	FIXTURE_VARIANT_ADD(inherited, name##_on)                   \
	{                                                           \
		.off = false, .family = a_family, .type = a_type,   \
		.protocol = a_protocol, .answers = { __VA_ARGS__ }, \
	};                                                          \
	FIXTURE_VARIANT_ADD(inherited, name##_off)                  \
	{                                                           \
		.off = true, .family = a_family, .type = a_type,    \
		.protocol = a_protocol,                             \
		.answers = { EPERM, EPERM, EPERM,                   \
			     EPERM, EPERM, EPERM },                 \
	}

ADD_TWINS(tcp, AF_INET, SOCK_STREAM, 0,
	  0, EPIPE, EAFNOSUPPORT, EPIPE, 0, EPIPE);
ADD_TWINS(tcp6, AF_INET6, SOCK_STREAM, 0,
	  0, EPIPE, EAFNOSUPPORT, EPIPE, 0, EPIPE);
ADD_TWINS(udp, AF_INET, SOCK_DGRAM, 0,
	  EOPNOTSUPP, 0, EAFNOSUPPORT, EAFNOSUPPORT, 0, 0);
ADD_TWINS(udp6, AF_INET6, SOCK_DGRAM, 0,
	  EOPNOTSUPP, 0, EAFNOSUPPORT, EINVAL, 0, EDESTADDRREQ);
ADD_TWINS(raw, AF_INET, SOCK_RAW, IPPROTO_UDP,
	  EOPNOTSUPP, 0, EAFNOSUPPORT, EAFNOSUPPORT, 0, 0);
ADD_TWINS(raw6, AF_INET6, SOCK_RAW, IPPROTO_UDP,
	  EOPNOTSUPP, 0, EAFNOSUPPORT, EAFNOSUPPORT, 0, 0);
ADD_TWINS(mptcp, AF_INET, SOCK_STREAM, IPPROTO_MPTCP,
	  0, EPIPE, EAFNOSUPPORT, EPIPE, 0, EPIPE);
ADD_TWINS(sctp, AF_INET, SOCK_STREAM, IPPROTO_SCTP,
	  0, 0, EINVAL, EINVAL, EOPNOTSUPP, EINVAL);
ADD_TWINS(sctp_many, AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP,
	  0, 0, EINVAL, EINVAL, EOPNOTSUPP, EINVAL);
ADD_TWINS(packet, AF_PACKET, SOCK_DGRAM, 0,
	  EOPNOTSUPP, 0, EOPNOTSUPP, 0, EOPNOTSUPP, 0);
ADD_TWINS(netlink, AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK,
	  EOPNOTSUPP, 0, EINVAL, EINVAL, 0, EINVAL);
ADD_TWINS(vsock, AF_VSOCK, SOCK_STREAM, 0,
	  EINVAL, EOPNOTSUPP, EINVAL, EOPNOTSUPP, EINVAL, EOPNOTSUPP);

static socklen_t fill(struct sockaddr_storage *const address, const int family,
		      const int port)
{
	struct sockaddr_ll *const ll = (void *)address;
	struct sockaddr_nl *const nl = (void *)address;
	struct sockaddr_vm *const vm = (void *)address;

	memset(address, 0, sizeof(*address));
	switch (family) {
	case AF_PACKET:
		ll->sll_family = AF_PACKET;
		ll->sll_protocol = htons(ETH_P_IP);
		ll->sll_ifindex = 1;
		ll->sll_halen = ETH_ALEN;
		return sizeof(*ll);
	case AF_NETLINK:
		nl->nl_family = AF_NETLINK;
		/* The kernel gives the process ID itself to the first socket. */
		nl->nl_pid = getpid() + port;
		return sizeof(*nl);
	case AF_VSOCK:
		vm->svm_family = AF_VSOCK;
		vm->svm_cid = VMADDR_CID_LOCAL;
		vm->svm_port = port;
		return sizeof(*vm);
	default:
		return loopback(address, family, port);
	}
}

FIXTURE_SETUP(inherited)
{
	own_network(_metadata);
	self->fd = socket(variant->family, variant->type, variant->protocol);
	if (self->fd < 0 && (errno == EPROTONOSUPPORT || errno == EAFNOSUPPORT))
		SKIP(exit(SKIPPED), "This kernel lacks the protocol");
	ASSERT_LE(0, self->fd);
	/* A raw socket of AF_INET6 takes no port. */
	self->length = fill(&self->peer, variant->family,
			    variant->type == SOCK_RAW &&
			    variant->family == AF_INET6 ? 0 : PORT);
	fill(&self->local, variant->family, FREE_PORT);
	self->server = socket(variant->family, variant->type, variant->protocol);
	ASSERT_LE(0, self->server);
	if (bind(self->server, (void *)&self->peer, self->length)) {
		if (variant->family == AF_VSOCK && errno == EADDRNOTAVAIL)
			SKIP(exit(SKIPPED), "This kernel has no local vsock");
		ASSERT_EQ(0, errno);
	}
	if (variant->type == SOCK_STREAM || variant->type == SOCK_SEQPACKET)
		ASSERT_EQ(0, listen(self->server, 8));
	restrict_self(_metadata, variant->off);
}

FIXTURE_TEARDOWN(inherited)
{
}

TEST_F(inherited, bind)
{
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(bind(self->fd, (void *)&self->local, self->length)));
}

TEST_F(inherited, connect)
{
	const int error = error_of(
		connect(self->fd, (void *)&self->peer, self->length));

	if (variant->off) {
		EXPECT_EQ(EPERM, error);
	} else if (variant->family == AF_PACKET) {
		EXPECT_EQ(EOPNOTSUPP, error);
	} else {
		EXPECT_EQ(0, error);
	}
}

TEST_F(inherited, listen_without_bind)
{
	/* A socket without an address gets one from listen(2). */
	EXPECT_EQ(variant->answers.listen, error_of(listen(self->fd, 1)));
}

TEST_F(inherited, send_to_an_address)
{
	char data[64] = {};
	struct iovec part = { .iov_base = data, .iov_len = sizeof(data) };
	struct mmsghdr message = {
		.msg_hdr = {
			.msg_name = &self->peer,
			.msg_namelen = self->length,
			.msg_iov = &part,
			.msg_iovlen = 1,
		},
	};

	EXPECT_EQ(variant->answers.send,
		  error_of(sendto(self->fd, data, sizeof(data), MSG_NOSIGNAL,
				  (void *)&self->peer, self->length)));
	EXPECT_EQ(variant->answers.send,
		  error_of(sendmsg(self->fd, &message.msg_hdr, MSG_NOSIGNAL)));
	EXPECT_EQ(variant->answers.send,
		  error_of(sendmmsg(self->fd, &message, 1, MSG_NOSIGNAL)));
	if (variant->type == SOCK_DGRAM && variant->family != AF_PACKET &&
	    !variant->off) {
		EXPECT_EQ(sizeof(data), receive_soon(self->server, data, sizeof(data)));
	}
	if (variant->off)
		EXPECT_EQ(-1, receive_soon(self->server, data, sizeof(data)));
}

/*
 * SELinux and Smack look at the family of an address themselves.  Tells whether
 * one of them is in force, if need be in front of the module.
 */
static bool others_judge_the_family(const bool in_front)
{
	static const char *const names[] = { "selinux", "smack" };
	char list[256] = {};
	const char *own, *other;
	unsigned int i;
	int fd;

	fd = open("/sys/kernel/security/lsm", O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, list, sizeof(list) - 1) < 0)
		list[0] = '\0';
	close(fd);
	own = strstr(list, "disablenetwork");
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		other = strstr(list, names[i]);
		if (other && (!in_front || !own || other < own))
			return true;
	}
	return false;
}

/* Whoever answers, the family in the address makes nothing possible. */
static void expect_answer(struct __test_metadata *const _metadata,
			  const bool off, const int expected, const int error)
{
	if (!others_judge_the_family(off)) {
		EXPECT_EQ(expected, error);
	} else if (off) {
		EXPECT_NE(0, error);
	} else {
		EXPECT_NE(EPERM, error);
	}
}

static int send_to(const FIXTURE_DATA(inherited) * const self)
{
	const char data[64] = {};

	return error_of(sendto(self->fd, data, sizeof(data), MSG_NOSIGNAL,
			       (void *)&self->peer, self->length));
}

static int connect_to(const FIXTURE_DATA(inherited) * const self)
{
	return error_of(connect(self->fd, (void *)&self->peer, self->length));
}

TEST_F(inherited, lying_about_the_family)
{
	const struct answers *const answers = &variant->answers;
	const bool off = variant->off;

	self->peer.ss_family = AF_UNIX;
	expect_answer(_metadata, off, answers->connect_unix, connect_to(self));
	expect_answer(_metadata, off, answers->send_unix, send_to(self));
	self->peer.ss_family = AF_UNSPEC;
	expect_answer(_metadata, off, answers->connect_unspec, connect_to(self));
	expect_answer(_metadata, off, answers->send_unspec, send_to(self));
}

TEST_HARNESS_MAIN
