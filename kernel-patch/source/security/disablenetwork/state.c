// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disablenetwork LSM - State of a thread group
 */

#include <asm/current.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/lsm_hooks.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "setup.h"
#include "state.h"

/* The boot task never dies, so its state is never freed. */
static struct disablenetwork_group boot_group = {
	.usage = REFCOUNT_INIT(1),
	.flags = ATOMIC_INIT(0),
};

/**
 * hook_task_alloc - Gives a new task the state of its thread group
 *
 * @task: New task, which nothing else can see yet.
 * @clone_flags: Flags of clone(2).
 *
 * A thread shares the object of its thread group.  A process gets an object of
 * its own with the flags that the parent has at this moment.  CLONE_VM alone
 * does not share: a child of vfork(2) that gives up the network must not take
 * it away from its parent.
 *
 * Return: 0 on success, -ENOMEM if there is no memory for the object.
 */
static int hook_task_alloc(struct task_struct *const task,
			   const unsigned long clone_flags)
{
	struct disablenetwork_group *group;

	if (clone_flags & CLONE_THREAD) {
		group = disablenetwork_task(current)->group;
		refcount_inc(&group->usage);
	} else {
		group = kmalloc(sizeof(*group), GFP_KERNEL_ACCOUNT);
		if (!group)
			return -ENOMEM;
		refcount_set(&group->usage, 1);
		atomic_set(&group->flags, disablenetwork_flags(current));
	}
	disablenetwork_task(task)->group = group;
	return 0;
}

/**
 * hook_task_free - Drops a task's reference to the state of its thread group
 *
 * @task: Task that nothing refers to any more, so nobody follows its pointer
 *	  and no grace period is needed.
 */
static void hook_task_free(struct task_struct *const task)
{
	struct disablenetwork_group *const group =
		disablenetwork_task(task)->group;

	/* Another LSM or hook_task_alloc() may have refused the task. */
	if (group && refcount_dec_and_test(&group->usage))
		kfree(group);
}

static struct security_hook_list disablenetwork_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(task_alloc, hook_task_alloc),
	LSM_HOOK_INIT(task_free, hook_task_free),
};

void __init disablenetwork_add_state_hooks(void)
{
	disablenetwork_task(current)->group = &boot_group;
	disablenetwork_add_hooks(disablenetwork_hooks,
				 ARRAY_SIZE(disablenetwork_hooks));
}
