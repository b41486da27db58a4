/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Disablenetwork LSM - State of a thread group
 */

#ifndef _SECURITY_DISABLENETWORK_STATE_H
#define _SECURITY_DISABLENETWORK_STATE_H

#include <asm/current.h>
#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/refcount.h>
#include <linux/sched.h>

#include "setup.h"

/* Flags of a thread group.  A flag that is set stays set. */
#define DISABLENETWORK_NETWORK_OFF BIT(0)
#define DISABLENETWORK_NOSUID BIT(1)

/**
 * struct disablenetwork_group - State of a thread group
 *
 * All threads of a thread group share one object, io_uring's and vhost's
 * kernel-side threads of the process included, so a flag that is set is in
 * force for each of them at once, whichever are being created meanwhile.
 */
struct disablenetwork_group {
	/**
	 * @usage: Number of tasks that point to this object.
	 */
	refcount_t usage;
	/**
	 * @flags: DISABLENETWORK_* flags.
	 */
	atomic_t flags;
};

/**
 * struct disablenetwork_task - Security blob of a task
 */
struct disablenetwork_task {
	/**
	 * @group: State that the task shares with its thread group.  It is set
	 * before the task becomes visible and never changes: whoever holds a
	 * reference to the task may follow it.
	 */
	struct disablenetwork_group *group;
};

static inline struct disablenetwork_task *
disablenetwork_task(const struct task_struct *const task)
{
	return task->security + disablenetwork_blob_sizes.lbs_task;
}

static inline unsigned int
disablenetwork_flags(const struct task_struct *const task)
{
	return atomic_read(&disablenetwork_task(task)->group->flags);
}
#if SERIES_STEP >= 3

static inline void disablenetwork_set_current_flags(const unsigned int flags)
{
	atomic_or(flags, &disablenetwork_task(current)->group->flags);
}
#endif
#if SERIES_STEP >= 4

static inline bool disablenetwork_is_current_off(void)
{
	return disablenetwork_flags(current) & DISABLENETWORK_NETWORK_OFF;
}
#endif

#endif /* _SECURITY_DISABLENETWORK_STATE_H */
