/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
#ifndef _UAPI_LINUX_DISABLENETWORK_H
#define _UAPI_LINUX_DISABLENETWORK_H

/*
 * prctl() options. The historic small numbers are taken (35 is PR_SET_MM, 36
 * is PR_SET_CHILD_SUBREAPER), so the options are ASCII magic, as PR_SET_PTRACER.
 */
#define PR_SET_NETWORK	0x4e455453	/* "NETS" */
#define PR_GET_NETWORK	0x4e455447	/* "NETG" */
#define PR_SET_NOSUID	0x4e535553	/* "NSUS" */
#define PR_GET_NOSUID	0x4e535547	/* "NSUG" */

/* Flags of PR_SET_NETWORK, and the value of PR_GET_NETWORK. */
#define PR_NETWORK_ON	0x0
#define PR_NETWORK_OFF	0x1

#endif /* _UAPI_LINUX_DISABLENETWORK_H */
