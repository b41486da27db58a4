// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disablenetwork LSM - Sockets
 */

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/in.h>
#include <linux/lsm_hooks.h>
#include <linux/net.h>
#include <linux/sctp.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <net/inet_sock.h>
#include <net/sock.h>
#include <uapi/linux/sctp.h>

#include "audit.h"
#include "control.h"
#include "setup.h"
#include "socket.h"
#include "state.h"
#include "unix.h"

/**
 * hook_socket_create - Refuses a new socket of any family but AF_UNIX
 *
 * @family: Requested family.
 * @type: Requested type.
 * @protocol: Requested protocol.
 * @kern: Whether the socket is the kernel's own, like that of a network file
 *	  system which the process happens to use.
 *
 * socketpair(2) comes here as well.  The refusal stands before the module of the
 * family would be loaded.
 *
 * Return: 0 if the socket may be created, -EPERM if not.
 */
static int hook_socket_create(const int family, const int type,
			      const int protocol, const int kern)
{
	if (!disablenetwork_is_current_off() || family == AF_UNIX || kern)
		return 0;
	disablenetwork_audit_family(family, "create");
	return -EPERM;
}

/**
 * hook_socket_bind - Refuses a new local address
 *
 * @sock: Socket.
 * @address: Requested address.
 * @addrlen: Length of @address.
 *
 * Return: 0 if the address may be bound, -EPERM if not.
 */
static int hook_socket_bind(struct socket *const sock,
			    struct sockaddr *const address, const int addrlen)
{
	if (!disablenetwork_is_current_off() || disablenetwork_is_unix(sock))
		return 0;
	return disablenetwork_refuse_socket(sock, "bind");
}

/**
 * hook_socket_connect - Refuses a new peer
 *
 * @sock: Socket.
 * @address: Requested address.
 * @addrlen: Length of @address.
 *
 * An address of family AF_UNSPEC, which dissolves a connection, is refused as
 * well: what it leaves behind is a socket that could be used anew.
 *
 * Return: 0 if the socket may be connected, -EPERM if not, -ECONNREFUSED for an
 * abstract name of a Unix socket.
 */
static int hook_socket_connect(struct socket *const sock,
			       struct sockaddr *const address,
			       const int addrlen)
{
	if (!disablenetwork_is_current_off())
		return 0;
	if (disablenetwork_is_unix(sock))
		return disablenetwork_check_name(sock, address, addrlen,
						 "connect");
	return disablenetwork_refuse_socket(sock, "connect");
}

/**
 * hook_socket_listen - Refuses to turn a socket into a listener
 *
 * @sock: Socket.
 * @backlog: Requested length of the queue.
 *
 * A TCP socket without an address gets one from listen(2), without a call of
 * bind(2).
 *
 * Return: 0 if the socket may listen, -EPERM if not.
 */
static int hook_socket_listen(struct socket *const sock, const int backlog)
{
	if (!disablenetwork_is_current_off() || disablenetwork_is_unix(sock))
		return 0;
	return disablenetwork_refuse_socket(sock, "listen");
}

/*
 * Kernel code sends from the context of whichever process needs it, like the
 * requests of a network file system.  Over a stream they have no address, so
 * only datagram sockets need to be let through.
 */
static bool is_kernel_socket(const struct socket *const sock)
{
	/* The bits beside this one may be changing, it does not. */
	return data_race(!!sock->sk->sk_kern_sock) && sock->type == SOCK_DGRAM;
}

static bool is_header_included(const struct sock *const sk)
{
#if KERNEL_BASE >= 612
	return inet_test_bit(HDRINCL, sk);
#else
	/* The bits beside this one may be changing, it is not: see option.c. */
	return data_race(!!inet_sk(sk)->hdrincl);
#endif
}

/*
 * The data that is written to these sockets holds the address that it goes to.
 * On a CAN bus that is the identifier, and there only the other protocols have
 * peers.
 */
static bool writes_own_header(const struct sock *const sk)
{
	switch (READ_ONCE(sk->sk_family)) {
	case AF_INET:
	case AF_INET6:
		return sk->sk_type == SOCK_RAW && is_header_included(sk);
	case AF_BLUETOOTH:
	case AF_IEEE802154:
		return sk->sk_type == SOCK_RAW;
	case AF_CAN:
		/* Which protocol a socket is of, its name alone tells. */
		return sk->sk_type == SOCK_RAW ||
		       !strcmp(sk->sk_prot->name, "CAN_BCM");
	case AF_PACKET:
	case AF_XDP:
		return true;
	default:
		return false;
	}
}

/**
 * hook_socket_sendmsg - Refuses a message to an address of the caller's choice
 *
 * @sock: Socket.
 * @msg: Message.
 * @size: Size of the message's data.
 *
 * TCP Fast Open connects from within a send with an address, so it ends here as
 * well.
 * An address can also come in a control message, or in the data of a
 * socket whose user writes the packet's header.
 *
 * Return: 0 if the message may be sent, -EPERM if not, -ECONNREFUSED for an
 * abstract name of a Unix socket.
 */
static int hook_socket_sendmsg(struct socket *const sock,
			       struct msghdr *const msg, const int size)
{
	if (!disablenetwork_is_current_off())
		return 0;
	if (disablenetwork_is_unix(sock)) {
		/* Sockets of the other types ignore or reject an address. */
		if (!msg->msg_name || sock->type != SOCK_DGRAM)
			return 0;
		return disablenetwork_check_name(sock, msg->msg_name,
						 msg->msg_namelen, "send");
	}
	if (is_kernel_socket(sock))
		return 0;
	if (msg->msg_name)
		return disablenetwork_refuse_socket(sock, "send");
	if (writes_own_header(sock->sk))
		return disablenetwork_refuse_socket(sock, "send_header");
	if (disablenetwork_has_route(msg))
		return disablenetwork_refuse_socket(sock, "send_route");
	return 0;
}

/**
 * hook_sctp_bind_connect - Refuses addresses that SCTP takes by other ways than
 *			    bind(2) and connect(2)
 *
 * @sk: Socket.
 * @optname: Socket option, or what stands for another way.
 * @address: Addresses.
 * @addrlen: Length of @address.
 *
 * Return: 0 if the addresses may be used, -EPERM if not.
 */
static int hook_sctp_bind_connect(struct sock *const sk, const int optname,
				  struct sockaddr *const address,
				  const int addrlen)
{
	switch (optname) {
	case (__force int)SCTP_PARAM_ADD_IP:
	case (__force int)SCTP_PARAM_SET_PRIMARY:
		/* A request of the peer: the current process is any process. */
		return 0;
	default:
		if (!disablenetwork_is_current_off())
			return 0;
		return disablenetwork_refuse_socket(sk->sk_socket,
						    "sctp_bind_connect");
	}
}

static struct security_hook_list disablenetwork_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(socket_create, hook_socket_create),
	LSM_HOOK_INIT(socket_bind, hook_socket_bind),
	LSM_HOOK_INIT(socket_connect, hook_socket_connect),
	LSM_HOOK_INIT(socket_listen, hook_socket_listen),
	LSM_HOOK_INIT(socket_sendmsg, hook_socket_sendmsg),
	LSM_HOOK_INIT(sctp_bind_connect, hook_sctp_bind_connect),
};

void __init disablenetwork_add_socket_hooks(void)
{
	disablenetwork_add_hooks(disablenetwork_hooks,
				 ARRAY_SIZE(disablenetwork_hooks));
}
