// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disablenetwork LSM - /proc/PID/attr/disablenetwork/current
 */

#include <linux/disablenetwork.h>
#include <linux/errno.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

#include "setup.h"
#include "state.h"

/**
 * proc_pid_disablenetwork - Shows what a process has given up
 *
 * @m: File to write to.
 * @ns: PID namespace of the reader.
 * @pid: Process ID.
 * @task: Task, to which the caller holds a reference.
 *
 * Return: 0 on success, -EINVAL if the LSM is not among those that the boot
 * parameter "lsm=" or CONFIG_LSM names.
 */
int proc_pid_disablenetwork(struct seq_file *const m,
			    struct pid_namespace *const ns,
			    struct pid *const pid,
			    struct task_struct *const task)
{
	unsigned int flags;

	if (!disablenetwork_initialized)
		return -EINVAL;
	flags = disablenetwork_flags(task);
	seq_printf(m, "network=%s nosuid=%s\n",
		   flags & DISABLENETWORK_NETWORK_OFF ? "off" : "on",
		   flags & DISABLENETWORK_NOSUID ? "on" : "off");
	return 0;
}
