// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - /proc/PID/attr/disablenetwork/current
 */

#define _GNU_SOURCE
#include <fcntl.h>

#include "common.h"

static void read_state(const pid_t pid, char *const text, const size_t size)
{
	char path[64];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/attr/disablenetwork/current", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? -1 : read(fd, text, size - 1);
	text[length < 0 ? 0 : length] = '\0';
	if (fd >= 0)
		close(fd);
}

TEST(own_state)
{
	char text[64];

	read_state(getpid(), text, sizeof(text));
	EXPECT_STREQ("network=on nosuid=off\n", text);
	ASSERT_EQ(0, set_nosuid(1));
	read_state(getpid(), text, sizeof(text));
	EXPECT_STREQ("network=on nosuid=on\n", text);
	ASSERT_EQ(0, set_network(PR_NETWORK_OFF));
	read_state(getpid(), text, sizeof(text));
	EXPECT_STREQ("network=off nosuid=on\n", text);
}

TEST(state_of_another_process)
{
	const pid_t parent = getpid();
	char text[64];

	restrict_self(_metadata, true);
	read_state(parent, text, sizeof(text));
	EXPECT_STREQ("network=off nosuid=on\n", text);
	read_state(getppid(), text, sizeof(text));
	EXPECT_STREQ("network=on nosuid=off\n", text);
}

TEST(nobody_writes)
{
	const char *const path = "/proc/self/attr/disablenetwork/current";
	const int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0) {
		EXPECT_EQ(EACCES, errno);
	} else {
		EXPECT_EQ(-1, write(fd, "network=on", 10));
		EXPECT_EQ(EINVAL, errno);
	}
}

TEST_HARNESS_MAIN
