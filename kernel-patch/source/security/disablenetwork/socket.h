/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Disablenetwork LSM - Sockets
 */

#ifndef _SECURITY_DISABLENETWORK_SOCKET_H
#define _SECURITY_DISABLENETWORK_SOCKET_H

#include <linux/compiler.h>
#include <linux/net.h>
#include <linux/socket.h>
#include <net/sock.h>

#include "audit.h"

/*
 * What counts is the family of the socket, never the one in an address that the
 * caller passes.
 */
static inline bool disablenetwork_is_unix(const struct socket *const sock)
{
	/* IPV6_ADDRFORM changes the family of a live socket. */
	return READ_ONCE(sock->sk->sk_family) == AF_UNIX;
}

static inline int disablenetwork_refuse_socket(const struct socket *const sock,
					       const char *const operation)
{
	disablenetwork_audit_socket(sock, operation);
	return -EPERM;
}

#endif /* _SECURITY_DISABLENETWORK_SOCKET_H */
