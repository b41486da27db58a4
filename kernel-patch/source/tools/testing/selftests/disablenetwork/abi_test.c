// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Arguments whose upper halves the kernel ignores
 */

#define _GNU_SOURCE

#include "common.h"

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

TEST_HARNESS_MAIN
