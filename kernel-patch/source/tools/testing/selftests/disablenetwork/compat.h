/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Disablenetwork tests - 32-bit and x32 system calls of a 64-bit program
 */

#ifndef _DISABLENETWORK_COMPAT_H
#define _DISABLENETWORK_COMPAT_H

#include "common.h"

#define X32_BIT 0x40000000
#define SOCKETCALL_32 102

/* What such a system call sees of a pointer. */
#define SHORT(pointer) ((__u32)(uintptr_t)(pointer))

struct short_iovec {
	__u32 base, length;
};

struct short_mmsghdr {
	__u32 name, namelen, iov, iovlen, control, controllen, flags;
	__u32 length;
};

enum operation {
	SOCKET, SOCKETPAIR, BIND, CONNECT, LISTEN, SETSOCKOPT, SEND, SENDTO,
	SENDMSG, SENDMMSG, PRCTL, OPERATIONS
};

struct abi {
	/* For a number that does not say so itself. */
	bool int_0x80;
	/* The number is one of socketcall(2), but for PRCTL. */
	bool socketcall;
	long numbers[OPERATIONS];
};

#ifdef __x86_64__

static const struct abi int_0x80 = {
	.int_0x80 = true,
	.numbers = {
		[SOCKET] = 359, [SOCKETPAIR] = 360, [BIND] = 361,
		[CONNECT] = 362, [LISTEN] = 363, [SETSOCKOPT] = 366,
		/* There is no send(2). */
		[SEND] = 369, [SENDTO] = 369, [SENDMSG] = 370,
		[SENDMMSG] = 345, [PRCTL] = 172,
	},
};

static const struct abi socketcall = {
	.int_0x80 = true,
	.socketcall = true,
	.numbers = {
		[SOCKET] = 1, [SOCKETPAIR] = 8, [BIND] = 2, [CONNECT] = 3,
		[LISTEN] = 4, [SETSOCKOPT] = 14, [SEND] = 9, [SENDTO] = 11,
		[SENDMSG] = 16, [SENDMMSG] = 20, [PRCTL] = 172,
	},
};

static const struct abi x32 = {
	.numbers = {
		[SOCKET] = 41, [SOCKETPAIR] = 53, [BIND] = 49, [CONNECT] = 42,
		[LISTEN] = 50, [SETSOCKOPT] = 541, [SEND] = 44, [SENDTO] = 44,
		[SENDMSG] = 518, [SENDMMSG] = 538, [PRCTL] = 157,
	},
};

static long call_by_interrupt(const long number, const __u32 *const arguments)
{
	unsigned long last = arguments[5];
	long result;

	/* The sixth argument is in the register of the frame. */
	asm volatile("xchg %%rbp, %[last]\n\t"
		     "int $0x80\n\t"
		     "xchg %%rbp, %[last]"
		     : "=a"(result), [last] "+r"(last)
		     : "a"(number), "b"((long)arguments[0]),
		       "c"((long)arguments[1]), "d"((long)arguments[2]),
		       "S"((long)arguments[3]), "D"((long)arguments[4])
		     : "memory", "r8", "r9", "r10", "r11");
	return (int)result;
}

/* Returns what the kernel returned; the arguments are in memory below 4 GiB. */
static long call(const struct abi *const abi, const enum operation operation,
		 const __u32 *const arguments)
{
	const long number = abi->numbers[operation];
	long result;

	if (abi->socketcall && operation != PRCTL) {
		const __u32 shell[6] = { number, SHORT(arguments) };

		return call_by_interrupt(SOCKETCALL_32, shell);
	}
	if (abi->int_0x80)
		return call_by_interrupt(number, arguments);
	result = syscall(number | X32_BIT, arguments[0], arguments[1],
			 arguments[2], arguments[3], arguments[4],
			 arguments[5]);
	return result < 0 ? -errno : result;
}

#endif /* __x86_64__ */

#endif /* _DISABLENETWORK_COMPAT_H */
