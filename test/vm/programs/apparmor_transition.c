// SPDX-License-Identifier: MIT
// What becomes of a transition from one AppArmor profile to another after PR_SET_NOSUID: asked in
// the thread that called it and in an older one, in the order of security modules that is in force.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/disablenetwork.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define HELPER "/tmp/apparmor-helper"
#define PROFILES "/tmp/apparmor-profiles"

// wide may do whatever narrow may, and more.
static const char profiles[] =
    "profile narrow {\n"
    "  capability, network, unix, signal, ptrace,\n"
    "  /** rwmlk,\n"
    "  " HELPER
    " px -> wide,\n"
    "  deny /tmp/secret rw,\n"
    "}\n"
    "profile wide {\n"
    "  capability, network, unix, signal, ptrace,\n"
    "  /** rwmlk,\n"
    "  /** ix,\n"
    "}\n";

// How the helper, or the attempt to run it, ends.
enum { IS_WIDE = 10, IS_NARROW = 11, IS_OTHER = 12, IS_REFUSED = 13, IS_BROKEN = 14 };

static const char *describe(int code) {
  static const char *const texts[] = {"becomes wide", "stays narrow", "has another label",
                                      "execve is refused", "the test is broken"};
  return code >= IS_WIDE && code <= IS_BROKEN ? texts[code - IS_WIDE] : "ends otherwise";
}

static int read_label(void) {
  char text[128] = "";
  const int file = open("/proc/thread-self/attr/apparmor/current", O_RDONLY);
  const ssize_t length = file < 0 ? -1 : read(file, text, sizeof(text) - 1);

  if (file >= 0) close(file);
  if (length < 0) return IS_BROKEN;
  if (!strncmp(text, "wide ", 5)) return IS_WIDE;
  return strncmp(text, "narrow ", 7) ? IS_OTHER : IS_NARROW;
}

static int write_file(const char *path, const char *text, int flags) {
  const int file = open(path, O_WRONLY | flags, 0644);
  const ssize_t length = (ssize_t)strlen(text);
  const int good = file >= 0 && write(file, text, strlen(text)) == length;

  if (file >= 0) close(file);
  return good ? 0 : -1;
}

static void run_helper(void) {
  execl(HELPER, "helper", "label", NULL);
  _exit(errno == EPERM || errno == EACCES ? IS_REFUSED : IS_BROKEN);
}

static pthread_barrier_t barrier;

static void *run_helper_later(void *unused) {
  (void)unused;
  pthread_barrier_wait(&barrier);
  run_helper();
  return NULL;
}

// In narrow: "plain" without PR_SET_NOSUID, "caller" after it, "older" in a thread that was there
// before.
static int attempt(const char *who) {
  pthread_t thread;

  if (read_label() != IS_NARROW) return IS_BROKEN;
  if (!strcmp(who, "plain")) run_helper();
  if (pthread_barrier_init(&barrier, NULL, 2) ||
      pthread_create(&thread, NULL, run_helper_later, NULL))
    return IS_BROKEN;
  if (prctl(PR_SET_NOSUID, 1, 0, 0, 0)) return IS_BROKEN;
  if (!strcmp(who, "caller")) run_helper();
  pthread_barrier_wait(&barrier);
  pthread_join(thread, NULL);
  return IS_BROKEN;
}

static int enter_narrow(const char *who) {
  const pid_t child = fork();
  int status;

  if (child == 0) {
    if (write_file("/proc/thread-self/attr/apparmor/exec", "exec narrow", 0)) _exit(IS_BROKEN);
    execl("/proc/self/exe", "attempt", who, NULL);
    _exit(IS_BROKEN);
  }
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return IS_BROKEN;
  return WEXITSTATUS(status);
}

static int failures;

static void expect(int number, const char *name, int got, int wanted) {
  if (got != wanted) {
    printf("# %s, not: %s\n", describe(got), describe(wanted));
    failures++;
  }
  printf("%s %d %s: %s\n", got == wanted ? "ok" : "not ok", number, name, describe(wanted));
}

int main(int count, char **arguments) {
  char order[256] = "";
  char self[256] = "";
  char copy[600];
  const int file = open("/sys/kernel/security/lsm", O_RDONLY);

  if (count == 2 && !strcmp(arguments[1], "label")) return read_label();
  if (count == 2) return attempt(arguments[1]);
  if (file < 0 || read(file, order, sizeof(order) - 1) < 0 ||
      readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
    return 1;
  snprintf(copy, sizeof(copy), "cp '%s' %s", self, HELPER);
  if (system(copy) || write_file(PROFILES, profiles, O_CREAT | O_TRUNC)) return 1;
  if (system("/usr/sbin/apparmor_parser --skip-cache --replace " PROFILES)) {
    printf("TAP version 13\n1..1\nnot ok 1 the profiles are loaded\n");
    return 1;
  }
  const char *const own = strstr(order, "disablenetwork");
  const char *const other = strstr(order, "apparmor");
  const int first = own && other && own < other;

  printf("TAP version 13\n1..3\n# %s\n", order);
  expect(1, "without PR_SET_NOSUID", enter_narrow("plain"), IS_WIDE);
  expect(2, "the thread that called it", enter_narrow("caller"), IS_REFUSED);
  // Placed later, the module sets no_new_privs when AppArmor has decided already: documented.
  expect(3, "an older thread", enter_narrow("older"), first ? IS_REFUSED : IS_WIDE);
  return failures > 0;
}
