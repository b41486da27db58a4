// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - A storm of forks while another thread drops
 *
 * A fork that overlaps the drop may count as before it or as after it; both are
 * counted.  One that begins afterwards is always restricted, one that ended
 * before never is, and a grandchild is what its parent was.
 */

#define _GNU_SOURCE
#include <pthread.h>
#include <sys/mman.h>

#include "race.h"

#define FORKERS 4
#define FORKS 8
#define SHARE 20

enum report { FREE, RESTRICTED, MIXED };

/* Children report to the test by this memory. */
static struct {
	atomic_int phase, started;
	atomic_int early, late, overlapping_free, overlapping_restricted;
	atomic_int escaped, wrong;
} *shared;

/* What is shown and what is in force must agree. */
static int look(void *const unused)
{
	const int network = get_network(), error = try_inet();

	if (network == PR_NETWORK_ON && !error)
		return FREE;
	return network == PR_NETWORK_OFF && error == EPERM ? RESTRICTED : MIXED;
}

static int look_twice(void *const unused)
{
	const int report = look(NULL);

	return in_child(look, NULL) == report ? report : MIXED;
}

static void judge(const enum phase begin, const enum phase end,
		  const int report)
{
	if (report != FREE && report != RESTRICTED)
		atomic_fetch_add(&shared->wrong, 1);
	else if (begin == AFTER)
		atomic_fetch_add(report == FREE ? &shared->escaped :
						  &shared->late, 1);
	else if (end == BEFORE)
		atomic_fetch_add(report == FREE ? &shared->early :
						  &shared->wrong, 1);
	else
		atomic_fetch_add(report == FREE ?
					 &shared->overlapping_free :
					 &shared->overlapping_restricted, 1);
}

static void *fork_children(void *const unused)
{
	enum phase begin, end;
	pid_t child;
	int i;

	atomic_fetch_add(&shared->started, 1);
	for (i = 0; i < FORKS; i++) {
		begin = atomic_load(&shared->phase);
		child = fork();
		if (child == 0)
			_exit(look_twice(NULL));
		end = atomic_load(&shared->phase);
		judge(begin, end, wait_for(child));
		if (begin == AFTER)
			break;
	}
	return NULL;
}

static int race(void *const try)
{
	pthread_t forkers[FORKERS];
	int i, error;

	for (i = 0; i < FORKERS; i++)
		if (pthread_create(&forkers[i], NULL, fork_children, NULL))
			return 1;
	while (atomic_load(&shared->started) < FORKERS)
		sched_yield();
	spin(*(int *)try % 64 * 2048);
	atomic_store(&shared->phase, DURING);
	error = set_network(PR_NETWORK_OFF);
	atomic_store(&shared->phase, AFTER);
	if (error)
		return 2;
	for (i = 0; i < FORKERS; i++)
		pthread_join(forkers[i], NULL);
	/* At least this one begins afterwards. */
	judge(AFTER, AFTER, in_child(look_twice, NULL));
	return 0;
}

/* clang-format off */
FIXTURE(race) {};
/* clang-format on */

FIXTURE_SETUP(race)
{
}

FIXTURE_TEARDOWN(race)
{
}

TEST_F_TIMEOUT(race, no_child_escapes, LONG_TIME)
{
	const int tries = count_tries(SHARE);
	int try;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, shared);
	for (try = 0; try < tries; try++) {
		atomic_store(&shared->phase, BEFORE);
		atomic_store(&shared->started, 0);
		ASSERT_EQ(0, in_child(race, &try));
		if (atomic_load(&shared->escaped) || atomic_load(&shared->wrong))
			break;
	}
	TH_LOG("%d drops; forks: %d before, %d overlapping (%d restricted), %d after",
	       try, atomic_load(&shared->early),
	       atomic_load(&shared->overlapping_free) +
		       atomic_load(&shared->overlapping_restricted),
	       atomic_load(&shared->overlapping_restricted),
	       atomic_load(&shared->late));
	EXPECT_EQ(0, atomic_load(&shared->escaped));
	EXPECT_EQ(0, atomic_load(&shared->wrong));
	EXPECT_LE(tries, atomic_load(&shared->late));
	/* The control: those that came before have the network. */
	EXPECT_LT(0, atomic_load(&shared->early) +
			     atomic_load(&shared->overlapping_free));
}

TEST_HARNESS_MAIN
