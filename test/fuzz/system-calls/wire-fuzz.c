/* SPDX-License-Identifier: MIT */
/* Random system calls on sockets from inside the drop, with an observer outside: no frame may
 * leave.
 *
 * wire-fuzz [--mode=fresh|unconnected|connected] [--seed=N] [--seconds=S] [--control-seconds=S]
 *           [--generation=N] [--generations=N] [--calls=N] [--capabilities]
 *           [-- command that drops and then executes the words that follow it]
 * Without arguments it is a test of the kernel with the patch, which prints KTAP. */
#define _GNU_SOURCE
#include "report.h"

struct verdict {
  int good;
  const char *reason;
};

struct settings {
  struct order order;
  double control_seconds;
  struct box box;
  int by_prctl;
  const char *drop, *self;
};

/* Frames at this end in millions, and at the other. */
static uint64_t listen_for(struct observer observers[2], double seconds) {
  const struct lawful nothing = {0};
  const double end = now() + seconds;
  struct observer copies[2] = {observers[0], observers[1]};
  while (now() < end) {
    struct pollfd waits[2] = {{copies[0].fd, POLLIN, 0}, {copies[1].fd, POLLIN, 0}};
    (void)poll(waits, 2, 50);
    for (int side = 0; side < 2; ++side) observe(&copies[side], &nothing, 0, side);
  }
  return copies[0].frames * 1000000 + copies[1].frames;
}

static void await_quiet(struct observer observers[2]) {
  for (unsigned tries = 0; tries < 40; ++tries) {
    if (listen_for(observers, 0.75) == 0) return;
  }
  give_up("the wire does not become quiet");
}

/* The observer has to see a packet that is known: once at each end. */
static int sees_known_packet(struct observer observers[2]) {
  struct sockaddr_storage address;
  const socklen_t length = address_of(AF_INET, PEER_4, PEER_6, PEER_PORT, &address);
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (sendto(fd, "known", 5, 0, (const void *)&address, length) != 5)
    give_up("cannot send a packet");
  close(fd);
  return listen_for(observers, 0.5) == 1000001;
}

static struct verdict judge(const struct settings *settings, const struct result *dropped,
                            const struct result *control) {
  const int connected = settings->box.mode == MODE_CONNECTED;
  const uint64_t unlawful = dropped->observers[0].unlawful + dropped->observers[1].unlawful;
  const char *reason = NULL;
  if (!dropped->known_packet_seen || !control->known_packet_seen)
    reason = "the observer does not see a known packet";
  else if (dropped->stuck || control->stuck)
    reason = "a process cannot be killed: the kernel hangs in it";
  else if (dropped->record.generations == 0)
    reason = "the fuzzer did not run";
  else if (dropped->record.inet_error == 0)
    reason = "the drop is not in force";
  else if (!dropped->record.finished || dropped->status != 0)
    reason = "the fuzzer ended before its time";
  else if (unlawful > 0)
    reason = "a frame left";
  else if (!connected && dropped->sent > 0)
    reason = "an interface says that it sent something";
  else if (connected && dropped->observers[0].frames == 0)
    reason = "the open connections were not used";
  else if (control->record.inet_error != 0)
    reason = "the control has no network";
  else if (control->observers[0].unlawful < 50 || control->observers[1].unlawful < 10)
    reason = "the control put too few frames on the wire";
  return (struct verdict){reason == NULL,
                          reason == NULL ? "nothing left, and the control did" : reason};
}

/* In a process of its own, with which its namespaces end. False when it could not even be prepared.
 */
static int run_phase(struct settings *settings, int is_control, struct result *result) {
  struct observer observers[2];
  const pid_t child = fork();
  int status = 0;
  if (child != 0) return waitpid(child, &status, 0) == child && status == 0;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const struct network network = make_network(observers);
  await_quiet(observers);
  const int known = sees_known_packet(observers);
  if (is_control) {
    settings->box.command = NULL;
    settings->box.command_drops = 0;
    settings->order.seconds = settings->control_seconds;
  }
  *result = run_box(observers, &settings->box, &settings->order, !is_control, settings->self,
                    !is_control && settings->by_prctl);
  result->known_packet_seen = known;
  kill(network.peer, SIGKILL);
  _exit(0);
}

static struct verdict run_both(struct settings *settings) {
  struct result *results =
      mmap(NULL, 2 * sizeof *results, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (results == MAP_FAILED) give_up("cannot map memory");
  for (int phase = 0; phase < 2; ++phase) {
    if (!run_phase(settings, phase, &results[phase]))
      return (struct verdict){0, "a prerequisite is missing: see above"};
  }
  const struct verdict verdict = judge(settings, &results[0], &results[1]);
  print_begin(settings->drop, settings->box.mode, &settings->order,
              settings->box.drops_capabilities);
  print_result("dropped", &results[0]);
  printf(",");
  print_result("control", &results[1]);
  printf(",\"passed\":%s,\"reason\":\"%s\"}\n", verdict.good ? "true" : "false", verdict.reason);
  munmap(results, 2 * sizeof *results);
  return verdict;
}

static int run_as_kernel_test(struct settings *settings) {
  int failed = 0;
  settings->box.everything = 1;
  printf("TAP version 13\n1..%d\n", 2 * MODES);
  for (int number = 0; number < 2 * MODES; ++number) {
    settings->box.mode = (enum mode)(number / 2);
    settings->box.drops_capabilities = number % 2;
    printf("# ");
    const struct verdict verdict = run_both(settings);
    printf("%sok %d %s%s: %s\n", verdict.good ? "" : "not ", number + 1, mode_names[number / 2],
           number % 2 ? " without capabilities" : "", verdict.reason);
    fflush(stdout);
    failed += !verdict.good;
  }
  return failed > 0;
}

static enum mode find_mode(const char *name) {
  int mode = 0;
  while (mode < MODES && strcmp(name, mode_names[mode]) != 0) ++mode;
  return (enum mode)mode;
}

static void read_option(struct settings *settings, const char *name, const char *value) {
  if (strcmp(name, "seed") == 0)
    settings->order.seed = strtoull(value, NULL, 10);
  else if (strcmp(name, "seconds") == 0)
    settings->order.seconds = atof(value);
  else if (strcmp(name, "control-seconds") == 0)
    settings->control_seconds = atof(value);
  else if (strcmp(name, "generation") == 0)
    settings->order.generation = strtoull(value, NULL, 10);
  else if (strcmp(name, "generations") == 0)
    settings->order.generations = strtoull(value, NULL, 10);
  else if (strcmp(name, "calls") == 0)
    settings->order.calls = (unsigned)atoi(value);
  else if (strcmp(name, "capabilities") == 0)
    settings->box.drops_capabilities = 0;
  else if (strcmp(name, "command-drops-capabilities") == 0)
    settings->box.command_drops = 1;
  else if (strcmp(name, "everything") == 0)
    settings->box.everything = 1;
  else if (strcmp(name, "mode") == 0 && find_mode(value) < MODES)
    settings->box.mode = find_mode(value);
  else
    give_up("there is no option --%s=%s", name, value);
}

int main(int many, char **words) {
  static char self[4096];
  struct settings settings = {
      .order = {1, 0, UINT64_MAX, 20, 2000, 1}, .control_seconds = 4, .drop = "lsm", .by_prctl = 1};
  if (many > 12 && strcmp(words[1], "--inside") == 0) return run_inside(words + 2);
  const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  if (length < 0) give_up("cannot find this program");
  settings.self = self;
  settings.box.drops_capabilities = 1;
  make_box_folder();
  if (many < 2) {
    /* An emulated machine with a sanitizer is slower by far. */
    settings.order = (struct order){(uint64_t)time(NULL), 0, UINT64_MAX, 30, 500, 5};
    settings.control_seconds = 60;
    const int answer = run_as_kernel_test(&settings);
    rmdir(box_folder);
    return answer;
  }
  for (int index = 1; index < many; ++index) {
    if (strcmp(words[index], "--") == 0) {
      settings.box.command = words + index + 1;
      settings.drop = "command";
      settings.by_prctl = 0;
      break;
    }
    if (strncmp(words[index], "--", 2) != 0) give_up("what is %s?", words[index]);
    char *value = strchr(words[index], '=');
    if (value != NULL) *value++ = 0;
    read_option(&settings, words[index] + 2, value == NULL ? "" : value);
  }
  const struct verdict verdict = run_both(&settings);
  if (!verdict.good) fprintf(stderr, "%s\n", verdict.reason);
  rmdir(box_folder);
  return verdict.good ? 0 : 1;
}
