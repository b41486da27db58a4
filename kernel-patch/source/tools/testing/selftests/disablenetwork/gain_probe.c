// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - What a program was given by execve(2)
 *
 * The exit status has a bit for each kind of privilege.
 */

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "gain.h"

static int has_capability(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = {};

	if (syscall(__NR_capget, &header, data))
		return 0;
	return (data[0].permitted | data[1].permitted) != 0;
}

int main(void)
{
	int gain = GAIN_RAN;

	if (geteuid() != getuid())
		gain |= GAIN_USER;
	if (getegid() != getgid())
		gain |= GAIN_GROUP;
	if (has_capability())
		gain |= GAIN_CAPABILITY;
	return gain;
}
