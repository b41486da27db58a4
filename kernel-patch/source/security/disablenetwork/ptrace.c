// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disablenetwork LSM - Access to other processes
 */

#include <asm/current.h>
#include <linux/errno.h>
#include <linux/lsm_hooks.h>
#include <linux/ptrace.h>
#include <linux/sched.h>

#include "audit.h"
#include "setup.h"
#include "state.h"

/*
 * Whoever drives a process can do what that process can do, so a tracer may not
 * have a restriction that the tracee lacks.  Sharing memory is no excuse: a
 * child of vfork(2) does so with a parent that may have the network.
 */
static bool has_more_restrictions(const struct task_struct *const tracer,
				  const struct task_struct *const tracee)
{
	return disablenetwork_flags(tracer) & ~disablenetwork_flags(tracee);
}

/**
 * hook_ptrace_access_check - Refuses access to a process with fewer restrictions
 *
 * @child: Process to be accessed.
 * @mode: PTRACE_MODE_* flags.
 *
 * All that is guarded like ptrace(2) comes here: /proc/PID/mem,
 * process_vm_writev(2), pidfd_getfd(2), kcmp(2).
 *
 * Return: 0 if the current process may access @child, -EPERM if not.
 */
static int hook_ptrace_access_check(struct task_struct *const child,
				    const unsigned int mode)
{
	if (!has_more_restrictions(current, child))
		return 0;
	if (!(mode & PTRACE_MODE_NOAUDIT))
		disablenetwork_audit_task(child, "ptrace");
	return -EPERM;
}

/**
 * hook_ptrace_traceme - Refuses a tracer with more restrictions
 *
 * @parent: Task that would trace the current one.
 *
 * Return: 0 if @parent may trace the current process, -EPERM if not.
 */
static int hook_ptrace_traceme(struct task_struct *const parent)
{
	if (!has_more_restrictions(parent, current))
		return 0;
	disablenetwork_audit_task(parent, "traceme");
	return -EPERM;
}

static struct security_hook_list disablenetwork_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(ptrace_access_check, hook_ptrace_access_check),
	LSM_HOOK_INIT(ptrace_traceme, hook_ptrace_traceme),
};

void __init disablenetwork_add_ptrace_hooks(void)
{
	disablenetwork_add_hooks(disablenetwork_hooks,
				 ARRAY_SIZE(disablenetwork_hooks));
}
