/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Disablenetwork LSM - Control messages that lead elsewhere
 */

#ifndef _SECURITY_DISABLENETWORK_CONTROL_H
#define _SECURITY_DISABLENETWORK_CONTROL_H

#include <linux/socket.h>

bool disablenetwork_has_route(struct msghdr *msg);

#endif /* _SECURITY_DISABLENETWORK_CONTROL_H */
