// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - execve(2) in one thread while another one drops
 *
 * The exec may end the thread that drops before it begins, while it waits for
 * the exec, or not before it is done.  Whichever it is, the new program has
 * either the privileges of its file or a restriction, never both.
 */

#define _GNU_SOURCE
#include <pthread.h>
#include <sys/mman.h>

#include "race.h"
#include "setuid.h"

#define SHARE 20

/* Without it, the exec would nearly always come first. */
#define EXEC_DELAY 50000

enum executor { LEADER, OTHER_THREAD };

struct race {
	enum executor executor;
	bool network;
	int delay;
};

/* Outlives the process that races. */
static struct {
	atomic_int ready, begun, dropped, failed;
} *shared;

FIXTURE(race)
{
	int exec_first, drop_first, ended;
};

FIXTURE_VARIANT(race)
{
	mode_t mode;
	int gain;
	struct race race;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(race, plain) {
	/* clang-format on */
	.mode = 0755,
	.race = { .executor = OTHER_THREAD, .network = true },
};

/* clang-format off */
FIXTURE_VARIANT_ADD(race, setuid) {
	/* clang-format on */
	.mode = 04755,
	.gain = GAIN_USER | GAIN_CAPABILITY,
	.race = { .executor = OTHER_THREAD },
};

/* clang-format off */
FIXTURE_VARIANT_ADD(race, setuid_network) {
	/* clang-format on */
	.mode = 04755,
	.gain = GAIN_USER | GAIN_CAPABILITY,
	.race = { .executor = OTHER_THREAD, .network = true },
};

/* clang-format off */
FIXTURE_VARIANT_ADD(race, setuid_leader) {
	/* clang-format on */
	.mode = 04755,
	.gain = GAIN_USER | GAIN_CAPABILITY,
	.race = { .executor = LEADER, .network = true },
};

FIXTURE_SETUP(race)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, shared);
	install_probe(_metadata, variant->mode);
	become_user(_metadata);
}

FIXTURE_TEARDOWN(race)
{
}

static void meet(void)
{
	atomic_fetch_add(&shared->ready, 1);
	while (atomic_load(&shared->ready) < 2)
		sched_yield();
}

static void *execute(void *const unused)
{
	meet();
	spin(EXEC_DELAY);
	execl(PROBE, "probe", GAIN_ASK, NULL);
	_exit(CHILD_LOST);
}

static void *drop(void *const argument)
{
	const struct race *const race = argument;

	meet();
	spin(race->delay);
	atomic_store(&shared->begun, 1);
	if (set_nosuid(1) || (race->network && set_network(PR_NETWORK_OFF)))
		atomic_store(&shared->failed, 1);
	atomic_store(&shared->dropped, 1);
	return NULL;
}

/* Both sides: the exec ends this function, or the whole process. */
static int run(void *const argument)
{
	const struct race *const race = argument;
	pthread_t other;

	if (pthread_create(&other, NULL,
			   race->executor == LEADER ? drop : execute, argument))
		return CHILD_LOST;
	if (race->executor == LEADER)
		execute(NULL);
	drop(argument);
	pthread_join(other, NULL);
	return CHILD_LOST;
}

/* Returns what is wrong with the answer of the new program, or NULL. */
static const char *judge(const FIXTURE_VARIANT(race) * const variant,
			 const int status)
{
	const int all = GAIN_NOSUID |
			(variant->race.network ? GAIN_NETWORK_OFF : 0);
	const int gain = status & GAIN_ANY;

	if (status == CHILD_LOST || !(status & GAIN_RAN))
		return "it did not run, or its state is not what is in force";
	if (atomic_load(&shared->failed))
		return "the drop failed";
	if (gain && status & (GAIN_NOSUID | GAIN_NETWORK_OFF))
		return "it has privileges and a restriction";
	if (gain && gain != variant->gain)
		return "it has privileges that its file does not give";
	if (!gain && variant->gain && !(status & GAIN_NOSUID))
		return "it has lost its privileges without a restriction";
	if (atomic_load(&shared->dropped) && (status & all) != all)
		return "the drop was done, and got lost";
	if (!(status & GAIN_NOSUID) && status & GAIN_NETWORK_OFF)
		return "it has lost the network alone";
	return NULL;
}

/* Only if each side has won, the two have met. */
static bool both_won(const FIXTURE_DATA(race) * const self)
{
	return self->exec_first && self->drop_first;
}

TEST_F_TIMEOUT(race, never_both, LONG_TIME)
{
	const int tries = count_tries(SHARE);
	struct race race = variant->race;
	int try, status = 0, center = EXEC_DELAY;
	const char *fault = NULL;

	for (try = 0; !fault && (try < tries || !both_won(self)); try++) {
		if (try > tries + 1000)
			break;
		atomic_store(&shared->ready, 0);
		atomic_store(&shared->begun, 0);
		atomic_store(&shared->dropped, 0);
		/* Around the delay with which either side comes first. */
		race.delay = try % 2 ? center : center / 16 * (try % 32);
		status = in_child(run, &race);
		fault = judge(variant, status);
		if (status & GAIN_NOSUID) {
			self->drop_first++;
			center += center / 8 + 64;
		} else {
			self->exec_first++;
			center -= center / 8;
			if (atomic_load(&shared->begun))
				self->ended++;
		}
	}
	TH_LOG("%d execs: %d before the drop (%d ended it), %d after it", try,
	       self->exec_first, self->ended, self->drop_first);
	EXPECT_EQ(NULL, fault)
	{
		TH_LOG("Try %d ended with %#x: %s", try, status, fault);
	}
	EXPECT_TRUE(both_won(self));
}

TEST_HARNESS_MAIN
