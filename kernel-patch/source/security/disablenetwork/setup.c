// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disablenetwork LSM - Security framework setup
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/init.h>
#include <linux/lsm_hooks.h>
#include <linux/printk.h>
#if KERNEL_BASE >= 612
#include <uapi/linux/lsm.h>
#endif

#include "setup.h"

bool disablenetwork_initialized __ro_after_init;
#if KERNEL_BASE >= 612

static const struct lsm_id disablenetwork_lsmid = {
	.name = DISABLENETWORK_NAME,
	.id = LSM_ID_DISABLENETWORK,
};
#endif

/**
 * disablenetwork_add_hooks - Adds hooks of this LSM to the framework's
 *
 * @hooks: Hooks to add.
 * @count: Number of @hooks.
 */
void __init disablenetwork_add_hooks(struct security_hook_list *const hooks,
				     const int count)
{
#if KERNEL_BASE >= 612
	security_add_hooks(hooks, count, &disablenetwork_lsmid);
#else
	security_add_hooks(hooks, count, DISABLENETWORK_NAME);
#endif
}

static int __init disablenetwork_init(void)
{
	disablenetwork_add_prctl_hooks();
	disablenetwork_add_nosuid_hooks();
	disablenetwork_add_socket_hooks();
	disablenetwork_add_option_hooks();
	disablenetwork_add_ptrace_hooks();
	disablenetwork_initialized = true;
	pr_info("Ready for processes that give up the network.\n");
	return 0;
}

DEFINE_LSM(disablenetwork) = {
	.name = DISABLENETWORK_NAME,
	.init = disablenetwork_init,
};
