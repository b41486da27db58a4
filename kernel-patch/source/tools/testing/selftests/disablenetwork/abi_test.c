// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Other ways into the same system calls
 */

#define _GNU_SOURCE
#include <sys/mman.h>

#include "common.h"

#define X32_BIT 0x40000000
#define SOCKETCALL_32 102
#define PRCTL_32 172
#define SOCKET_32 359

/* clang-format off */
FIXTURE(abi) {};
/* clang-format on */

FIXTURE_VARIANT(abi)
{
	bool off;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(abi, on) {};
FIXTURE_VARIANT_ADD(abi, off) { .off = true };
/* clang-format on */

FIXTURE_SETUP(abi)
{
	restrict_self(_metadata, variant->off);
}

FIXTURE_TEARDOWN(abi)
{
}

TEST_F(abi, high_halves)
{
	const long high = 1UL << 32;
	const long result = syscall(__NR_socket, AF_INET | high,
				    SOCK_STREAM | high, high);

	EXPECT_EQ(variant->off ? EPERM : 0, error_of(result));
}

TEST_F(abi, high_halves_that_spell_unix)
{
	const long high = (unsigned long)AF_UNIX << 32;

	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(syscall(__NR_socket, AF_INET | high, SOCK_STREAM,
				   0)));
}

#ifdef __x86_64__
static long call_32(const long number, const long a, const long b, const long c)
{
	long result;

	asm volatile("int $0x80"
		     : "=a"(result)
		     : "a"(number), "b"(a), "c"(b), "d"(c), "S"(0), "D"(0)
		     : "memory", "r8", "r9", "r10", "r11");
	return (int)result;
}

TEST_F(abi, int_0x80)
{
	__u32 *const arguments = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT,
				      -1, 0);
	long result;

	ASSERT_NE(MAP_FAILED, arguments);
	arguments[0] = AF_INET;
	arguments[1] = SOCK_STREAM;
	result = call_32(SOCKETCALL_32, 1, (long)arguments, 0);
	if (result == -ENOSYS)
		SKIP(return, "This kernel has no 32-bit system calls");
	if (variant->off) {
		EXPECT_EQ(-EPERM, result);
		EXPECT_EQ(-EPERM, call_32(SOCKET_32, AF_INET, SOCK_STREAM, 0));
	} else {
		EXPECT_LE(0, result);
		EXPECT_LE(0, call_32(SOCKET_32, AF_INET, SOCK_STREAM, 0));
	}
}

TEST_F(abi, prctl_by_int_0x80)
{
	EXPECT_EQ(variant->off ? -EPERM : 0,
		  call_32(PRCTL_32, PR_SET_NETWORK, PR_NETWORK_ON, 0));
}

TEST_F(abi, x32)
{
	const long result = syscall(__NR_socket | X32_BIT, AF_INET, SOCK_STREAM,
				    0);

	if (result < 0 && errno == ENOSYS)
		SKIP(return, "This kernel has no x32 system calls");
	EXPECT_EQ(variant->off ? EPERM : 0, error_of(result));
}
#endif /* __x86_64__ */

TEST_HARNESS_MAIN
