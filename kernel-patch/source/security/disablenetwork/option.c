// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disablenetwork LSM - Socket options that lead elsewhere
 */

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/lsm_hooks.h>
#include <linux/net.h>
#include <linux/sctp.h>
#include <linux/socket.h>
#include <linux/tipc.h>
#include <uapi/asm/socket.h>
#include <uapi/linux/sctp.h>

#include "setup.h"
#include "socket.h"
#include "state.h"

/* A socket that is bound to an interface takes every address for a neighbour. */
static bool leads_elsewhere_socket(const int optname)
{
	switch (optname) {
	case SO_BINDTODEVICE:
	case SO_BINDTOIFINDEX:
		return true;
	default:
		return false;
	}
}

static bool leads_elsewhere_ip(const int optname)
{
	switch (optname) {
	/* A source route. */
	case IP_OPTIONS:
	/* The caller writes the header. */
	case IP_HDRINCL:
	/* The interface. */
	case IP_UNICAST_IF:
	case IP_MULTICAST_IF:
	/* Reports to groups, and about sources, of the caller's choice. */
	case IP_ADD_MEMBERSHIP:
	case IP_ADD_SOURCE_MEMBERSHIP:
	case IP_BLOCK_SOURCE:
	case IP_UNBLOCK_SOURCE:
	case IP_MSFILTER:
	case MCAST_JOIN_GROUP:
	case MCAST_JOIN_SOURCE_GROUP:
	case MCAST_BLOCK_SOURCE:
	case MCAST_UNBLOCK_SOURCE:
	case MCAST_MSFILTER:
		return true;
	default:
		return false;
	}
}

static bool leads_elsewhere_ipv6(const int optname)
{
	switch (optname) {
	/* Routing headers, the last one in the options of a flow label. */
	case IPV6_RTHDR:
	case IPV6_2292PKTOPTIONS:
	case IPV6_FLOWLABEL_MGR:
	/* The caller writes the header. */
	case IPV6_HDRINCL:
	/* The interface. */
	case IPV6_PKTINFO:
	case IPV6_UNICAST_IF:
	case IPV6_MULTICAST_IF:
	/* Reports to groups, and about sources, of the caller's choice. */
	case IPV6_ADD_MEMBERSHIP:
	case IPV6_JOIN_ANYCAST:
	case MCAST_JOIN_GROUP:
	case MCAST_JOIN_SOURCE_GROUP:
	case MCAST_BLOCK_SOURCE:
	case MCAST_UNBLOCK_SOURCE:
	case MCAST_MSFILTER:
		return true;
	default:
		return false;
	}
}

static bool leads_elsewhere(const int level, const int optname)
{
	switch (level) {
	case SOL_SOCKET:
		return leads_elsewhere_socket(optname);
	case SOL_IP:
		return leads_elsewhere_ip(optname);
	case SOL_IPV6:
		return leads_elsewhere_ipv6(optname);
	case SOL_SCTP:
		/* A port of the peer's host. */
		return optname == SCTP_REMOTE_UDP_ENCAPS_PORT;
	case SOL_TIPC:
		/* An address of its own and messages to the group's. */
		return optname == TIPC_GROUP_JOIN;
	default:
		return false;
	}
}

/**
 * hook_socket_setsockopt - Refuses options that lead a socket elsewhere
 *
 * @sock: Socket.
 * @level: Protocol level of the option.
 * @optname: Option.
 *
 * IPV6_RTHDRDSTOPTS and the other extension headers are not among them: without
 * a routing header they do not change where a packet goes.  IPV6_2292RTHDR as an
 * option is a switch for what is received.  TCP_FASTOPEN_CONNECT only postpones
 * the first packet of a connect(2), which is refused itself.
 * IPV6_ADDRFORM changes the family, but not to AF_UNIX.
 *
 * Return: 0 if the option may be set, -EPERM if not.
 */
static int hook_socket_setsockopt(struct socket *const sock, const int level,
				  const int optname)
{
	if (!disablenetwork_is_current_off() || disablenetwork_is_unix(sock))
		return 0;
	if (!leads_elsewhere(level, optname))
		return 0;
	return disablenetwork_refuse_socket(sock, "setsockopt");
}

static struct security_hook_list disablenetwork_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(socket_setsockopt, hook_socket_setsockopt),
};

void __init disablenetwork_add_option_hooks(void)
{
	disablenetwork_add_hooks(disablenetwork_hooks,
				 ARRAY_SIZE(disablenetwork_hooks));
}
