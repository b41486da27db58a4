/* SPDX-License-Identifier: MIT */
/* Where the fuzzer can do no harm: a pid namespace of its own, with nothing writable but an empty
 * folder. When its first process ends, the kernel ends all others. */
#pragma once

#include <linux/capability.h>
#include <linux/mount.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "kept.h"

static char box_folder[64];

static void make_box_folder(void) {
  strcpy(box_folder, "/tmp/wire-fuzz-XXXXXX");
  if (mkdtemp(box_folder) == NULL) give_up("cannot make a folder");
}

/* What opening something for writing fails with. */
static int try_to_write(const char *path) {
  const int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return errno;
  close(fd);
  return 0;
}

static void seal_mounts(void) {
  struct mount_attr sealed = {.attr_set = MOUNT_ATTR_RDONLY},
                    open = {.attr_clr = MOUNT_ATTR_RDONLY};
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
    give_up("cannot make the mounts private");
  if (mount("proc", "/proc", "proc", 0, NULL) != 0) give_up("cannot mount /proc");
  if (mount("fuzz", box_folder, "tmpfs", 0, "size=64m") != 0) give_up("cannot mount a folder");
  if (syscall(SYS_mount_setattr, -1, "/", 0x8000 /* AT_RECURSIVE */, &sealed, sizeof sealed) != 0 ||
      syscall(SYS_mount_setattr, -1, box_folder, 0, &open, sizeof open) != 0) {
    give_up("cannot make the file systems read-only (it takes Linux 5.12)");
  }
  if (try_to_write("/tmp/wire-fuzz-probe") != EROFS ||
      try_to_write("/proc/sys/kernel/panic") == 0) {
    give_up("the file systems are not read-only");
  }
  if (chdir(box_folder) != 0) give_up("cannot enter the folder");
}

static void limit(int resource, rlim_t most) {
  const struct rlimit both = {most, most};
  if (setrlimit(resource, &both) != 0) give_up("cannot set a limit");
}

/* Of this process and of what it executes. */
static void drop_capabilities(void) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct none[2] = {0};
  for (int capability = 0; capability < 64; ++capability) {
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno != EINVAL)
      give_up("cannot drop a capability");
  }
  if (syscall(SYS_capset, &header, none) != 0) give_up("cannot drop the capabilities");
}

/* A process of the same user that keeps the network, and has sockets at 3 to 10. */
static pid_t start_sibling(int drops_capabilities) {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  if (drops_capabilities) drop_capabilities();
  for (unsigned index = 0; index < 8; ++index) {
    struct sockaddr_storage address;
    const int family = index & 1 ? AF_INET : AF_INET6;
    const socklen_t length = address_of(family, PEER_4, PEER_6, PEER_PORT, &address);
    const int fd = fcntl(socket(family, SOCK_DGRAM, 0), F_DUPFD, 400);
    if (index < 4) (void)connect(fd, (const void *)&address, length); /* Sends nothing. */
    dup2(fd, 3 + (int)index);
  }
  for (;;) pause();
}

struct box {
  char **command;
  int drops_capabilities, command_drops; /* By itself, or only by what the command does. */
  enum mode mode;
  int everything;
};

/* The first process of the namespace: starts the fuzzer and buries what it leaves behind. */
static _Noreturn void be_first(const struct box *box, char **arguments, char *sibling_text,
                               int memory) {
  int status = 0;
  prctl(PR_SET_PDEATHSIG, SIGKILL); /* Nothing stays behind when the run is cut short. */
  seal_mounts();
  setsid();
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 16 << 20);
  limit(RLIMIT_NOFILE, 1024);
  limit(RLIMIT_MEMLOCK, 8 << 20);
  snprintf(sibling_text, 16, "%d", start_sibling(box->drops_capabilities));
  const pid_t fuzzer = fork();
  if (fuzzer == 0) {
    const int nowhere = open("/dev/null", O_RDWR);
    dup2(nowhere, 0);
    dup2(nowhere, 1);
    if (nowhere > 2) close(nowhere);
    place_kept(memory);
    if (box->drops_capabilities && !box->command_drops) drop_capabilities();
    execvp(arguments[0], arguments);
    give_up("cannot start %s", arguments[0]);
  }
  for (;;) {
    int one = 0;
    const pid_t ended = wait(&one);
    if (ended < 0 && errno != EINTR) _exit(3);
    if (ended != fuzzer) continue;
    status = one;
    break;
  }
  _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}
