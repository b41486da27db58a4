/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Disablenetwork tests - A program that gives privileges, and a user without
 */

#ifndef _DISABLENETWORK_SETUID_H
#define _DISABLENETWORK_SETUID_H

#include <fcntl.h>
#include <grp.h>
#include <libgen.h>
#include <linux/limits.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include "common.h"
#include "gain.h"

#define USER 1000
#define FOLDER "/tmp/disablenetwork-setuid"
#define PROBE FOLDER "/probe"

static int __maybe_unused copy_probe(void)
{
	char path[PATH_MAX] = {};
	struct stat status;
	int from, to, error;

	if (readlink("/proc/self/exe", path, sizeof(path) - 1) < 0)
		return errno;
	strcat(dirname(path), "/gain_probe");
	from = open(path, O_RDONLY | O_CLOEXEC);
	to = open(PROBE, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	if (from < 0 || to < 0 || fstat(from, &status))
		return errno;
	error = sendfile(to, from, NULL, status.st_size) == status.st_size ?
			0 : EIO;
	close(from);
	close(to);
	return error;
}

/* Puts the probe on a mount of its own: the folder may be on a nosuid mount. */
static void __maybe_unused
install_probe(struct __test_metadata *const _metadata, const mode_t mode)
{
	ASSERT_EQ(0, error_of(unshare(CLONE_NEWNS)));
	ASSERT_EQ(0, error_of(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE,
				    NULL)));
	if (mkdir(FOLDER, 0755))
		ASSERT_EQ(EEXIST, errno);
	ASSERT_EQ(0, error_of(mount("none", FOLDER, "tmpfs", 0, "mode=755")));
	ASSERT_EQ(0, copy_probe());
	ASSERT_EQ(0, error_of(chmod(PROBE, mode)));
}

static void __maybe_unused become_user(struct __test_metadata *const _metadata)
{
	ASSERT_EQ(0, error_of(setgroups(0, NULL)));
	ASSERT_EQ(0, error_of(setresgid(USER, USER, USER)));
	ASSERT_EQ(0, error_of(setresuid(USER, USER, USER)));
}

#endif /* _DISABLENETWORK_SETUID_H */
