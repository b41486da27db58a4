// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disablenetwork LSM - No privileges by execve(2)
 */

#include <asm/current.h>
#include <linux/binfmts.h>
#include <linux/lsm_hooks.h>
#include <linux/sched.h>
#include <linux/security.h>

#include "setup.h"
#include "state.h"

/**
 * hook_bprm_creds_for_exec - Extends no_new_privs to every thread of the group
 *
 * @bprm: Program to be executed.
 *
 * The thread that called PR_SET_NOSUID has no_new_privs already.  Any other
 * thread of the group gets it here, before the setuid and setgid bits, the file
 * capabilities and the transitions of the LSMs that come later in the order are
 * looked at.  The caller holds the cred_guard_mutex, so the flag cannot be set
 * between here and the end of execve(2).
 *
 * Return: Always 0.
 */
static int hook_bprm_creds_for_exec(struct linux_binprm *const bprm)
{
	if (disablenetwork_is_current_nosuid()) {
		task_set_no_new_privs(current);
		bprm->unsafe |= LSM_UNSAFE_NO_NEW_PRIVS;
	}
	return 0;
}

static struct security_hook_list disablenetwork_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(bprm_creds_for_exec, hook_bprm_creds_for_exec),
};

void __init disablenetwork_add_nosuid_hooks(void)
{
	disablenetwork_add_hooks(disablenetwork_hooks,
				 ARRAY_SIZE(disablenetwork_hooks));
}
