// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disablenetwork LSM - Control messages that lead elsewhere
 */

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ipv6.h>
#include <linux/socket.h>

#include "control.h"

static size_t data_length(const struct cmsghdr *const control)
{
	return control->cmsg_len - sizeof(*control);
}

static bool names_interface_ip(struct cmsghdr *const control)
{
	const struct in_pktinfo *const info = CMSG_DATA(control);

	return data_length(control) >= sizeof(*info) && info->ipi_ifindex;
}

static bool names_interface_ipv6(struct cmsghdr *const control)
{
	const struct in6_pktinfo *const info = CMSG_DATA(control);

	return data_length(control) >= sizeof(*info) && info->ipi6_ifindex;
}

static bool leads_elsewhere(struct cmsghdr *const control)
{
	if (control->cmsg_level == SOL_IP) {
		switch (control->cmsg_type) {
		case IP_RETOPTS:
			return true;
		case IP_PKTINFO:
			return names_interface_ip(control);
		}
	} else if (control->cmsg_level == SOL_IPV6) {
		switch (control->cmsg_type) {
		case IPV6_RTHDR:
		case IPV6_2292RTHDR:
			return true;
		case IPV6_PKTINFO:
		case IPV6_2292PKTINFO:
			return names_interface_ipv6(control);
		}
	}
	return false;
}

/**
 * disablenetwork_has_route - Tells whether a control message of a message names
 *			      a source route or an interface
 *
 * @msg: Message, its control messages already copied from the user.
 *
 * The socket's family is not looked at: an IPv4 socket takes some messages of
 * IPv6, and it ignores or rejects the others.
 *
 * Return: true if there is one, false if not.
 */
bool disablenetwork_has_route(struct msghdr *const msg)
{
	struct cmsghdr *control;

	for_each_cmsghdr(control, msg) {
		/* The protocol rejects the message for this one. */
		if (!CMSG_OK(msg, control))
			return false;
		if (leads_elsewhere(control))
			return true;
	}
	return false;
}
