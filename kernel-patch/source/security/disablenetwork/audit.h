/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Disablenetwork LSM - Audit records of refusals
 */

#ifndef _SECURITY_DISABLENETWORK_AUDIT_H
#define _SECURITY_DISABLENETWORK_AUDIT_H

#include <linux/net.h>
#include <linux/sched.h>

#ifdef CONFIG_AUDIT

void disablenetwork_audit_family(int family, const char *operation);
void disablenetwork_audit_socket(const struct socket *sock,
				 const char *operation);
void disablenetwork_audit_task(struct task_struct *task, const char *operation);

#else /* CONFIG_AUDIT */

static inline void disablenetwork_audit_family(const int family,
					       const char *const operation)
{
}

static inline void disablenetwork_audit_socket(const struct socket *const sock,
					       const char *const operation)
{
}

static inline void disablenetwork_audit_task(struct task_struct *const task,
					     const char *const operation)
{
}

#endif /* CONFIG_AUDIT */

#endif /* _SECURITY_DISABLENETWORK_AUDIT_H */
