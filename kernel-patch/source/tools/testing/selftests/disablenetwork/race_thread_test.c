// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Threads that are being created while another one drops
 *
 * A try is one call of clone(2) that began before the drop had ended and ended
 * after the drop had begun.  A process can drop only once, so that each drop
 * happens in a new thread group.  It shares the memory of the test, for that is
 * cheaper than a fork(2); so errno is shared, too, and of no use here.
 */

#define _GNU_SOURCE
#include <limits.h>
#include <linux/futex.h>
#include <sys/mman.h>

#include "race.h"

#define CREATORS 2
#define CREATIONS 24
#define STACK_SIZE 16384
#define THREAD_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | \
		      CLONE_THREAD | CLONE_SYSVSEM)

/* Of the thread group that races. */
static atomic_int phase, started, try, failed;
static bool drops;
static char *stacks;

/* Of all of them. */
static atomic_int overlapping, created, checked, with_network, without_network;

static char *stack(const int index)
{
	return stacks + (index + 1) * STACK_SIZE;
}

/* Each thread that was created tells what it can do once the drop is over. */
static int look_afterwards(void *const unused)
{
	int fd, now;

	while ((now = atomic_load(&phase)) != AFTER)
		syscall(__NR_futex, &phase, FUTEX_WAIT, now, NULL, NULL, 0);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 && get_network() == PR_NETWORK_OFF)
		atomic_fetch_add(&without_network, 1);
	if (fd >= 0 || get_network() != PR_NETWORK_OFF)
		atomic_fetch_add(&with_network, 1);
	if (fd >= 0)
		close(fd);
	atomic_fetch_add(&checked, 1);
	return 0;
}

static int create_threads(void *const first)
{
	const long offset = (long)first;
	enum phase begin;
	int i;

	atomic_fetch_add(&started, 1);
	for (i = 0; i < CREATIONS; i++) {
		begin = atomic_load(&phase);
		if (begin == AFTER)
			break;
		if (clone(look_afterwards, stack(offset + i), THREAD_FLAGS,
			  NULL) < 0) {
			atomic_fetch_add(&failed, 1);
			break;
		}
		if (overlaps(begin, atomic_load(&phase)))
			atomic_fetch_add(&overlapping, 1);
		atomic_fetch_add(&created, 1);
	}
	return 0;
}

/* The parent's wait is over when the last thread of this group has ended. */
static int race(void *const unused)
{
	int i;

	for (i = 0; i < CREATORS; i++)
		if (clone(create_threads, stack(1 + i), THREAD_FLAGS,
			  (void *)(1L + CREATORS + i * CREATIONS)) < 0)
			atomic_fetch_add(&failed, 1);
	while (atomic_load(&started) + atomic_load(&failed) < 1)
		sched_yield();
	/* Each time another while, so that the drop hits every moment. */
	spin(atomic_load(&try) % 256 * 32);
	atomic_store(&phase, DURING);
	/* Takes PR_SET_NOSUID with it, because the group has no_new_privs. */
	if (drops && prctl(PR_SET_NETWORK, PR_NETWORK_OFF, 0, 0, 0))
		atomic_fetch_add(&failed, 1);
	atomic_store(&phase, AFTER);
	syscall(__NR_futex, &phase, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
	return 0;
}

/* Returns how many drops it took, or -1. */
static int race_until(const int tries)
{
	int status;
	pid_t child;

	for (atomic_store(&try, 0); atomic_load(&overlapping) < tries;
	     atomic_fetch_add(&try, 1)) {
		if (atomic_load(&try) > 20 * tries + 1000)
			return -1;
		atomic_store(&phase, BEFORE);
		atomic_store(&started, 0);
		atomic_store(&failed, 0);
		child = clone(race, stack(0), CLONE_VM | SIGCHLD, NULL);
		if (child < 0 || waitpid(child, &status, 0) != child ||
		    status || atomic_load(&failed))
			return -1;
		if (drops && atomic_load(&with_network))
			break;
	}
	return atomic_load(&try);
}

/* clang-format off */
FIXTURE(race) {};
/* clang-format on */

FIXTURE_SETUP(race)
{
	stacks = mmap(NULL, (1 + CREATORS * (1 + CREATIONS)) * STACK_SIZE,
		      PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		      0);
	ASSERT_NE(MAP_FAILED, stacks);
	ASSERT_EQ(0, ask(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

FIXTURE_TEARDOWN(race)
{
}

TEST_F_TIMEOUT(race, no_thread_escapes, LONG_TIME)
{
	const int tries = count_tries(1);
	int drops_needed;

	drops = true;
	drops_needed = race_until(tries);
	TH_LOG("%d drops, %d creations, %d of them overlapping, %d escapes",
	       drops_needed, atomic_load(&created), atomic_load(&overlapping),
	       atomic_load(&with_network));
	EXPECT_LT(0, drops_needed);
	EXPECT_LE(tries, atomic_load(&overlapping));
	EXPECT_EQ(0, atomic_load(&with_network));
	EXPECT_EQ(atomic_load(&created), atomic_load(&checked));
	EXPECT_EQ(atomic_load(&created), atomic_load(&without_network));
	/* The drops were those of other processes. */
	EXPECT_EQ(PR_NETWORK_ON, get_network());
	EXPECT_EQ(0, try_inet());
}

/* The same without a drop: every thread has the network, and is counted. */
TEST_F(race, control)
{
	EXPECT_LT(0, race_until(50));
	EXPECT_LT(0, atomic_load(&created));
	EXPECT_EQ(atomic_load(&created), atomic_load(&with_network));
	EXPECT_EQ(atomic_load(&created), atomic_load(&checked));
	EXPECT_EQ(0, atomic_load(&without_network));
}

TEST_HARNESS_MAIN
