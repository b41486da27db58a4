/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Disablenetwork LSM - What the rest of the kernel calls
 */

#ifndef _LINUX_DISABLENETWORK_H
#define _LINUX_DISABLENETWORK_H

#include <linux/compiler.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

struct pid;
struct pid_namespace;
struct seq_file;

#ifdef CONFIG_SECURITY_DISABLENETWORK
/*
 * A new process inherits what its parent has given up.  CLONE_VM does not share
 * it: a child of vfork(2) that gives up the network must not take it away from
 * its parent.
 */
static inline void disablenetwork_fork(struct signal_struct *sig)
{
	sig->disablenetwork = READ_ONCE(current->signal->disablenetwork);
}

int proc_pid_disablenetwork(struct seq_file *m, struct pid_namespace *ns,
			    struct pid *pid, struct task_struct *task);
#else
static inline void disablenetwork_fork(struct signal_struct *sig)
{
}
#endif

#endif /* _LINUX_DISABLENETWORK_H */
