// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - What a program was given by execve(2)
 *
 * The exit status has a bit for each kind of privilege.
 */

#include <linux/capability.h>
#include <linux/disablenetwork.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
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

/* Returns -1 if what is shown is not what is in force. */
static int restrictions(void)
{
	const int off = prctl(PR_GET_NETWORK, 0, 0, 0, 0) == PR_NETWORK_OFF;
	const int refused = socket(AF_INET, SOCK_STREAM, 0) < 0;

	if (off != refused)
		return -1;
	return (off ? GAIN_NETWORK_OFF : 0) |
	       (prctl(PR_GET_NOSUID, 0, 0, 0, 0) == 1 ? GAIN_NOSUID : 0);
}

int main(int argc, char **argv)
{
	int gain = GAIN_RAN;

	if (argc > 1 && !strcmp(argv[1], GAIN_ASK)) {
		const int told = restrictions();

		if (told < 0)
			return 0;
		gain |= told;
	}
	if (geteuid() != getuid())
		gain |= GAIN_USER;
	if (getegid() != getgid())
		gain |= GAIN_GROUP;
	if (has_capability())
		gain |= GAIN_CAPABILITY;
	return gain;
}
