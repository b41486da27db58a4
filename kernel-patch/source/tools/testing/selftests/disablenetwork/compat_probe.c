// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - A 32-bit program that looks at its own restrictions
 *
 * It needs no C library, for few machines have a 32-bit one.  Its exit status is
 * 0 or the line of the first check that is not met.
 */

#include <linux/disablenetwork.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/socket.h>

#define AF_UNIX 1
#define AF_INET 2
#define STREAM 1
#define DATAGRAM 2

#define CHECK(condition) check(condition, __LINE__)

static int first_line;

static void check(const int condition, const int line)
{
	if (!condition && !first_line)
		first_line = line;
}

static long socket_by_number(const int family, const int type)
{
	return my_syscall3(__NR_socket, family, type, 0);
}

static long socket_by_call(const long family, const long type)
{
	const long arguments[] = { family, type, 0 };

	return my_syscall2(__NR_socketcall, SYS_SOCKET, arguments);
}

static long ask(const int option, const long value)
{
	return my_syscall5(__NR_prctl, option, value, 0, 0, 0);
}

static void check_new(const int off)
{
	CHECK(sizeof(long) == 4);
	CHECK(ask(PR_GET_NETWORK, 0) == off);
	CHECK(ask(PR_GET_NOSUID, 0) == off);
	CHECK(off ? socket_by_number(AF_INET, STREAM) == -EPERM :
		    socket_by_number(AF_INET, STREAM) >= 0);
	CHECK(off ? socket_by_call(AF_INET, STREAM) == -EPERM :
		    socket_by_call(AF_INET, STREAM) >= 0);
	CHECK(socket_by_number(AF_UNIX, STREAM) >= 0);
	CHECK(socket_by_call(AF_UNIX, STREAM) >= 0);
}

static void check_old(const int off, const long fd, const long other)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = __builtin_bswap32(INADDR_LOOPBACK),
		.sin_port = 0x901f,
	};
	const long send[] = { fd, (long)"x", 1, 0, (long)&address,
			      sizeof(address) };
	const long bind[] = { other, (long)&address, sizeof(address) };
	const long expected = off ? -EPERM : 0;

	CHECK(my_syscall6(__NR_sendto, fd, "x", 1, 0, &address,
			  sizeof(address)) == (off ? -EPERM : 1));
	CHECK(my_syscall2(__NR_socketcall, SYS_SENDTO, send) ==
	      (off ? -EPERM : 1));
	CHECK(my_syscall3(__NR_connect, fd, &address, sizeof(address)) ==
	      expected);
	address.sin_port = 0;
	CHECK(my_syscall3(__NR_bind, other, &address, sizeof(address)) ==
	      expected);
	/* A second address is none of its own business. */
	CHECK(my_syscall2(__NR_socketcall, SYS_BIND, bind) ==
	      (off ? -EPERM : -EINVAL));
	CHECK(my_syscall2(__NR_listen, other, 1) == expected);
}

int main(int argc, char **argv)
{
	const long fd = socket_by_number(AF_INET, DATAGRAM);
	const long other = socket_by_call(AF_INET, STREAM);

	CHECK(argc == 2);
	if (argv[1][0] == 'o') {
		check_new(argv[1][1] == 'f');
		return first_line;
	}
	check_new(0);
	check_old(0, socket_by_number(AF_INET, DATAGRAM),
		  socket_by_number(AF_INET, STREAM));
	CHECK(fd >= 0 && other >= 0);
	CHECK(ask(PR_SET_NOSUID, 1) == 0);
	CHECK(ask(PR_SET_NETWORK, PR_NETWORK_OFF) == 0);
	CHECK(ask(PR_SET_NETWORK, PR_NETWORK_ON) == -EPERM);
	check_new(1);
	check_old(1, fd, other);
	return first_line;
}
