// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Sockets of the kernel that a process happens to use
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "common.h"

#define PORT 7001
#define FOLDER "/tmp/disablenetwork-mount"
#define MOUNT_PROGRAM 100005

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

/* clang-format off */
FIXTURE(kernel) {};
/* clang-format on */

FIXTURE_VARIANT(kernel)
{
	bool off;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(kernel, on) {};
FIXTURE_VARIANT_ADD(kernel, off) { .off = true };
/* clang-format on */

FIXTURE_SETUP(kernel)
{
	own_network(_metadata);
}

FIXTURE_TEARDOWN(kernel)
{
}

/* Asks where the folder is, from within mount(2). */
static int mount_network_file_system(void *const type)
{
	char options[128];

	snprintf(options, sizeof(options),
		 "vers=3,proto=tcp,addr=127.0.0.1,mountproto=%s,mountport=%d,nolock,soft,retrans=1",
		 *(int *)type == SOCK_DGRAM ? "udp" : "tcp", PORT);
	return error_of(mount("127.0.0.1:/", FOLDER, "nfs", 0, options));
}

/* What a remote procedure call begins with. */
struct call {
	__be32 identifier, direction, version, program;
};

/* Waits for the question, or for the child that cannot ask. */
static bool is_asked(const int server, const pid_t child)
{
	struct pollfd ready = { .fd = server, .events = POLLIN };
	siginfo_t status;
	int tries;

	for (tries = 0; tries < 100; tries++) {
		if (poll(&ready, 1, 100) == 1)
			return true;
		status.si_pid = 0;
		waitid(P_PID, child, &status, WEXITED | WNOHANG | WNOWAIT);
		if (status.si_pid)
			return false;
	}
	return false;
}

/*
 * A file system that the process may read sends what it needs to send, with
 * the socket that the kernel has made for itself.
 */
static void try_mount(struct __test_metadata *const _metadata, const bool off,
		      int type)
{
	int server = open_server(AF_INET, type, 0, PORT);
	const int fd = socket(AF_INET, type, 0);
	struct call call[32] = {};
	pid_t child;
	int status;

	ASSERT_LE(0, server);
	if (mkdir(FOLDER, 0755))
		ASSERT_EQ(EEXIST, errno);
	ASSERT_EQ(0, error_of(unshare(CLONE_NEWNS)));
	ASSERT_EQ(0, error_of(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE,
				    NULL)));
	restrict_self(_metadata, off);
	child = fork();
	ASSERT_LE(0, child);
	if (child == 0)
		_exit(mount_network_file_system(&type));
	if (!is_asked(server, child)) {
		kill(child, SIGKILL);
		ASSERT_EQ(child, waitpid(child, &status, 0));
		if (WIFEXITED(status) && WEXITSTATUS(status) == ENODEV)
			SKIP(exit(SKIPPED), "This kernel lacks NFS");
		EXPECT_EQ(0, status)
		{
			TH_LOG("Nothing was asked");
		}
		return;
	}
	if (type == SOCK_STREAM)
		server = accept(server, NULL, NULL);
	EXPECT_LT(sizeof(call[0]), recv(server, call, sizeof(call), 0));
	/* On a stream, the length of the call comes first. */
	EXPECT_EQ(htonl(MOUNT_PROGRAM),
		  type == SOCK_STREAM ? call[1].identifier : call[0].program);
	/* The process itself cannot go there. */
	EXPECT_EQ(off ? EPERM : 0, try_connect(fd, AF_INET, PORT));
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
}

TEST_F(kernel, datagrams_of_a_network_file_system)
{
	try_mount(_metadata, variant->off, SOCK_DGRAM);
}

TEST_F(kernel, stream_of_a_network_file_system)
{
	try_mount(_metadata, variant->off, SOCK_STREAM);
}

/*
 * A client without MPTCP gets a connection without it, by the socket that the
 * kernel has made for itself to listen.
 */
TEST_F(kernel, connection_that_fell_back)
{
	const int server = open_server(AF_INET, SOCK_STREAM, IPPROTO_MPTCP,
				       PORT);
	const int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_storage other;
	socklen_t length;
	int accepted;

	if (server == -EPROTONOSUPPORT)
		SKIP(return, "This kernel lacks MPTCP");
	ASSERT_LE(0, server);
	ASSERT_EQ(0, try_connect(fd, AF_INET, PORT));
	accepted = accept(server, NULL, NULL);
	ASSERT_LE(0, accepted);
	restrict_self(_metadata, variant->off);
	EXPECT_TRUE(carries(accepted, fd));
	EXPECT_TRUE(carries(fd, accepted));
	length = loopback(&other, AF_INET, PORT + 1);
	/* TCP does not look at the address. */
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(sendto(accepted, "x", 1, MSG_NOSIGNAL,
				  (void *)&other, length)));
}

TEST_HARNESS_MAIN
