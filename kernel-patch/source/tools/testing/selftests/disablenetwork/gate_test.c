// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Who may give up the network
 *
 * A process that takes the network away from under a program that execve(2)
 * makes privileged could have that program misbehave with its privileges, as
 * sendmail did when it could not give up its own.  So the process must first be
 * unable to gain privileges.
 */

#define _GNU_SOURCE
#include <grp.h>
#include <pthread.h>

#include "common.h"

#define USER 1000

static int become_user(void)
{
	if (setgroups(0, NULL) || setresgid(USER, USER, USER) ||
	    setresuid(USER, USER, USER))
		return errno;
	/* /proc/self of a process that changed its user belongs to root. */
	return error_of(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

/* clang-format off */
FIXTURE(gate) {};
/* clang-format on */

FIXTURE_VARIANT(gate)
{
	bool user;
	bool nosuid;
	bool no_new_privs;
	bool user_namespace;
	int expected;
	int nosuid_after;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(gate, user) {
	/* clang-format on */
	.user = true,
	.expected = -EPERM,
};

/* clang-format off */
FIXTURE_VARIANT_ADD(gate, user_nosuid) {
	/* clang-format on */
	.user = true,
	.nosuid = true,
	.nosuid_after = 1,
};

/* clang-format off */
FIXTURE_VARIANT_ADD(gate, user_no_new_privs) {
	/* clang-format on */
	.user = true,
	.no_new_privs = true,
	.nosuid_after = 1,
};

/* clang-format off */
FIXTURE_VARIANT_ADD(gate, user_namespace) {
	/* clang-format on */
	.user = true,
	.user_namespace = true,
};

/* clang-format off */
FIXTURE_VARIANT_ADD(gate, root) {};
/* clang-format on */

/* clang-format off */
FIXTURE_VARIANT_ADD(gate, root_nosuid) {
	/* clang-format on */
	.nosuid = true,
	.nosuid_after = 1,
};

FIXTURE_SETUP(gate)
{
	if (variant->user)
		ASSERT_EQ(0, become_user());
	if (variant->user_namespace)
		ASSERT_EQ(0, error_of(unshare(CLONE_NEWUSER)));
	if (variant->nosuid)
		ASSERT_EQ(0, set_nosuid(1));
	if (variant->no_new_privs)
		ASSERT_EQ(0, ask(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

FIXTURE_TEARDOWN(gate)
{
}

TEST_F(gate, network_off)
{
	EXPECT_EQ(0, try_inet());
	EXPECT_EQ(variant->expected, set_network(PR_NETWORK_OFF));
	EXPECT_EQ(variant->expected ? PR_NETWORK_ON : PR_NETWORK_OFF,
		  get_network());
	EXPECT_EQ(variant->nosuid_after, get_nosuid());
	EXPECT_EQ(variant->expected ? 0 : EPERM, try_inet());
}

TEST_F(gate, arguments_come_first)
{
	EXPECT_EQ(-EINVAL, ask(PR_SET_NETWORK, PR_NETWORK_OFF, 1, 0, 0));
	EXPECT_EQ(-EINVAL, set_network(PR_NETWORK_OFF | 2));
	EXPECT_EQ(0, set_network(PR_NETWORK_ON));
	EXPECT_EQ(PR_NETWORK_ON, get_network());
}

static void *give_up_privileges(void *const result)
{
	*(int *)result = ask(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return NULL;
}

TEST(no_new_privs_of_another_thread)
{
	pthread_t thread;
	int result = -1;

	ASSERT_EQ(0, become_user());
	ASSERT_EQ(0, pthread_create(&thread, NULL, give_up_privileges,
				    &result));
	ASSERT_EQ(0, pthread_join(thread, NULL));
	ASSERT_EQ(0, result);
	/* This thread can still gain privileges. */
	EXPECT_EQ(-EPERM, set_network(PR_NETWORK_OFF));
	EXPECT_EQ(0, try_inet());
	EXPECT_EQ(0, set_nosuid(1));
	EXPECT_EQ(0, set_network(PR_NETWORK_OFF));
}

static void *give_up_suid(void *const result)
{
	*(int *)result = set_nosuid(1);
	return NULL;
}

/* Unlike no_new_privs, it is the process's. */
TEST(nosuid_of_another_thread)
{
	pthread_t thread;
	int result = -1;

	ASSERT_EQ(0, become_user());
	ASSERT_EQ(-EPERM, set_network(PR_NETWORK_OFF));
	ASSERT_EQ(0, pthread_create(&thread, NULL, give_up_suid, &result));
	ASSERT_EQ(0, pthread_join(thread, NULL));
	ASSERT_EQ(0, result);
	ASSERT_EQ(0, ask(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	EXPECT_EQ(0, set_network(PR_NETWORK_OFF));
	EXPECT_EQ(EPERM, try_inet());
}

TEST(clearing_comes_before_the_gate)
{
	ASSERT_EQ(0, set_network(PR_NETWORK_OFF));
	ASSERT_EQ(0, become_user());
	EXPECT_EQ(-EPERM, set_network(PR_NETWORK_ON));
	/* It is off already, which needs no privilege. */
	EXPECT_EQ(0, set_network(PR_NETWORK_OFF));
}

TEST_HARNESS_MAIN
