// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disablenetwork LSM - Audit records of refusals
 */

#include <linux/audit.h>
#include <linux/compiler.h>
#include <linux/lsm_audit.h>
#include <linux/net.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/socket.h>
#include <net/sock.h>

#include "audit.h"
#include "setup.h"

/*
 * A program that tries the network in a loop, or that starts children to do so,
 * must not drown the log: the limit is one for all processes.
 */
static DEFINE_RATELIMIT_STATE(refusals, DEFAULT_RATELIMIT_INTERVAL,
			      DEFAULT_RATELIMIT_BURST);

struct refusal {
	/* First, so that the callback finds the structure around it. */
	struct common_audit_data data;
	const char *operation;
	int family;
};

static void log_refusal(struct audit_buffer *const buffer, void *const data)
{
	const struct refusal *const refusal =
		container_of(data, struct refusal, data);

	audit_log_format(buffer, DISABLENETWORK_NAME ": denied operation=%s",
			 refusal->operation);
	if (refusal->family != AF_UNSPEC)
		audit_log_format(buffer, " family=%d", refusal->family);
}

static void log_if_rare(struct refusal *const refusal)
{
	if (__ratelimit(&refusals))
		common_lsm_audit(&refusal->data, log_refusal, NULL);
}

/**
 * disablenetwork_audit_family - Records that a new socket was refused
 *
 * @family: Family of the socket.
 * @operation: Name of the operation.
 */
void disablenetwork_audit_family(const int family, const char *const operation)
{
	struct refusal refusal = {
		.data.type = LSM_AUDIT_DATA_NONE,
		.operation = operation,
		.family = family,
	};

	log_if_rare(&refusal);
}

/**
 * disablenetwork_audit_socket - Records that the use of a socket was refused
 *
 * @sock: Socket.
 * @operation: Name of the operation.
 */
void disablenetwork_audit_socket(const struct socket *const sock,
				 const char *const operation)
{
	struct lsm_network_audit net = {
		.sk = sock->sk,
	};
	struct refusal refusal = {
		.data.type = LSM_AUDIT_DATA_NET,
		.data.u.net = &net,
		.operation = operation,
		.family = READ_ONCE(sock->sk->sk_family),
	};

	log_if_rare(&refusal);
}

/**
 * disablenetwork_audit_task - Records that access to a process was refused
 *
 * @task: The other process.
 * @operation: Name of the operation.
 */
void disablenetwork_audit_task(struct task_struct *const task,
			       const char *const operation)
{
	struct refusal refusal = {
		.data.type = LSM_AUDIT_DATA_TASK,
		.data.u.tsk = task,
		.operation = operation,
		.family = AF_UNSPEC,
	};

	log_if_rare(&refusal);
}
