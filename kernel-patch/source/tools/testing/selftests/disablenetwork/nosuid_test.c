// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - No privileges by execve(2), whichever thread calls it
 */

#define _GNU_SOURCE
#include <linux/capability.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/xattr.h>

#include "setuid.h"

#define SCRIPT FOLDER "/script"

enum executor { MAIN, OTHER_THREAD, CHILD, VFORK_CHILD };

/* clang-format off */
FIXTURE(gain) {};
/* clang-format on */

FIXTURE_VARIANT(gain)
{
	mode_t mode;
	bool capability;
	int gained;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(gain, setuid) {
	/* clang-format on */
	.mode = 04755,
	.gained = GAIN_USER | GAIN_CAPABILITY,
};

/* clang-format off */
FIXTURE_VARIANT_ADD(gain, setgid) {
	/* clang-format on */
	.mode = 02755,
	.gained = GAIN_GROUP,
};

/* clang-format off */
FIXTURE_VARIANT_ADD(gain, file_capability) {
	/* clang-format on */
	.mode = 0755,
	.capability = true,
	.gained = GAIN_CAPABILITY,
};

/* Makes a script that the probe interprets. */
static int write_script(const mode_t mode)
{
	static const char text[] = "#!" PROBE "\n";
	const int fd = open(SCRIPT, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			    0755);

	if (fd < 0 || write(fd, text, strlen(text)) < 0 || fchmod(fd, mode))
		return errno;
	close(fd);
	return 0;
}

static int add_capability(void)
{
	const struct vfs_cap_data data = {
		.magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE,
		.data[0].permitted = 1 << CAP_NET_RAW,
	};

	return error_of(setxattr(PROBE, "security.capability", &data,
				 sizeof(data), 0));
}

FIXTURE_SETUP(gain)
{
	install_probe(_metadata, variant->mode);
	if (variant->capability)
		ASSERT_EQ(0, add_capability());
	ASSERT_EQ(0, write_script(0755));
	become_user(_metadata);
}

FIXTURE_TEARDOWN(gain)
{
}

static atomic_int dropped;

static const char *program = PROBE;

static int execute(void)
{
	execl(program, "probe", NULL);
	return CHILD_LOST;
}

static void *execute_once_dropped(void *const unused)
{
	while (!atomic_load(&dropped))
		usleep(100);
	_exit(execute());
}

static int drop_if(const bool nosuid)
{
	const int error = nosuid ? set_nosuid(1) : 0;

	atomic_store(&dropped, 1);
	return error;
}

/* Runs the probe in the wanted way, in a child, and returns its report. */
static int probe(const enum executor executor, const bool nosuid)
{
	const pid_t child = fork();
	pthread_t thread;
	pid_t grandchild;

	if (child)
		return wait_for(child);
	if (executor == OTHER_THREAD &&
	    pthread_create(&thread, NULL, execute_once_dropped, NULL))
		_exit(1);
	if (drop_if(nosuid))
		_exit(2);
	switch (executor) {
	case MAIN:
		_exit(execute());
	case OTHER_THREAD:
		pthread_join(thread, NULL);
		_exit(3);
	case CHILD:
		grandchild = fork();
		if (!grandchild)
			_exit(execute());
		_exit(wait_for(grandchild));
	case VFORK_CHILD:
		grandchild = vfork();
		if (!grandchild)
			_exit(execute());
		_exit(wait_for(grandchild));
	}
	_exit(4);
}

TEST_F(gain, main_thread)
{
	EXPECT_EQ(GAIN_RAN | variant->gained, probe(MAIN, false));
	EXPECT_EQ(GAIN_RAN, probe(MAIN, true));
}

TEST_F(gain, older_thread)
{
	EXPECT_EQ(GAIN_RAN | variant->gained, probe(OTHER_THREAD, false));
	EXPECT_EQ(GAIN_RAN, probe(OTHER_THREAD, true));
}

TEST_F(gain, child)
{
	EXPECT_EQ(GAIN_RAN | variant->gained, probe(CHILD, false));
	EXPECT_EQ(GAIN_RAN, probe(CHILD, true));
}

TEST_F(gain, vfork_child)
{
	EXPECT_EQ(GAIN_RAN | variant->gained, probe(VFORK_CHILD, false));
	EXPECT_EQ(GAIN_RAN, probe(VFORK_CHILD, true));
}

/* The privileges are those of the interpreter. */
TEST_F(gain, script)
{
	program = SCRIPT;
	EXPECT_EQ(GAIN_RAN | variant->gained, probe(MAIN, false));
	EXPECT_EQ(GAIN_RAN, probe(MAIN, true));
	EXPECT_EQ(GAIN_RAN, probe(OTHER_THREAD, true));
}

static void *fork_and_execute(void *const report)
{
	pid_t child;

	while (!atomic_load(&dropped))
		usleep(100);
	child = fork();
	if (!child)
		_exit(execute());
	*(int *)report = wait_for(child);
	return NULL;
}

TEST_F(gain, child_of_older_thread)
{
	pthread_t thread;
	int report = 0;

	EXPECT_EQ(GAIN_RAN | variant->gained, probe(MAIN, false));
	ASSERT_EQ(0, pthread_create(&thread, NULL, fork_and_execute, &report));
	ASSERT_EQ(0, drop_if(true));
	ASSERT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(GAIN_RAN, report);
}

static int drop_and_execute(void *const unused)
{
	if (set_network(PR_NETWORK_OFF))
		return 1;
	return execute();
}

/* A program that fails open without the network must not run privileged. */
TEST_F(gain, never_without_the_network)
{
	EXPECT_EQ(GAIN_RAN | variant->gained, probe(MAIN, false));
	/* The gate keeps the network, and with it the privilege. */
	EXPECT_EQ(1, in_child(drop_and_execute, NULL));
	ASSERT_EQ(0, set_nosuid(1));
	EXPECT_EQ(GAIN_RAN, in_child(drop_and_execute, NULL));
}

/* The kernel gives a script no privileges of its own, with or without. */
TEST(setuid_script)
{
	install_probe(_metadata, 0755);
	ASSERT_EQ(0, write_script(04755));
	become_user(_metadata);
	program = SCRIPT;
	EXPECT_EQ(GAIN_RAN, probe(MAIN, false));
	EXPECT_EQ(GAIN_RAN, probe(MAIN, true));
}

TEST_HARNESS_MAIN
