/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Disablenetwork LSM - State of a thread group
 */

#ifndef _SECURITY_DISABLENETWORK_STATE_H
#define _SECURITY_DISABLENETWORK_STATE_H

#include <asm/current.h>
#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

/*
 * Bits of signal_struct.disablenetwork.  A bit that is set stays set, and is in
 * force for every thread of the group at once, whichever are being created
 * meanwhile: io_uring's and vhost's kernel-side threads share the signal_struct
 * as well.
 */
#define DISABLENETWORK_NETWORK_OFF_BIT 0
#define DISABLENETWORK_NOSUID_BIT 1

#define DISABLENETWORK_NETWORK_OFF BIT(DISABLENETWORK_NETWORK_OFF_BIT)
#define DISABLENETWORK_NOSUID BIT(DISABLENETWORK_NOSUID_BIT)

/* Whoever holds a reference to a task may follow its signal_struct. */
static inline unsigned long
disablenetwork_flags(const struct task_struct *const task)
{
	return READ_ONCE(task->signal->disablenetwork);
}

static inline bool disablenetwork_is_current_nosuid(void)
{
	return test_bit(DISABLENETWORK_NOSUID_BIT,
			&current->signal->disablenetwork);
}

static inline bool disablenetwork_is_current_off(void)
{
	/* One instruction on x86, where test_bit() takes two. */
	return test_bit_acquire(DISABLENETWORK_NETWORK_OFF_BIT,
				&current->signal->disablenetwork);
}

#endif /* _SECURITY_DISABLENETWORK_STATE_H */
