// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Threads, children and programs that race the drop
 *
 * DISABLENETWORK_RACE_TRIES sets the number of tries; 100000 is the number that
 * the series was tested with.
 */

#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "common.h"

#define DEFAULT_TRIES 1000
#define LONG_TIME 3600
#define CREATIONS 4

static int count_tries(void)
{
	const char *const text = getenv("DISABLENETWORK_RACE_TRIES");

	return text ? atoi(text) : DEFAULT_TRIES;
}

static atomic_int started, dropped, escaped, overlapping, checked;

static void *check_once_dropped(void *const unused)
{
	while (!atomic_load(&dropped))
		sched_yield();
	if (get_network() != PR_NETWORK_OFF || try_inet() != EPERM)
		atomic_fetch_add(&escaped, 1);
	atomic_fetch_add(&checked, 1);
	return NULL;
}

static void *create_threads(void *const unused)
{
	pthread_t threads[CREATIONS];
	int i, count = 0;

	atomic_store(&started, 1);
	for (i = 0; i < CREATIONS; i++)
		count += !pthread_create(&threads[count], NULL,
					 check_once_dropped, NULL);
	for (i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	return NULL;
}

/* Waits a little, each time another while, so that the drop hits any moment. */
static int drop_at(const int try)
{
	volatile int spin;

	while (!atomic_load(&started))
		sched_yield();
	for (spin = 0; spin < try % 512 * 64; spin++)
		;
	if (set_nosuid(1) || set_network(PR_NETWORK_OFF)) {
		atomic_store(&dropped, 1);
		return 1;
	}
	atomic_store(&dropped, 1);
	return 0;
}

static int race_threads(void *const try)
{
	pthread_t creator;

	if (pthread_create(&creator, NULL, create_threads, NULL) ||
	    drop_at(*(int *)try))
		return 2;
	pthread_join(creator, NULL);
	if (atomic_load(&checked) != CREATIONS)
		return 3;
	return atomic_load(&escaped) ? 1 : 0;
}

static int look(void *const unused)
{
	return try_inet();
}

static void *fork_children(void *const unused)
{
	int i;

	atomic_store(&started, 1);
	for (i = 0; i < CREATIONS; i++) {
		/* A fork that began before the drop counts as before it. */
		const bool after = atomic_load(&dropped);
		const int error = in_child(look, NULL);

		if (error != EPERM && !after)
			atomic_fetch_add(&overlapping, 1);
		else if (error != EPERM)
			atomic_fetch_add(&escaped, 1);
	}
	return NULL;
}

static int race_forks(void *const try)
{
	pthread_t creators[2];
	int i;

	for (i = 0; i < 2; i++)
		if (pthread_create(&creators[i], NULL, fork_children, NULL))
			return 2;
	if (drop_at(*(int *)try))
		return 2;
	for (i = 0; i < 2; i++)
		pthread_join(creators[i], NULL);
	if (in_child(look, NULL) != EPERM)
		return 1;
	return atomic_load(&escaped) ? 1 : 0;
}

static void *execute(void *const unused)
{
	atomic_store(&started, 1);
	execl("/proc/self/exe", "state", NULL);
	return NULL;
}

/* Whether the exec or the drop wins, the two never mix: see main(). */
static int race_exec(void *const try)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, execute, NULL))
		return 2;
	if (drop_at(*(int *)try))
		return 2;
	pthread_join(thread, NULL);
	return 3;
}

static int state(void)
{
	const int network = get_network();

	if (network < 0)
		return 2;
	/* The state that is shown and the one that is in force agree. */
	return (network == PR_NETWORK_OFF) != (try_inet() == EPERM);
}

/* clang-format off */
FIXTURE(race) {};
/* clang-format on */

FIXTURE_VARIANT(race)
{
	int (*function)(void *);
	int share;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(race, threads) { .function = race_threads, .share = 1 };
FIXTURE_VARIANT_ADD(race, forks) { .function = race_forks, .share = 10 };
FIXTURE_VARIANT_ADD(race, exec) { .function = race_exec, .share = 10 };
/* clang-format on */

FIXTURE_SETUP(race)
{
}

FIXTURE_TEARDOWN(race)
{
}

TEST_F_TIMEOUT(race, none_escapes, LONG_TIME)
{
	const int tries = count_tries() / variant->share;
	int try, failed = 0, status;

	for (try = 0; try < tries && !failed; try++) {
		status = in_child(variant->function, &try);
		if (status) {
			failed++;
			TH_LOG("Try %d of %d ended with %d", try, tries,
			       status);
		}
	}
	EXPECT_EQ(0, failed);
	EXPECT_LT(0, tries);
}

int main(int argc, char **argv)
{
	if (!strcmp(argv[0], "state"))
		return state();
	return test_harness_run(argc, argv);
}
