// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - A drop that has to wait for execve(2) in another thread
 *
 * Opening the interpreter of a script waits for the holder of a lease on it, and
 * execve(2) holds the lock that the drop needs by then.  So both can be held
 * where they are for as long as it takes to look at them.
 */

#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "setuid.h"

#define SCRIPT FOLDER "/script"

/* Of the process that races, to the test. */
static struct {
	atomic_int dropper, begun, returned;
} *shared;

FIXTURE(lock)
{
	int lease;
	pid_t child;
};

FIXTURE_VARIANT(lock)
{
	bool network;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(lock, nosuid) {};
FIXTURE_VARIANT_ADD(lock, network) { .network = true };
/* clang-format on */

static int write_script(void)
{
	static const char text[] = "#!" PROBE " " GAIN_ASK "\n";
	const int fd = open(SCRIPT, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			    0755);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return errno;
	return error_of(close(fd));
}

static void *execute(void *const unused)
{
	execl(SCRIPT, "script", NULL);
	_exit(CHILD_LOST);
}

static int race(const bool network)
{
	pthread_t thread;

	atomic_store(&shared->dropper, syscall(__NR_gettid));
	if (pthread_create(&thread, NULL, execute, NULL))
		return 1;
	while (!atomic_load(&shared->begun))
		usleep(1000);
	if (network)
		set_network(PR_NETWORK_OFF);
	else
		set_nosuid(1);
	atomic_store(&shared->returned, 1);
	pause();
	return 2;
}

/* Tells whether the thread sleeps in the system call. */
static bool sleeps_in(const pid_t thread, const long number)
{
	char path[64], text[64] = {};
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/syscall", thread);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	/* The number stands there only for a thread that sleeps. */
	length = read(fd, text, sizeof(text) - 1);
	close(fd);
	return length > 0 && text[0] >= '0' && text[0] <= '9' &&
	       atol(text) == number;
}

/* Waits for somebody to ask for the end of the lease. */
static bool is_asked_for(const int lease)
{
	int tries;

	for (tries = 0; tries < 5000; tries++) {
		if (fcntl(lease, F_GETLEASE) != F_WRLCK)
			return true;
		usleep(1000);
	}
	return false;
}

static bool begin_drop(void)
{
	int tries;

	atomic_store(&shared->begun, 1);
	for (tries = 0; tries < 5000; tries++) {
		if (sleeps_in(atomic_load(&shared->dropper), __NR_prctl))
			return true;
		usleep(1000);
	}
	return false;
}

FIXTURE_SETUP(lock)
{
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, shared);
	install_probe(_metadata, 0755);
	ASSERT_EQ(0, write_script());
	/* The kernel announces by a signal that somebody waits. */
	ASSERT_NE(SIG_ERR, signal(SIGIO, SIG_IGN));
	self->lease = open(PROBE, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, self->lease);
	ASSERT_EQ(0, error_of(fcntl(self->lease, F_SETLEASE, F_WRLCK)));
	self->child = fork();
	ASSERT_LE(0, self->child);
	if (self->child == 0) {
		close(self->lease);
		_exit(race(variant->network));
	}
	ASSERT_TRUE(is_asked_for(self->lease));
	ASSERT_TRUE(begin_drop());
}

FIXTURE_TEARDOWN(lock)
{
}

/* The program is the one that was asked for before the drop, without it. */
TEST_F(lock, execve_comes_first)
{
	int status;

	/* It would have been over long ago. */
	usleep(100000);
	EXPECT_EQ(0, atomic_load(&shared->returned));
	ASSERT_EQ(0, error_of(fcntl(self->lease, F_SETLEASE, F_UNLCK)));
	ASSERT_EQ(self->child, waitpid(self->child, &status, 0));
	ASSERT_TRUE(WIFEXITED(status));
	EXPECT_EQ(GAIN_RAN | GAIN_CAPABILITY, WEXITSTATUS(status));
	EXPECT_EQ(0, atomic_load(&shared->returned));
}

/* Nothing but the end of the process can end the wait. */
TEST_F(lock, killed_while_it_waits)
{
	int status;

	ASSERT_EQ(0, kill(self->child, SIGKILL));
	ASSERT_EQ(self->child, waitpid(self->child, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	EXPECT_EQ(0, atomic_load(&shared->returned));
	ASSERT_EQ(0, error_of(fcntl(self->lease, F_SETLEASE, F_UNLCK)));
}

TEST_HARNESS_MAIN
