/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Disablenetwork tests - Exit status of gain_probe
 */

#ifndef _DISABLENETWORK_GAIN_H
#define _DISABLENETWORK_GAIN_H

/* Tells a probe that gained nothing from a child that did not start it. */
#define GAIN_RAN 0x40
#define GAIN_USER 0x1
#define GAIN_GROUP 0x2
#define GAIN_CAPABILITY 0x4
#define GAIN_ANY (GAIN_USER | GAIN_GROUP | GAIN_CAPABILITY)

/* Told only if it is asked by the argument GAIN_ASK. */
#define GAIN_ASK "restrictions"
#define GAIN_NOSUID 0x8
#define GAIN_NETWORK_OFF 0x10

#endif /* _DISABLENETWORK_GAIN_H */
