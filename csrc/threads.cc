// SPDX-License-Identifier: MIT
#include <errno.h>
#include <napi.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string>

#include "broadcast_answer.h"
#include "clock.h"
#include "descriptor_link.h"
#include "descriptor_marker.h"
#include "raw_syscall.h"
#include "register.h"
#include "thread_broadcast.h"
#include "thread_list.h"
#include "thread_operations.h"
#include "tracees.h"

namespace disablenetwork {
namespace {

int64_t Deadline(const Napi::CallbackInfo& info) {
  return NowMilliseconds() + info[0].As<Napi::Number>().Int32Value();
}

Napi::Value NoNewPrivileges(const Napi::CallbackInfo& info) {
  return ToObject(info.Env(), RunOnAllThreads({SetNoNewPrivileges, 0, 1}, Deadline(info)));
}

Napi::Value CountRingsOnAll(const Napi::CallbackInfo& info) {
  return ToObject(info.Env(), RunOnAllThreads({CountRegisteredRings, 0, 0}, Deadline(info)));
}

Napi::Value TrySocket(const Napi::CallbackInfo& info) {
  const int family = info[0].As<Napi::Number>().Int32Value();
  const int type = info[1].As<Napi::Number>().Int32Value();
  const long fd = RawSyscall(SYS_socket, family, type | SOCK_CLOEXEC, 0);
  if (fd >= 0) close(static_cast<int>(fd));
  return Napi::Number::New(info.Env(), fd < 0 ? static_cast<double>(fd) : 0);
}

Napi::Value CurrentThread(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(RawSyscall(SYS_gettid)));
}

// Where the descriptors of one thread lead.
Napi::Array Links(Napi::Env env, const std::string& directory) {
  Napi::Array links = Napi::Array::New(env);
  std::vector<std::string> names;
  if (ListProcDirectory(directory, &names) < 0) return links;
  uint32_t count = 0;
  for (const std::string& name : names) {
    const std::string link = ReadProcLink(directory + "/" + name);
    if (!link.empty()) links.Set(count++, link);
  }
  return links;
}

// listThreads(pid): 0 means this process.
Napi::Value ListThreads(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const int pid = info[0].As<Napi::Number>().Int32Value();
  const std::string directory = "/proc/" + (pid == 0 ? "self" : std::to_string(pid)) + "/task";
  std::vector<std::string> names;
  const int error = ListProcDirectory(directory, &names);
  if (error < 0) return Napi::Number::New(env, error);
  const TableMarker marker;
  Napi::Array threads = Napi::Array::New(env);
  uint32_t count = 0;
  for (const std::string& name : names) {
    std::string status;
    std::string stat;
    const std::string thread_directory = directory + "/" + name;
    // A thread may end between the two looks at it; then it is no thread of the process any more.
    if (ReadProcFile(thread_directory + "/status", &status) < 0 ||
        ReadProcFile(thread_directory + "/stat", &stat) < 0) {
      continue;
    }
    Napi::Object thread = Napi::Object::New(env);
    thread.Set("tid", std::stoi(name));
    thread.Set("status", status);
    thread.Set("stat", stat);
    const bool is_foreign = pid == 0 && !marker.IsIn(thread_directory + "/fd");
    thread.Set("links", is_foreign ? Links(env, thread_directory + "/fd") : Napi::Array::New(env));
    threads.Set(count++, thread);
  }
  return threads;
}

Napi::Value Tracees(const Napi::CallbackInfo& info) {
  std::vector<pid_t> tracees;
  const int error = ListTracees(&tracees);
  if (error < 0) return Napi::Number::New(info.Env(), error);
  Napi::Array array = Napi::Array::New(info.Env(), tracees.size());
  uint32_t count = 0;
  for (const pid_t tracee : tracees) array.Set(count++, tracee);
  return array;
}

}  // namespace

void RegisterThreads(Napi::Env env, Napi::Object exports) {
  exports.Set("noNewPrivilegesOnAllThreads", Napi::Function::New(env, NoNewPrivileges));
  exports.Set("countRegisteredRings", Napi::Function::New(env, CountRingsOnAll));
  exports.Set("trySocket", Napi::Function::New(env, TrySocket));
  exports.Set("currentThread", Napi::Function::New(env, CurrentThread));
  exports.Set("listTracees", Napi::Function::New(env, Tracees));
  exports.Set("listThreads", Napi::Function::New(env, ListThreads));
}

}  // namespace disablenetwork
