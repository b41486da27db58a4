// SPDX-License-Identifier: MIT
// The program's part of the harness: markers for the injector, the extra thread, and the ways to
// the network, tried in any thread.
#define _GNU_SOURCE
#include <node_api.h>

#include "extra-thread.h"

// As the kernel has it; the C library refuses to touch its own signals.
struct kernel_action {
  void (*handler)(int);
  unsigned long flags;
  void (*restorer)(void);
  unsigned long mask;
};

static struct {
  _Atomic int tid, done;
  int results[PROBES];
} asked;

static void answer(int signal) {
  (void)signal;
  const int tid = (int)raw(SYS_gettid, 0, 0, 0, 0, 0);
  if (atomic_load(&asked.tid) != tid) return;
  try_every_way(asked.results);
  atomic_store(&asked.done, 1);
}

// Only the C library's set-id signal reaches every thread, so its handler is borrowed and put back.
static int try_in_thread(int tid) {
  const int signal = SIGRTMIN - 1;
  struct kernel_action previous, action;
  raw(SYS_rt_sigaction, signal, 0, (long)&previous, sizeof(long), 0);
  action = previous;
  action.handler = answer;
  action.flags |= SA_RESTART;
  raw(SYS_rt_sigaction, signal, (long)&action, 0, sizeof(long), 0);
  atomic_store(&asked.done, 0);
  atomic_store(&asked.tid, tid);
  long result = raw(SYS_tgkill, getpid(), tid, signal, 0, 0);
  for (int waited = 0; result == 0 && !atomic_load(&asked.done); ++waited) {
    if (waited == 5000 || raw(SYS_tgkill, getpid(), tid, 0, 0, 0) != 0) result = -ETIMEDOUT;
    pause_for(1);
  }
  atomic_store(&asked.tid, 0);
  // A signal that is still under way finds the handler, which does nothing any more.
  if (result == 0) raw(SYS_rt_sigaction, signal, (long)&previous, 0, sizeof(long), 0);
  return (int)result;
}

static int64_t integer(napi_env env, napi_value value) {
  int64_t number = 0;
  napi_get_value_int64(env, value, &number);
  return number;
}

static napi_value number(napi_env env, int64_t value) {
  napi_value result;
  napi_create_int64(env, value, &result);
  return result;
}

static napi_value list(napi_env env, const int *results) {
  napi_value array;
  napi_create_array_with_length(env, PROBES, &array);
  for (uint32_t way = 0; way < PROBES; ++way) {
    napi_set_element(env, array, way, number(env, results[way]));
  }
  return array;
}

// configure(port, abstractName, pid): what is outside.
static napi_value configure(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  size_t count = 3;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  outside.server.sin_family = AF_INET;
  outside.server.sin_port = htons((uint16_t)integer(env, arguments[0]));
  outside.server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  outside.abstract.sun_family = AF_UNIX;
  char name[sizeof outside.abstract.sun_path];
  size_t length = 0;
  napi_get_value_string_utf8(env, arguments[1], name, sizeof name, &length);
  memcpy(outside.abstract.sun_path + 1, name, length);
  outside.abstract_length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length);
  outside.pid = (pid_t)integer(env, arguments[2]);
  snprintf(outside.memory_file, sizeof outside.memory_file, "/proc/%d/mem", outside.pid);
  outside.address = (void *)4096;
  return NULL;
}

static napi_value make_tcp_socket(napi_env env, napi_callback_info info) {
  (void)info;
  outside.tcp = (int)raw(SYS_socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, 0, 0);
  return number(env, outside.tcp);
}

static napi_value start_extra_thread(napi_env env, napi_callback_info info) {
  (void)info;
  const char *fd = getenv("FAULTS_CONTROL");
  if (fd == NULL) return number(env, -ENOENT);
  control = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, atoi(fd), 0);
  close(atoi(fd));
  if (control == MAP_FAILED) abort();
  pthread_t thread;
  const int error = pthread_create(&thread, NULL, run_extra_thread, NULL);
  while (error == 0 && atomic_load(&control->tid) == 0) pause_for(1);
  return number(env, -error);
}

static napi_value begin(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  mark(MARK_BEGIN);
  return NULL;
}

static napi_value end(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  mark(MARK_END);
  return NULL;
}

// Threads that come and go, if there are any, try the network from now on; one of them has tried.
static napi_value dropped(napi_env env, napi_callback_info info) {
  (void)env, (void)info;
  atomic_store(&control->dropped, 1);
  for (int waited = 0; atomic_load(&chains) && !atomic_load(&control->tried) && waited < 5000;
       ++waited) {
    pause_for(1);
  }
  return NULL;
}

static napi_value undo_disturbance(napi_env env, napi_callback_info info) {
  (void)info;
  const int tid = atomic_load(&control->tid);
  return number(env, tid == 0 ? 0 : tell_and_wait(COMMAND_UNDO, 20000) - 1);
}

// [how many chains there are, how many threads of them have tried, bits of what was open to them]
static napi_value chain(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value array;
  napi_create_array_with_length(env, 3, &array);
  napi_set_element(env, array, 0, number(env, atomic_load(&chains)));
  napi_set_element(env, array, 1, number(env, atomic_load(&control->tried)));
  napi_set_element(env, array, 2, number(env, atomic_load(&control->escaped)));
  return array;
}

static napi_value extra_thread(napi_env env, napi_callback_info info) {
  (void)info;
  return number(env, control == NULL ? 0 : atomic_load(&control->tid));
}

// tryWays(tid): in that thread; 0 is the calling one. A list, or -errno when it cannot be asked.
static napi_value try_ways(napi_env env, napi_callback_info info) {
  napi_value argument;
  size_t count = 1;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  const int tid = (int)integer(env, argument);
  if (tid == 0) {
    int results[PROBES];
    try_every_way(results);
    return list(env, results);
  }
  if (control != NULL && tid == atomic_load(&control->tid)) {
    return tell_and_wait(COMMAND_PROBE, 20000) ? list(env, control->results)
                                               : number(env, -ETIMEDOUT);
  }
  const int error = try_in_thread(tid);
  return error == 0 ? list(env, asked.results) : number(env, error);
}

// Whether the process has a child of any kind, ended or not; none is reaped.
static napi_value has_children(napi_env env, napi_callback_info info) {
  (void)info;
  siginfo_t unused;
  const long options = WEXITED | WSTOPPED | WCONTINUED | WNOHANG | WNOWAIT | __WALL;
  napi_value result;
  napi_get_boolean(env, raw(SYS_waitid, P_ALL, 0, (long)&unused, options, 0) != -ECHILD, &result);
  return result;
}

static void export(napi_env env, napi_value exports, const char *name, napi_callback callback) {
  napi_value function;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, NULL, &function);
  napi_set_named_property(env, exports, name, function);
}

NAPI_MODULE_INIT() {
  export(env, exports, "configure", configure);
  export(env, exports, "makeTcpSocket", make_tcp_socket);
  export(env, exports, "startExtraThread", start_extra_thread);
  export(env, exports, "begin", begin);
  export(env, exports, "end", end);
  export(env, exports, "dropped", dropped);
  export(env, exports, "undo", undo_disturbance);
  export(env, exports, "chain", chain);
  export(env, exports, "extraThread", extra_thread);
  export(env, exports, "tryWays", try_ways);
  export(env, exports, "hasChildren", has_children);
  return exports;
}
