// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Audit records of refusals
 */

#define _GNU_SOURCE
#include <linux/audit.h>
#include <linux/netlink.h>
#include <sys/uio.h>

#include "common.h"

/* At most, in five seconds. */
#define LIMIT 10

struct record {
	/* Its length does not count the header. */
	struct nlmsghdr header;
	char text[AUDIT_MESSAGE_TEXT_MAX];
};

/* Returns a socket that receives what is recorded from now on, or -errno. */
static int open_log(void)
{
	const struct sockaddr_nl address = {
		.nl_family = AF_NETLINK,
		.nl_groups = 1 << (AUDIT_NLGRP_READLOG - 1),
	};
	const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
			      NETLINK_AUDIT);

	if (fd < 0 || bind(fd, (void *)&address, sizeof(address)))
		return -errno;
	return fd;
}

/* Waits a second at most. */
static bool read_record(const int log, struct record *const record)
{
	struct pollfd ready = { .fd = log, .events = POLLIN };

	memset(record, 0, sizeof(*record));
	return poll(&ready, 1, 1000) == 1 &&
	       recv(log, record, sizeof(*record) - 1, 0) > 0;
}

static bool is_of(const struct record *const record, const pid_t pid)
{
	char word[32];

	snprintf(word, sizeof(word), " pid=%d ", pid);
	return strstr(record->text, word);
}

FIXTURE(record)
{
	int log;
};

FIXTURE_VARIANT(record)
{
	const char *operation;
	int family, type;
	/* Before the attempt; a Unix socket to an abstract name. */
	bool bound;
	int error;
	int (*attempt)(int fd);
	/* What follows the process. */
	const char *addition;
};

static int try_create(const int fd)
{
	return try_inet();
}

static int try_bind(const int fd)
{
	struct sockaddr_storage address;
	const socklen_t length = loopback(&address, AF_INET, 0);

	return error_of(bind(fd, (void *)&address, length));
}

static int try_connect_to_itself(const int fd)
{
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);

	if (getsockname(fd, (void *)&address, &length))
		return errno;
	return error_of(connect(fd, (void *)&address, length));
}

static int try_listen(const int fd)
{
	return error_of(listen(fd, 1));
}

static int try_send(const int fd)
{
	struct sockaddr_storage address;
	const socklen_t length = loopback(&address, AF_INET, 9);

	return error_of(sendto(fd, "", 1, 0, (void *)&address, length));
}

static int try_option(const int fd)
{
	return error_of(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 2));
}

/* The parent is the test itself, which has given up nothing. */
static int try_access(const int fd)
{
	static long target;
	long copy;
	const struct iovec local = { &copy, sizeof(copy) };
	const struct iovec remote = { &target, sizeof(target) };

	return error_of(process_vm_readv(getppid(), &local, 1, &remote, 1, 0));
}

/* clang-format off */
FIXTURE_VARIANT_ADD(record, create) {
	.operation = "create", .family = AF_INET, .type = SOCK_STREAM,
	.error = EPERM, .attempt = try_create,
};
FIXTURE_VARIANT_ADD(record, bind) {
	.operation = "bind", .family = AF_INET, .type = SOCK_DGRAM,
	.error = EPERM, .attempt = try_bind,
};
FIXTURE_VARIANT_ADD(record, connect) {
	.operation = "connect", .family = AF_INET, .type = SOCK_DGRAM,
	.bound = true, .error = EPERM, .attempt = try_connect_to_itself,
	.addition = " laddr=127.0.0.1 lport=",
};
FIXTURE_VARIANT_ADD(record, abstract_name) {
	.operation = "connect", .family = AF_UNIX, .type = SOCK_DGRAM,
	.bound = true, .error = ECONNREFUSED, .attempt = try_connect_to_itself,
};
FIXTURE_VARIANT_ADD(record, listen) {
	.operation = "listen", .family = AF_INET, .type = SOCK_STREAM,
	.error = EPERM, .attempt = try_listen,
};
FIXTURE_VARIANT_ADD(record, send) {
	.operation = "send", .family = AF_INET, .type = SOCK_DGRAM,
	.bound = true, .error = EPERM, .attempt = try_send,
	.addition = " laddr=127.0.0.1 lport=",
};
FIXTURE_VARIANT_ADD(record, option) {
	.operation = "setsockopt", .family = AF_INET, .type = SOCK_DGRAM,
	.bound = true, .error = EPERM, .attempt = try_option,
	.addition = " laddr=127.0.0.1 lport=",
};
FIXTURE_VARIANT_ADD(record, access) {
	.operation = "ptrace", .error = EPERM, .attempt = try_access,
	.addition = " opid=",
};
/* clang-format on */

FIXTURE_SETUP(record)
{
	self->log = open_log();
	ASSERT_LE(0, self->log)
	{
		TH_LOG("Reading the log needs root and CONFIG_AUDIT");
	}
	/* Only now: the log is that of the first network. */
	own_network(_metadata);
}

FIXTURE_TEARDOWN(record)
{
}

static int open_socket(const FIXTURE_VARIANT(record) * const variant)
{
	struct sockaddr_storage address;
	const int fd = socket(variant->family, variant->type, 0);
	socklen_t length = loopback(&address, variant->family, 0);

	/* Without a name, the kernel gives it an abstract one. */
	if (variant->family == AF_UNIX)
		length = sizeof(address.ss_family);
	if (fd >= 0 && variant->bound && bind(fd, (void *)&address, length))
		return -1;
	return fd;
}

/* Makes the attempt in a child and returns its error. */
static int attempt(const FIXTURE_VARIANT(record) * const variant,
		   const bool off, pid_t *const child)
{
	*child = fork();
	if (*child == 0) {
		const int fd = variant->family ? open_socket(variant) : 0;

		if (fd < 0)
			_exit(CHILD_LOST);
		if (off && (set_nosuid(1) || set_network(PR_NETWORK_OFF)))
			_exit(CHILD_LOST);
		_exit(variant->attempt(fd));
	}
	return wait_for(*child);
}

TEST_F(record, names_operation_and_process)
{
	struct record record;
	char wanted[128], family[32] = "";
	pid_t allowed, refused;
	bool found = false;
	int try;

	ASSERT_EQ(0, attempt(variant, false, &allowed));
	/* More seconds than the limit is in force for, should it be reached. */
	for (try = 0; try < 10 && !found; try++) {
		ASSERT_EQ(variant->error, attempt(variant, true, &refused));
		while (!found && read_record(self->log, &record)) {
			EXPECT_FALSE(is_of(&record, allowed));
			found = is_of(&record, refused);
		}
	}
	ASSERT_TRUE(found);
	EXPECT_EQ(AUDIT_AVC, record.header.nlmsg_type);
	if (variant->family)
		snprintf(family, sizeof(family), " family=%d", variant->family);
	snprintf(wanted, sizeof(wanted),
		 ": disablenetwork: denied operation=%s%s pid=%d comm=\"audit_test\"",
		 variant->operation, family, refused);
	EXPECT_TRUE(strstr(record.text, wanted))
	{
		TH_LOG("%s in %s", wanted, record.text);
	}
	if (variant->addition)
		EXPECT_TRUE(strstr(record.text, variant->addition))
		{
			TH_LOG("%s in %s", variant->addition, record.text);
		}
}

static int try_often(void *const unused)
{
	int count;

	if (set_nosuid(1) || set_network(PR_NETWORK_OFF))
		return CHILD_LOST;
	for (count = 0; count < 1000; count++) {
		if (try_inet() != EPERM)
			return CHILD_LOST;
	}
	return 0;
}

TEST(records_are_limited)
{
	const int log = open_log();
	struct record record;
	int try, records = 0;

	ASSERT_LE(0, log);
	for (try = 0; try < 10 && !records; try++) {
		ASSERT_EQ(0, in_child(try_often, NULL));
		while (read_record(log, &record)) {
			if (strstr(record.text, " operation=create "))
				records++;
		}
	}
	EXPECT_LT(0, records);
	/* The limit may be renewed meanwhile, once. */
	EXPECT_GE(2 * LIMIT, records);
}

TEST_HARNESS_MAIN
