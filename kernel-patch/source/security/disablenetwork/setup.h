/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Disablenetwork LSM - Security framework setup
 */

#ifndef _SECURITY_DISABLENETWORK_SETUP_H
#define _SECURITY_DISABLENETWORK_SETUP_H

#include <linux/init.h>
#include <linux/lsm_hooks.h>

#define DISABLENETWORK_NAME "disablenetwork"

extern bool disablenetwork_initialized;

void __init disablenetwork_add_hooks(struct security_hook_list *hooks,
				     int count);

void __init disablenetwork_add_prctl_hooks(void);
void __init disablenetwork_add_nosuid_hooks(void);
void __init disablenetwork_add_socket_hooks(void);
void __init disablenetwork_add_option_hooks(void);
void __init disablenetwork_add_ptrace_hooks(void);

#endif /* _SECURITY_DISABLENETWORK_SETUP_H */
