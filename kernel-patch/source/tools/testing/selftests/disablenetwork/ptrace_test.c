// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Access to other processes
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/kcmp.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#include "common.h"

#define NONE 0
#define NOSUID 1
#define NETWORK 2

#ifndef __NR_pidfd_getfd
#define __NR_pidfd_getfd 438
#endif

#ifndef __NR_process_madvise
#define __NR_process_madvise 440
#endif

#ifndef MADV_COLD
#define MADV_COLD 20
#endif

static long target = 1;

FIXTURE(access)
{
	pid_t child;
	int go[2], ready[2];
};

/* Restrictions of the process that wants access, and of the other one. */
FIXTURE_VARIANT(access)
{
	int mine, other;
	int expected;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(access, none_to_none) {};
FIXTURE_VARIANT_ADD(access, none_to_nosuid) { .other = NOSUID };
FIXTURE_VARIANT_ADD(access, none_to_network) { .other = NETWORK };
FIXTURE_VARIANT_ADD(access, nosuid_to_nosuid) {
	.mine = NOSUID, .other = NOSUID
};
FIXTURE_VARIANT_ADD(access, nosuid_to_network) {
	.mine = NOSUID, .other = NETWORK
};
FIXTURE_VARIANT_ADD(access, network_to_network) {
	.mine = NETWORK, .other = NETWORK
};
FIXTURE_VARIANT_ADD(access, nosuid_to_none) {
	.mine = NOSUID, .expected = EPERM
};
FIXTURE_VARIANT_ADD(access, network_to_none) {
	.mine = NETWORK, .expected = EPERM
};
FIXTURE_VARIANT_ADD(access, network_to_nosuid) {
	.mine = NETWORK, .other = NOSUID, .expected = EPERM
};
/* clang-format on */

static int apply(const int restriction)
{
	if (restriction >= NOSUID && set_nosuid(1))
		return EINVAL;
	if (restriction >= NETWORK && set_network(PR_NETWORK_OFF))
		return EINVAL;
	return 0;
}

FIXTURE_SETUP(access)
{
	char byte;

	ASSERT_EQ(0, pipe(self->go));
	ASSERT_EQ(0, pipe(self->ready));
	self->child = fork();
	ASSERT_LE(0, self->child);
	if (self->child == 0) {
		close(self->go[1]);
		close(self->ready[0]);
		byte = apply(variant->other);
		if (write(self->ready[1], &byte, 1) != 1)
			_exit(CHILD_LOST);
		/* Ends with the test, which closes the pipe. */
		if (read(self->go[0], &byte, 1) < 0)
			_exit(CHILD_LOST);
		_exit(target);
	}
	close(self->ready[1]);
	ASSERT_EQ(1, read(self->ready[0], &byte, 1));
	ASSERT_EQ(0, byte);
	ASSERT_EQ(0, apply(variant->mine));
}

FIXTURE_TEARDOWN(access)
{
	close(self->go[1]);
}

static int finish(const FIXTURE_DATA(access) * const self)
{
	close(self->go[1]);
	return wait_for(self->child);
}

TEST_F(access, attach)
{
	EXPECT_EQ(variant->expected,
		  error_of(ptrace(PTRACE_ATTACH, self->child, 0, 0)));
}

TEST_F(access, seize)
{
	EXPECT_EQ(variant->expected,
		  error_of(ptrace(PTRACE_SEIZE, self->child, 0, 0)));
}

TEST_F(access, process_vm_writev)
{
	long value = 7;
	struct iovec local = { .iov_base = &value, .iov_len = sizeof(value) };
	struct iovec remote = { .iov_base = &target, .iov_len = sizeof(value) };

	EXPECT_EQ(variant->expected,
		  error_of(process_vm_writev(self->child, &local, 1, &remote, 1,
					     0)));
	EXPECT_EQ(variant->expected ? 1 : 7, finish(self));
}

TEST_F(access, process_vm_readv)
{
	long value = 0;
	struct iovec local = { .iov_base = &value, .iov_len = sizeof(value) };
	struct iovec remote = { .iov_base = &target, .iov_len = sizeof(value) };

	EXPECT_EQ(variant->expected,
		  error_of(process_vm_readv(self->child, &local, 1, &remote, 1,
					    0)));
	EXPECT_EQ(variant->expected ? 0 : 1, value);
}

TEST_F(access, process_madvise)
{
	const int pidfd = syscall(__NR_pidfd_open, self->child, 0);
	struct iovec remote = {
		.iov_base = (void *)((uintptr_t)&target & ~4095UL),
		.iov_len = 4096,
	};

	ASSERT_LE(0, pidfd);
	/* This one answers EACCES, whatever the reason. */
	EXPECT_EQ(variant->expected ? EACCES : 0,
		  error_of(syscall(__NR_process_madvise, pidfd, &remote, 1,
				   MADV_COLD, 0)));
}

TEST_F(access, proc_mem)
{
	long value = 7;
	char path[32];
	int fd, error;

	snprintf(path, sizeof(path), "/proc/%d/mem", self->child);
	fd = open(path, O_RDWR);
	error = error_of(fd);
	/* This file answers EACCES, whatever the reason. */
	EXPECT_EQ(variant->expected ? EACCES : 0, error);
	if (!error)
		EXPECT_EQ(sizeof(value), pwrite(fd, &value, sizeof(value),
						(off_t)&target));
	EXPECT_EQ(variant->expected ? 1 : 7, finish(self));
}

/* Returns the value with this number in /proc/PID/stat, or NULL. */
static const char *read_value(const pid_t process, int number,
			      char *const text, const size_t size)
{
	char path[32];
	const char *value;
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", process);
	fd = open(path, O_RDONLY);
	length = fd < 0 ? -1 : read(fd, text, size - 1);
	close(fd);
	if (length < 0)
		return NULL;
	text[length] = '\0';
	/* The second one is a name in parentheses, which can be anything. */
	value = strrchr(text, ')');
	for (number -= 2; value && number > 0; number--)
		value = strchr(value + 1, ' ');
	return value;
}

/* Everybody may read the file, but for addresses: refused without a record. */
TEST_F(access, address_of_the_stack)
{
	char text[1024];
	const char *const value = read_value(self->child, 28, text,
					     sizeof(text));

	ASSERT_NE(NULL, value);
	EXPECT_EQ(variant->expected != 0, strtoul(value, NULL, 10) == 0);
}

TEST_F(access, pidfd_getfd)
{
	const int pidfd = syscall(__NR_pidfd_open, self->child, 0);

	ASSERT_LE(0, pidfd);
	EXPECT_EQ(variant->expected,
		  error_of(syscall(__NR_pidfd_getfd, pidfd, self->go[0], 0)));
}

TEST_F(access, kcmp)
{
	EXPECT_EQ(variant->expected,
		  error_of(syscall(__NR_kcmp, getpid(), self->child, KCMP_VM, 0,
				   0)));
}

/* clang-format off */
FIXTURE(traceme) {};
/* clang-format on */

FIXTURE_VARIANT(traceme)
{
	int parent, child;
	int expected;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(traceme, none) {};
FIXTURE_VARIANT_ADD(traceme, child) { .child = NETWORK };
FIXTURE_VARIANT_ADD(traceme, both) { .parent = NETWORK, .child = NETWORK };
FIXTURE_VARIANT_ADD(traceme, parent) { .parent = NETWORK, .expected = EPERM };
/* clang-format on */

FIXTURE_SETUP(traceme)
{
}

FIXTURE_TEARDOWN(traceme)
{
}

TEST_F(traceme, towards_parent)
{
	int go[2];
	pid_t child;
	char byte = 0;

	ASSERT_EQ(0, pipe(go));
	child = fork();
	ASSERT_LE(0, child);
	if (child == 0) {
		close(go[1]);
		if (apply(variant->child) || read(go[0], &byte, 1) != 1)
			_exit(CHILD_LOST);
		_exit(error_of(ptrace(PTRACE_TRACEME, 0, 0, 0)));
	}
	ASSERT_EQ(0, apply(variant->parent));
	ASSERT_EQ(1, write(go[1], &byte, 1));
	EXPECT_EQ(variant->expected, wait_for(child));
}

/* Open by design: an attached tracer is asked nothing any more. */
TEST(tracer_that_attached_before)
{
	pid_t child = fork();
	int status;

	ASSERT_LE(0, child);
	if (child == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		_exit(target);
	}
	ASSERT_EQ(child, waitpid(child, &status, 0));
	ASSERT_TRUE(WIFSTOPPED(status));
	restrict_self(_metadata, true);
	EXPECT_EQ(0, error_of(ptrace(PTRACE_POKEDATA, child, &target, 7)));
	EXPECT_EQ(0, error_of(ptrace(PTRACE_CONT, child, 0, 0)));
	EXPECT_EQ(7, wait_for(child));
}

TEST_HARNESS_MAIN
