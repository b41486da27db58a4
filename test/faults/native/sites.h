/* SPDX-License-Identifier: MIT */
/* Names of system calls, and of the places where a drop makes them: a call and what it is about. A
 * number alone would move with every thread that answers a little later. */
#pragma once

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#define SITE_LENGTH 96
#define MOST_DESCRIPTORS 4096

/* What tells two calls of one name apart: an argument's number, a path, the path behind a
 * descriptor. */
enum about { ABOUT_NOTHING, ABOUT_ARGUMENT, ABOUT_PATH, ABOUT_DESCRIPTOR };

struct name {
  long number;
  const char *name;
  enum about about;
  int argument;
};

#define CALL(name, about, argument) \
  { SYS_##name, #name, about, argument }
static const struct name names[] = {
    CALL(openat, ABOUT_PATH, 1),
    CALL(open, ABOUT_PATH, 0),
    CALL(readlink, ABOUT_PATH, 0),
    CALL(readlinkat, ABOUT_PATH, 1),
    CALL(newfstatat, ABOUT_PATH, 1),
    CALL(statx, ABOUT_PATH, 1),
    CALL(stat, ABOUT_PATH, 0),
    CALL(lstat, ABOUT_PATH, 0),
    CALL(statfs, ABOUT_PATH, 0),
    CALL(access, ABOUT_PATH, 0),
    CALL(faccessat2, ABOUT_PATH, 1),
    CALL(getcwd, ABOUT_NOTHING, 0),
    CALL(unlink, ABOUT_PATH, 0),
    CALL(read, ABOUT_DESCRIPTOR, 0),
    CALL(pread64, ABOUT_DESCRIPTOR, 0),
    CALL(write, ABOUT_DESCRIPTOR, 0),
    CALL(close, ABOUT_DESCRIPTOR, 0),
    CALL(fstat, ABOUT_DESCRIPTOR, 0),
    CALL(getdents64, ABOUT_DESCRIPTOR, 0),
    CALL(lseek, ABOUT_DESCRIPTOR, 0),
    CALL(flock, ABOUT_DESCRIPTOR, 0),
    CALL(ioctl, ABOUT_ARGUMENT, 1),
    CALL(fcntl, ABOUT_ARGUMENT, 1),
    CALL(dup, ABOUT_NOTHING, 0),
    CALL(dup2, ABOUT_NOTHING, 0),
    CALL(dup3, ABOUT_NOTHING, 0),
    CALL(pipe2, ABOUT_NOTHING, 0),
    CALL(eventfd2, ABOUT_NOTHING, 0),
    CALL(memfd_create, ABOUT_NOTHING, 0),
    CALL(poll, ABOUT_NOTHING, 0),
    CALL(ppoll, ABOUT_NOTHING, 0),
    CALL(epoll_create1, ABOUT_NOTHING, 0),
    CALL(epoll_ctl, ABOUT_ARGUMENT, 1),
    CALL(epoll_wait, ABOUT_NOTHING, 0),
    CALL(epoll_pwait, ABOUT_NOTHING, 0),
    CALL(socket, ABOUT_ARGUMENT, 0),
    CALL(socketpair, ABOUT_ARGUMENT, 0),
    CALL(connect, ABOUT_NOTHING, 0),
    CALL(bind, ABOUT_NOTHING, 0),
    CALL(listen, ABOUT_NOTHING, 0),
    CALL(sendto, ABOUT_NOTHING, 0),
    CALL(sendmsg, ABOUT_NOTHING, 0),
    CALL(recvfrom, ABOUT_NOTHING, 0),
    CALL(recvmsg, ABOUT_NOTHING, 0),
    CALL(shutdown, ABOUT_NOTHING, 0),
    CALL(getsockname, ABOUT_NOTHING, 0),
    CALL(getpeername, ABOUT_NOTHING, 0),
    CALL(getsockopt, ABOUT_ARGUMENT, 2),
    CALL(setsockopt, ABOUT_ARGUMENT, 2),
    CALL(mmap, ABOUT_NOTHING, 0),
    CALL(munmap, ABOUT_NOTHING, 0),
    CALL(mremap, ABOUT_NOTHING, 0),
    CALL(mprotect, ABOUT_NOTHING, 0),
    CALL(madvise, ABOUT_NOTHING, 0),
    CALL(brk, ABOUT_NOTHING, 0),
    CALL(clone, ABOUT_NOTHING, 0),
    CALL(clone3, ABOUT_NOTHING, 0),
    CALL(fork, ABOUT_NOTHING, 0),
    CALL(vfork, ABOUT_NOTHING, 0),
    CALL(execve, ABOUT_NOTHING, 0),
    CALL(wait4, ABOUT_NOTHING, 0),
    CALL(waitid, ABOUT_NOTHING, 0),
    CALL(kill, ABOUT_ARGUMENT, 1),
    CALL(tgkill, ABOUT_ARGUMENT, 2),
    CALL(rt_sigqueueinfo, ABOUT_ARGUMENT, 1),
    CALL(rt_tgsigqueueinfo, ABOUT_ARGUMENT, 2),
    CALL(rt_sigaction, ABOUT_NOTHING, 0),
    CALL(rt_sigprocmask, ABOUT_NOTHING, 0),
    CALL(rt_sigpending, ABOUT_NOTHING, 0),
    CALL(rt_sigtimedwait, ABOUT_NOTHING, 0),
    CALL(rt_sigreturn, ABOUT_NOTHING, 0),
    CALL(sigaltstack, ABOUT_NOTHING, 0),
    CALL(futex, ABOUT_ARGUMENT, 1),
    CALL(membarrier, ABOUT_ARGUMENT, 0),
    CALL(sched_yield, ABOUT_NOTHING, 0),
    CALL(nanosleep, ABOUT_NOTHING, 0),
    CALL(clock_nanosleep, ABOUT_NOTHING, 0),
    CALL(restart_syscall, ABOUT_NOTHING, 0),
    CALL(clock_gettime, ABOUT_NOTHING, 0),
    CALL(getpid, ABOUT_NOTHING, 0),
    CALL(gettid, ABOUT_NOTHING, 0),
    CALL(getppid, ABOUT_NOTHING, 0),
    CALL(getuid, ABOUT_NOTHING, 0),
    CALL(geteuid, ABOUT_NOTHING, 0),
    CALL(getrandom, ABOUT_NOTHING, 0),
    CALL(getrlimit, ABOUT_NOTHING, 0),
    CALL(prlimit64, ABOUT_NOTHING, 0),
    CALL(sched_getaffinity, ABOUT_NOTHING, 0),
    CALL(sysinfo, ABOUT_NOTHING, 0),
    CALL(uname, ABOUT_NOTHING, 0),
    CALL(exit, ABOUT_NOTHING, 0),
    CALL(exit_group, ABOUT_NOTHING, 0),
    CALL(prctl, ABOUT_ARGUMENT, 0),
    CALL(seccomp, ABOUT_ARGUMENT, 1),
    CALL(capget, ABOUT_NOTHING, 0),
    CALL(ptrace, ABOUT_ARGUMENT, 0),
    CALL(process_vm_readv, ABOUT_NOTHING, 0),
    CALL(process_vm_writev, ABOUT_NOTHING, 0),
    CALL(kcmp, ABOUT_ARGUMENT, 2),
    CALL(pidfd_open, ABOUT_NOTHING, 0),
    CALL(close_range, ABOUT_NOTHING, 0),
    CALL(unshare, ABOUT_NOTHING, 0),
    CALL(io_uring_setup, ABOUT_NOTHING, 0),
    CALL(io_uring_enter, ABOUT_NOTHING, 0),
    CALL(io_uring_register, ABOUT_ARGUMENT, 1),
    {444, "landlock_create_ruleset", ABOUT_ARGUMENT, 2},
    {445, "landlock_add_rule", ABOUT_NOTHING, 0},
    {446, "landlock_restrict_self", ABOUT_ARGUMENT, 1},
};
#undef CALL

struct site {
  const struct name *name;
  char unknown[24];
  char about[SITE_LENGTH];
};

/* Paths behind the descriptors of the process, as its openat() calls gave them. */
static char descriptor_paths[MOST_DESCRIPTORS][SITE_LENGTH];

static void read_text(pid_t tid, uint64_t address, char *text) {
  const struct iovec here = {text, SITE_LENGTH - 1};
  /* It may end at the end of a page, and what is behind is not mapped. */
  const size_t to_page_end = 4096 - address % 4096;
  const struct iovec there[2] = {
      {(void *)address, to_page_end < SITE_LENGTH - 1 ? to_page_end : SITE_LENGTH - 1},
      {(void *)(address + to_page_end), SITE_LENGTH - 1}};
  const ssize_t length = process_vm_readv(tid, &here, 1, there, 2, 0);
  text[length < 0 ? 0 : length] = '\0';
}

/* The folder of the package, whose place is nobody's business. */
static const char *package_folder(void) {
  const char *folder = getenv("FAULTS_PACKAGE");
  return folder == NULL ? "" : folder;
}

/* A component that is a number differs from run to run, so it becomes an N; and a character that
 * stands for something in the name of a fault becomes a line. */
static void put_path(const char *path, char *about) {
  const size_t prefix = strlen(package_folder());
  size_t length = 0;
  if (prefix > 0 && strncmp(path, package_folder(), prefix) == 0) {
    path += prefix;
    length = (size_t)sprintf(about, "package");
  }
  while (*path != '\0' && length < SITE_LENGTH - 1) {
    const size_t digits = strspn(path, "0123456789");
    const int is_number =
        digits > 0 && path[-1] == '/' && (path[digits] == '/' || path[digits] == '\0');
    about[length++] = is_number                                         ? 'N'
                      : *path <= ' ' || strchr("#=\177", *path) != NULL ? '_'
                                                                        : *path;
    path += is_number ? digits : 1;
  }
  about[length] = '\0';
}

static void find_site(pid_t tid, uint64_t number, const uint64_t *arguments, struct site *site) {
  site->name = NULL;
  site->about[0] = '\0';
  for (size_t index = 0; index < sizeof names / sizeof *names; ++index) {
    if ((uint64_t)names[index].number == number) site->name = &names[index];
  }
  if (site->name == NULL) {
    snprintf(site->unknown, sizeof site->unknown, "syscall%llu", (unsigned long long)number);
    return;
  }
  const uint64_t argument = arguments[site->name->argument];
  switch (site->name->about) {
    case ABOUT_NOTHING:
      break;
    case ABOUT_ARGUMENT:
      snprintf(site->about, sizeof site->about, "%lld", (long long)(int)argument);
      break;
    case ABOUT_PATH: {
      char text[SITE_LENGTH];
      read_text(tid, argument, text);
      put_path(text, site->about);
      break;
    }
    case ABOUT_DESCRIPTOR:
      if (argument < MOST_DESCRIPTORS) strcpy(site->about, descriptor_paths[argument]);
      break;
  }
}

static const char *site_name(const struct site *site) {
  return site->name == NULL ? site->unknown : site->name->name;
}

static void remember_descriptor(const struct site *site, const uint64_t *arguments,
                                int64_t result) {
  if (site->name == NULL) return;
  if (site->name->number == SYS_openat && result >= 0 && result < MOST_DESCRIPTORS) {
    strcpy(descriptor_paths[result], site->about);
  }
  if (site->name->number == SYS_close && arguments[0] < MOST_DESCRIPTORS) {
    descriptor_paths[arguments[0]][0] = '\0';
  }
}
