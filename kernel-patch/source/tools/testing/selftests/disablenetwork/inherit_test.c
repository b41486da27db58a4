// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Threads, children and execve(2)
 */

#define _GNU_SOURCE
#include <linux/sched.h>
#include <pthread.h>
#include <stdatomic.h>

#include "common.h"

#define THREADS 16
#define STACK_SIZE (64 * 1024)

static char stack[STACK_SIZE] __attribute__((aligned(16)));

/* In a child that shares memory, only system calls are safe. */
static int look(void *const unused)
{
	return try_inet();
}

static int drop_and_look(void *const unused)
{
	if (set_nosuid(1) || set_network(PR_NETWORK_OFF))
		return CHILD_LOST - 1;
	return try_inet();
}

static int in_clone(int (*const function)(void *), const int flags)
{
	const pid_t child = clone(function, stack + STACK_SIZE,
				  flags | SIGCHLD, NULL);

	return wait_for(child);
}

/* clang-format off */
FIXTURE(child) {};
/* clang-format on */

FIXTURE_VARIANT(child)
{
	int flags;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(child, fork) {};
FIXTURE_VARIANT_ADD(child, vm) { .flags = CLONE_VM };
FIXTURE_VARIANT_ADD(child, vfork) { .flags = CLONE_VM | CLONE_VFORK };
FIXTURE_VARIANT_ADD(child, files) { .flags = CLONE_VM | CLONE_FILES };
FIXTURE_VARIANT_ADD(child, sighand) {
	.flags = CLONE_VM | CLONE_SIGHAND | CLONE_FS
};
FIXTURE_VARIANT_ADD(child, user_namespace) { .flags = CLONE_NEWUSER };
FIXTURE_VARIANT_ADD(child, net_namespace) { .flags = CLONE_NEWNET };
FIXTURE_VARIANT_ADD(child, pid_namespace) { .flags = CLONE_NEWPID };
/* clang-format on */

FIXTURE_SETUP(child)
{
}

FIXTURE_TEARDOWN(child)
{
}

TEST_F(child, inherits)
{
	EXPECT_EQ(0, in_clone(look, variant->flags));
	restrict_self(_metadata, true);
	EXPECT_EQ(EPERM, in_clone(look, variant->flags));
}

TEST_F(child, does_not_drop_its_parent)
{
	EXPECT_EQ(EPERM, in_clone(drop_and_look, variant->flags));
	EXPECT_EQ(PR_NETWORK_ON, get_network());
	EXPECT_EQ(0, get_nosuid());
	EXPECT_EQ(0, try_inet());
}

TEST(parent_does_not_drop_a_living_child)
{
	int go[2];
	pid_t child;
	char byte = 0;

	ASSERT_EQ(0, pipe(go));
	child = fork();
	ASSERT_LE(0, child);
	if (child == 0) {
		/* Ends with its parent, should that fail. */
		close(go[1]);
		if (read(go[0], &byte, 1) != 1)
			_exit(CHILD_LOST);
		_exit(try_inet());
	}
	restrict_self(_metadata, true);
	EXPECT_EQ(1, write(go[1], &byte, 1));
	EXPECT_EQ(0, wait_for(child));
	EXPECT_EQ(EPERM, try_inet());
}

/* The program that a child executes is this one: see main(). */
static int execute_probe(void *const unused)
{
	execl("/proc/self/exe", "probe", NULL);
	return CHILD_LOST;
}

static void *execute_in_thread(void *const unused)
{
	execute_probe(NULL);
	_exit(CHILD_LOST);
}

static int execute_from_thread(void *const unused)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, execute_in_thread, NULL))
		return CHILD_LOST;
	pthread_join(thread, NULL);
	return CHILD_LOST;
}

TEST(new_program)
{
	EXPECT_EQ(0, in_child(execute_probe, NULL));
	EXPECT_EQ(0, in_child(execute_from_thread, NULL));
	EXPECT_EQ(0, in_clone(execute_probe, CLONE_VM | CLONE_VFORK));
	restrict_self(_metadata, true);
	EXPECT_EQ(EPERM, in_child(execute_probe, NULL));
	EXPECT_EQ(EPERM, in_child(execute_from_thread, NULL));
	EXPECT_EQ(EPERM, in_clone(execute_probe, CLONE_VM | CLONE_VFORK));
}

static atomic_int waiting, phase;
static int before[THREADS], after[THREADS], state[THREADS];

static void *look_twice(void *const index)
{
	const long i = (long)index;

	before[i] = try_inet();
	atomic_fetch_add(&waiting, 1);
	while (!atomic_load(&phase))
		usleep(1000);
	after[i] = try_inet();
	state[i] = get_network();
	return NULL;
}

static void *drop(void *const result)
{
	*(int *)result = set_nosuid(1) ?: set_network(PR_NETWORK_OFF);
	return NULL;
}

static void *look_in_thread(void *const result)
{
	*(int *)result = try_inet();
	return NULL;
}

TEST(every_thread_whichever_drops)
{
	pthread_t threads[THREADS], dropper;
	int result = -1;
	long i;

	for (i = 0; i < THREADS; i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, look_twice,
					    (void *)i));
	while (atomic_load(&waiting) < THREADS)
		usleep(1000);
	ASSERT_EQ(0, pthread_create(&dropper, NULL, drop, &result));
	ASSERT_EQ(0, pthread_join(dropper, NULL));
	EXPECT_EQ(0, result);
	EXPECT_EQ(EPERM, try_inet());
	EXPECT_EQ(1, get_nosuid());
	atomic_store(&phase, 1);
	for (i = 0; i < THREADS; i++) {
		ASSERT_EQ(0, pthread_join(threads[i], NULL));
		EXPECT_EQ(0, before[i]);
		EXPECT_EQ(EPERM, after[i]);
		EXPECT_EQ(PR_NETWORK_OFF, state[i]);
	}
	ASSERT_EQ(0, pthread_create(&dropper, NULL, look_in_thread, &result));
	ASSERT_EQ(0, pthread_join(dropper, NULL));
	EXPECT_EQ(EPERM, result);
	EXPECT_EQ(EPERM, in_child(look, NULL));
}

int main(int argc, char **argv)
{
	if (!strcmp(argv[0], "probe"))
		return try_inet();
	return test_harness_run(argc, argv);
}
