/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Disablenetwork tests - What races the drop, and how often
 *
 * DISABLENETWORK_RACE_TRIES is the number of thread creations that have to
 * overlap a drop, and in proportion to it that of the dearer races.  The default
 * takes a few seconds.  100000 took race_thread_test 24 minutes on a busy
 * machine of two processors that emulated two others.
 */

#ifndef _DISABLENETWORK_RACE_H
#define _DISABLENETWORK_RACE_H

#include <stdatomic.h>
#include <stdlib.h>

#include "common.h"

#define DEFAULT_TRIES 400
#define LONG_TIME 7200

/* What a race was at when it was begun, and when it was over. */
enum phase { BEFORE, DURING, AFTER };

static int __maybe_unused count_tries(const int share)
{
	const char *const text = getenv("DISABLENETWORK_RACE_TRIES");
	const int tries = (text ? atoi(text) : DEFAULT_TRIES) / share;

	return tries < 1 ? 1 : tries;
}

static bool __maybe_unused overlaps(const enum phase begin,
				    const enum phase end)
{
	return begin != AFTER && end != BEFORE;
}

/* Takes time without a system call, which could be a place to be preempted. */
static void __maybe_unused spin(const int turns)
{
	volatile int i;

	for (i = 0; i < turns; i++)
		;
}

#endif /* _DISABLENETWORK_RACE_H */
