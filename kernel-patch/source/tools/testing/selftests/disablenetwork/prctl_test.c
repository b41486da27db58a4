// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Arguments, order of checks, one way
 */

#define _GNU_SOURCE

#include "common.h"

/* clang-format off */
FIXTURE(unused) {};
/* clang-format on */

FIXTURE_VARIANT(unused)
{
	unsigned long arg3, arg4, arg5;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(unused, none) {};
FIXTURE_VARIANT_ADD(unused, third) { .arg3 = 1 };
FIXTURE_VARIANT_ADD(unused, fourth) { .arg4 = 1 };
FIXTURE_VARIANT_ADD(unused, fifth) { .arg5 = 1 };
FIXTURE_VARIANT_ADD(unused, high_half) { .arg3 = 1UL << 32 };
/* clang-format on */

FIXTURE_SETUP(unused)
{
}

FIXTURE_TEARDOWN(unused)
{
}

TEST_F(unused, all_options)
{
	const bool valid = !variant->arg3 && !variant->arg4 && !variant->arg5;
	const int expected = valid ? 0 : -EINVAL;

	EXPECT_EQ(expected, ask(PR_GET_NETWORK, 0, variant->arg3, variant->arg4,
				variant->arg5));
	EXPECT_EQ(expected, ask(PR_GET_NOSUID, 0, variant->arg3, variant->arg4,
				variant->arg5));
	EXPECT_EQ(expected, ask(PR_SET_NOSUID, 1, variant->arg3, variant->arg4,
				variant->arg5));
	EXPECT_EQ(valid, get_nosuid());
	EXPECT_EQ(expected, ask(PR_SET_NETWORK, PR_NETWORK_OFF, variant->arg3,
				variant->arg4, variant->arg5));
	EXPECT_EQ(valid ? PR_NETWORK_OFF : PR_NETWORK_ON, get_network());
	EXPECT_EQ(valid ? EPERM : 0, try_inet());
}

TEST(second_argument_of_get)
{
	ASSERT_EQ(0, get_network());
	EXPECT_EQ(-EINVAL, ask(PR_GET_NETWORK, 1, 0, 0, 0));
	EXPECT_EQ(-EINVAL, ask(PR_GET_NOSUID, 1, 0, 0, 0));
}

TEST(unknown_bits)
{
	unsigned int bit;

	/* An unpatched kernel answers EINVAL to everything. */
	ASSERT_EQ(PR_NETWORK_ON, get_network());
	for (bit = 1; bit < 8 * sizeof(long); bit++) {
		EXPECT_EQ(-EINVAL, set_network(1UL << bit));
		EXPECT_EQ(-EINVAL, set_network(1UL << bit | PR_NETWORK_OFF));
	}
	EXPECT_EQ(PR_NETWORK_ON, get_network());
	EXPECT_EQ(0, try_inet());
}

TEST(nosuid_values)
{
	ASSERT_EQ(0, get_nosuid());
	EXPECT_EQ(-EINVAL, set_nosuid(0));
	EXPECT_EQ(-EINVAL, set_nosuid(2));
	EXPECT_EQ(-EINVAL, set_nosuid(1UL << 32 | 1));
	EXPECT_EQ(0, get_nosuid());
	EXPECT_EQ(0, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	EXPECT_EQ(0, set_nosuid(1));
	EXPECT_EQ(1, get_nosuid());
	EXPECT_EQ(1, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	EXPECT_EQ(-EINVAL, set_nosuid(0));
	EXPECT_EQ(0, set_nosuid(1));
	EXPECT_EQ(1, get_nosuid());
	EXPECT_EQ(PR_NETWORK_ON, get_network());
	EXPECT_EQ(0, try_inet());
}

TEST(on_changes_nothing)
{
	EXPECT_EQ(0, set_network(PR_NETWORK_ON));
	EXPECT_EQ(PR_NETWORK_ON, get_network());
	EXPECT_EQ(0, try_inet());
}

TEST(one_way)
{
	EXPECT_EQ(0, try_inet());
	restrict_self(_metadata, true);
	EXPECT_EQ(EPERM, try_inet());
	EXPECT_EQ(-EPERM, set_network(PR_NETWORK_ON));
	EXPECT_EQ(0, set_network(PR_NETWORK_OFF));
	EXPECT_EQ(PR_NETWORK_OFF, get_network());
	EXPECT_EQ(EPERM, try_inet());
}

TEST(order_of_checks)
{
	restrict_self(_metadata, true);
	/* An unused argument comes before an unknown bit and before clearing. */
	EXPECT_EQ(-EINVAL, ask(PR_SET_NETWORK, PR_NETWORK_ON, 1, 0, 0));
	/* An unknown bit comes before clearing. */
	EXPECT_EQ(-EINVAL, set_network(2));
	EXPECT_EQ(-EPERM, set_network(PR_NETWORK_ON));
}

TEST(other_options_are_untouched)
{
	restrict_self(_metadata, true);
	EXPECT_EQ(-EINVAL, ask(PR_SET_NETWORK ^ 0x80000000, 0, 0, 0, 0));
	EXPECT_EQ(0, ask(PR_SET_DUMPABLE, 1, 0, 0, 0));
	EXPECT_EQ(1, ask(PR_GET_DUMPABLE, 0, 0, 0, 0));
}

TEST_HARNESS_MAIN
