// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disablenetwork LSM - prctl(2) options
 */

#include <asm/current.h>
#include <linux/bitops.h>
#include <linux/capability.h>
#include <linux/compiler.h>
#include <linux/cred.h>
#include <linux/errno.h>
#include <linux/lsm_hooks.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <uapi/linux/disablenetwork.h>

#include "setup.h"
#include "state.h"

/*
 * A thread that is inside execve(2) may already have been granted the
 * privileges of a setuid program.  The mutex makes the flag wait for the end of
 * that call, as it does for SECCOMP_FILTER_FLAG_TSYNC: either the program
 * replaces the process, this thread included, before the flag is set, or it
 * gets no privileges.
 */
static int lock_exec(void)
{
	if (mutex_lock_killable(&current->signal->cred_guard_mutex))
		return -EINTR;
	return 0;
}

static void unlock_exec(void)
{
	mutex_unlock(&current->signal->cred_guard_mutex);
}

/**
 * set_nosuid - Gives up the privileges that execve(2) could bring
 *
 * @value: Must be 1.
 *
 * The caller gets no_new_privs at once, its other threads when they next call
 * execve(2).
 *
 * Return: 0 on success, -EINVAL if @value is not 1, -EINTR if the thread is
 * being killed.
 */
static int set_nosuid(const unsigned long value)
{
	int error;

	if (value != 1)
		return -EINVAL;
	error = lock_exec();
	if (error)
		return error;
	task_set_no_new_privs(current);
	set_bit(DISABLENETWORK_NOSUID_BIT, &current->signal->disablenetwork);
	unlock_exec();
	return 0;
}

/*
 * Taking the network from under a program that then gains privileges could make
 * that program misbehave with them.
 */
static int set_network_off(void)
{
	unsigned long *const flags = &current->signal->disablenetwork;

	if (task_no_new_privs(current)) {
		/* Any thread can call execve(2), not only this one. */
		set_bit(DISABLENETWORK_NOSUID_BIT, flags);
	} else if (!disablenetwork_is_current_nosuid() &&
		   !ns_capable_noaudit(current_user_ns(), CAP_SYS_ADMIN)) {
		return -EPERM;
	}
	set_bit(DISABLENETWORK_NETWORK_OFF_BIT, flags);
	return 0;
}

/**
 * set_network - Gives up the network
 *
 * @value: PR_NETWORK_* flags.
 *
 * Return: 0 on success, also if the network is already off, or one of, checked
 * in this order:
 *
 * * -EINVAL if @value has an unknown bit;
 * * -EPERM if @value would clear a flag that is set;
 * * -EINTR if the thread is being killed;
 * * -EPERM if the thread group can gain privileges by execve(2) and the caller
 *   does not have CAP_SYS_ADMIN in its user namespace.
 */
static int set_network(const unsigned long value)
{
	int error;

	if (value & ~(unsigned long)PR_NETWORK_OFF)
		return -EINVAL;
	if (disablenetwork_is_current_off())
		return value & PR_NETWORK_OFF ? 0 : -EPERM;
	if (!(value & PR_NETWORK_OFF))
		return 0;
	error = lock_exec();
	if (error)
		return error;
	error = set_network_off();
	unlock_exec();
	return error;
}

/*
 * Not inline, so that the options of others, which are far more frequent, do not
 * pay for the registers that this saves.
 */
static noinline int answer_prctl(const int option, const unsigned long arg2,
				 const unsigned long arg3,
				 const unsigned long arg4,
				 const unsigned long arg5)
{
	switch (option) {
	case PR_SET_NETWORK:
		if (arg3 || arg4 || arg5)
			return -EINVAL;
		return set_network(arg2);
	case PR_GET_NETWORK:
		if (arg2 || arg3 || arg4 || arg5)
			return -EINVAL;
		return disablenetwork_is_current_off() ? PR_NETWORK_OFF :
							 PR_NETWORK_ON;
	case PR_SET_NOSUID:
		if (arg3 || arg4 || arg5)
			return -EINVAL;
		return set_nosuid(arg2);
	default: /* PR_GET_NOSUID */
		if (arg2 || arg3 || arg4 || arg5)
			return -EINVAL;
		return disablenetwork_is_current_nosuid();
	}
}

/**
 * hook_task_prctl - Answers the prctl(2) options of this LSM
 *
 * @option: Option.
 * @arg2: Value of the PR_SET_* options, else unused.
 * @arg3: Unused.
 * @arg4: Unused.
 * @arg5: Unused.
 *
 * Return: 0 or the value that the option asks for, -ENOSYS if the option is
 * none of this LSM's, -EINVAL if an unused argument is not 0, or an error of
 * the option.
 */
static int hook_task_prctl(const int option, const unsigned long arg2,
			   const unsigned long arg3, const unsigned long arg4,
			   const unsigned long arg5)
{
	switch (option) {
	case PR_SET_NETWORK:
	case PR_GET_NETWORK:
	case PR_SET_NOSUID:
	case PR_GET_NOSUID:
		return answer_prctl(option, arg2, arg3, arg4, arg5);
	default:
		return -ENOSYS;
	}
}

static struct security_hook_list disablenetwork_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(task_prctl, hook_task_prctl),
};

void __init disablenetwork_add_prctl_hooks(void)
{
	disablenetwork_add_hooks(disablenetwork_hooks,
				 ARRAY_SIZE(disablenetwork_hooks));
}
