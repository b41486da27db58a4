/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Disablenetwork LSM - Abstract names of Unix sockets
 */

#ifndef _SECURITY_DISABLENETWORK_UNIX_H
#define _SECURITY_DISABLENETWORK_UNIX_H

#include <linux/net.h>
#include <linux/socket.h>

int disablenetwork_check_name(const struct socket *sock,
			      const struct sockaddr *address, int addrlen,
			      const char *operation);

#endif /* _SECURITY_DISABLENETWORK_UNIX_H */
