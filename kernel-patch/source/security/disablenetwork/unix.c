// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disablenetwork LSM - Abstract names of Unix sockets
 */

#include <linux/errno.h>
#include <linux/net.h>
#include <linux/socket.h>
#include <linux/stddef.h>
#include <linux/un.h>

#include "audit.h"
#include "unix.h"

/**
 * disablenetwork_check_name - Refuses an abstract name
 *
 * @sock: Unix socket.
 * @address: Address, already copied from the user.
 * @addrlen: Length of @address.
 * @operation: What the address is for, as audit records name it.
 *
 * A pathname is guarded by the permissions of its directories; an abstract name
 * is open to everyone in the network namespace.  It is refused as if nobody
 * listened, because clients like libxcb try the abstract name first and go on
 * to the pathname only after ECONNREFUSED or ENOENT.  The address is judged
 * before it is looked up, so the answer does not tell whether somebody listens.
 *
 * Return: 0 if @address is no abstract name, -ECONNREFUSED if it is.
 */
int disablenetwork_check_name(const struct socket *const sock,
			      const struct sockaddr *const address,
			      const int addrlen, const char *const operation)
{
	const struct sockaddr_un *const name =
		(const struct sockaddr_un *)address;

	if (addrlen <= offsetof(struct sockaddr_un, sun_path) ||
	    name->sun_family != AF_UNIX || name->sun_path[0])
		return 0;
	disablenetwork_audit_socket(sock, operation);
	return -ECONNREFUSED;
}
