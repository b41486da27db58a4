/* SPDX-License-Identifier: MIT */
/* The ways that a drop shuts, each tried with raw system calls: in any thread, in a signal handler
 * as well. Each answers 0 or more when it is open, or -errno. */
#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "control.h"

/* The order in which the names stand in ../program/ways.ts. */
enum probe { INET_SOCKET, TCP_CONNECT, OWN_CONNECT, ABSTRACT_NAME, MEMORY_FILE, MEMORY_CALL, RING };

/* What is outside, and the sockets that were made before the drop; -1 where there is none. */
static struct {
  struct sockaddr_in server;
  struct sockaddr_un abstract;
  socklen_t abstract_length;
  char memory_file[32];
  pid_t pid;
  void *address;
  int tcp;
  _Atomic int own;
} outside = {.tcp = -1, .own = -1};

/* A wait inside the kernel is interrupted by whoever signals the thread. */
static long raw(long number, long first, long second, long third, long fourth, long fifth) {
  for (;;) {
    const int saved = errno;
    const long result = syscall(number, first, second, third, fourth, fifth, 0L);
    const long answer = result == -1 ? -errno : result;
    errno = saved;
    if (answer != -EINTR) return answer;
  }
}

static long closing(long fd) {
  if (fd >= 0) raw(SYS_close, fd, 0, 0, 0, 0);
  return fd;
}

/* A connection under way is one; so is one that is there. The socket is used again. */
static long try_connect(int fd) {
  if (fd < 0) return -EBADF;
  const long result = raw(SYS_connect, fd, (long)&outside.server, sizeof outside.server, 0, 0);
  struct sockaddr none = {.sa_family = AF_UNSPEC};
  const int is_open = result == 0 || result == -EINPROGRESS || result == -EALREADY ||
                      result == -EISCONN || result == -ECONNREFUSED || result == -EAGAIN;
  if (is_open) raw(SYS_connect, fd, (long)&none, sizeof none, 0, 0);
  return is_open ? 0 : result;
}

static long try_abstract_name(void) {
  const long fd = raw(SYS_socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, 0, 0);
  if (fd < 0) return fd;
  const long result = raw(SYS_connect, fd, (long)&outside.abstract, outside.abstract_length, 0, 0);
  closing(fd);
  return result == -EAGAIN ? 0 : result;
}

static long try_memory_call(void) {
  char byte;
  struct iovec here = {&byte, 1};
  struct iovec there = {outside.address, 1};
  const long result = raw(SYS_process_vm_readv, outside.pid, (long)&here, 1, (long)&there, 1);
  return result == -EFAULT ? 0 : result;
}

static long try_ring(void) {
  struct io_uring_params parameters;
  memset(&parameters, 0, sizeof parameters);
  return closing(raw(SYS_io_uring_setup, 1, (long)&parameters, 0, 0, 0));
}

static void try_every_way(int *results) {
  results[INET_SOCKET] =
      (int)closing(raw(SYS_socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0, 0, 0));
  results[TCP_CONNECT] = (int)try_connect(outside.tcp);
  results[OWN_CONNECT] = (int)try_connect(outside.own);
  results[ABSTRACT_NAME] = (int)try_abstract_name();
  results[MEMORY_FILE] =
      (int)closing(raw(SYS_openat, AT_FDCWD, (long)outside.memory_file, O_RDWR | O_CLOEXEC, 0, 0));
  results[MEMORY_CALL] = (int)try_memory_call();
  results[RING] = (int)try_ring();
}
