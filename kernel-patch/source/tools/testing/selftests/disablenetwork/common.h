/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Disablenetwork tests - Helpers
 *
 * Children report by their exit status and threads by a variable, so that only
 * the test process itself uses ASSERT_*() and EXPECT_*().
 */

#ifndef _DISABLENETWORK_COMMON_H
#define _DISABLENETWORK_COMMON_H

#include <arpa/inet.h>
#include <errno.h>
#include <linux/disablenetwork.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../kselftest_harness.h"

#ifndef __maybe_unused
#define __maybe_unused __attribute__((__unused__))
#endif

/* What a fixture ends with, to be skipped. */
#if KERNEL_BASE >= 612
#define SKIPPED KSFT_SKIP
#else
#define SKIPPED 255
#endif

/* An exit status that no errno has: the child died or was not even started. */
#define CHILD_LOST 255

/* Returns 0 or errno for the result of a system call. */
static int __maybe_unused error_of(const long result)
{
	return result < 0 ? errno : 0;
}

/* Returns the value of a prctl(2) option, or -errno. */
static int __maybe_unused ask(const int option, const unsigned long arg2,
			      const unsigned long arg3,
			      const unsigned long arg4,
			      const unsigned long arg5)
{
	const int result = prctl(option, arg2, arg3, arg4, arg5);

	return result < 0 ? -errno : result;
}

static int __maybe_unused set_network(const unsigned long flags)
{
	return ask(PR_SET_NETWORK, flags, 0, 0, 0);
}

static int __maybe_unused get_network(void)
{
	return ask(PR_GET_NETWORK, 0, 0, 0, 0);
}

static int __maybe_unused set_nosuid(const unsigned long value)
{
	return ask(PR_SET_NOSUID, value, 0, 0, 0);
}

static int __maybe_unused get_nosuid(void)
{
	return ask(PR_GET_NOSUID, 0, 0, 0, 0);
}

/* Gives up the network as a program would, or nothing for the allowing twin. */
static void __maybe_unused restrict_self(struct __test_metadata *const _metadata,
					 const bool off)
{
	if (!off)
		return;
	ASSERT_EQ(0, set_nosuid(1));
	ASSERT_EQ(0, set_network(PR_NETWORK_OFF));
	ASSERT_EQ(PR_NETWORK_OFF, get_network());
}

/* Returns 0 if a new socket of the family can be had, else errno. */
static int __maybe_unused try_socket(const int family, const int type,
				     const int protocol)
{
	const int fd = socket(family, type, protocol);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int __maybe_unused try_inet(void)
{
	return try_socket(AF_INET, SOCK_STREAM, 0);
}

static int __maybe_unused wait_for(const pid_t child)
{
	int status;

	if (child < 0 || waitpid(child, &status, 0) != child ||
	    !WIFEXITED(status))
		return CHILD_LOST;
	return WEXITSTATUS(status);
}

/* Runs a function in a child and returns what it returned. */
static int __maybe_unused in_child(int (*const function)(void *),
				   void *const argument)
{
	const pid_t child = fork();

	if (child == 0)
		_exit(function(argument));
	return wait_for(child);
}

static int __maybe_unused raise_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int error;

	if (fd < 0)
		return errno;
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	error = error_of(ioctl(fd, SIOCSIFFLAGS, &request));
	close(fd);
	return error;
}

/* Moves the test to a network of its own, with a loopback that is up. */
static void __maybe_unused own_network(struct __test_metadata *const _metadata)
{
	ASSERT_EQ(0, error_of(unshare(CLONE_NEWNET)))
	{
		TH_LOG("A network namespace needs root and CONFIG_NET_NS");
	}
	ASSERT_EQ(0, raise_loopback());
}

/* Fills in a loopback address and returns its length. */
static socklen_t __maybe_unused loopback(struct sockaddr_storage *const address,
					 const int family, const int port)
{
	struct sockaddr_in *const in = (void *)address;
	struct sockaddr_in6 *const in6 = (void *)address;

	memset(address, 0, sizeof(*address));
	if (family == AF_INET6) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		in6->sin6_addr = in6addr_loopback;
		return sizeof(*in6);
	}
	in->sin_family = family;
	in->sin_port = htons(port);
	in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return sizeof(*in);
}

/* Returns a socket that is bound to the loopback, listening if it can. */
static int __maybe_unused open_server(const int family, const int type,
				      const int protocol, const int port)
{
	struct sockaddr_storage address;
	const socklen_t length = loopback(&address, family, port);
	const int fd = socket(family, type | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		return -errno;
	if (bind(fd, (void *)&address, length) ||
	    (type == SOCK_STREAM && listen(fd, 8))) {
		const int error = errno;

		close(fd);
		return -error;
	}
	return fd;
}

static int __maybe_unused try_connect(const int fd, const int family,
				      const int port)
{
	struct sockaddr_storage address;
	const socklen_t length = loopback(&address, family, port);

	return error_of(connect(fd, (void *)&address, length));
}

/* Sends bytes one way and tells whether the same ones arrived. */
static bool __maybe_unused carries(const int from, const int to)
{
	static const char sent[] = "every byte of it";
	char got[sizeof(sent)] = {};

	return send(from, sent, sizeof(sent), MSG_NOSIGNAL) == sizeof(sent) &&
	       recv(to, got, sizeof(got), MSG_WAITALL) == sizeof(sent) &&
	       !memcmp(sent, got, sizeof(sent));
}

/*
 * Receives what is on its way, or nothing: even the loopback may take a moment
 * to deliver, when another task does it.
 */
static ssize_t __maybe_unused receive_soon(const int fd, void *const data,
					   const size_t size)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	if (poll(&ready, 1, 200) != 1)
		return -1;
	return recv(fd, data, size, MSG_DONTWAIT);
}

#endif /* _DISABLENETWORK_COMMON_H */
