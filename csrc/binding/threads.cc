// SPDX-License-Identifier: MIT
#include <errno.h>
#include <napi.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <string>

#include "binding/broadcast_answer.h"
#include "binding/descriptor_object.h"
#include "binding/register.h"
#include "descriptors/list.h"
#include "descriptors/table_marker.h"
#include "kernel/proc.h"
#include "kernel/syscall.h"
#include "library/clock.h"
#include "processes/tracees.h"
#include "threads/broadcast.h"
#include "threads/operations.h"

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

bool IsGone(int error) { return error == -ENOENT || error == -ESRCH; }

// What a thread has open that has a descriptor table of its own; -errno when it cannot be read.
Napi::Value ForeignDescriptors(Napi::Env env, const std::string& directory) {
  std::vector<DescriptorDetails> descriptors;
  const int error = ListForeignDescriptors(directory, &descriptors);
  if (error < 0 && !IsGone(error)) return Napi::Number::New(env, error);
  return ToArray(env, descriptors);
}

struct ThreadTexts {
  std::string status;
  std::string stat;
};

int ReadThread(const std::string& directory, ThreadTexts* texts) {
  const int error = ReadProcFile(directory + "/status", &texts->status);
  return error < 0 ? error : ReadProcFile(directory + "/stat", &texts->stat);
}

// listThreads(pid): 0 means this process.
Napi::Value ListThreads(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const int pid = info[0].As<Napi::Number>().Int32Value();
  const std::string directory = "/proc/" + (pid == 0 ? "self" : std::to_string(pid)) + "/task";
  std::vector<std::string> names;
  int error = ListProcDirectory(directory, &names);
  TableMarker marker;
  if (error == 0 && pid == 0) error = marker.Open();
  if (error < 0) return Napi::Number::New(env, error);
  Napi::Array threads = Napi::Array::New(env);
  uint32_t count = 0;
  for (const std::string& name : names) {
    const std::string thread_directory = directory + "/" + name;
    ThreadTexts texts;
    error = ReadThread(thread_directory, &texts);
    // A thread may end between the two looks at it; then it is no thread of the process any more.
    if (IsGone(error)) continue;
    if (error < 0) return Napi::Number::New(env, error);
    Napi::Object thread = Napi::Object::New(env);
    thread.Set("tid", std::stoi(name));
    thread.Set("status", texts.status);
    thread.Set("stat", texts.stat);
    const std::string table = thread_directory + "/fd";
    const bool is_foreign = pid == 0 && !marker.IsIn(table);
    thread.Set("foreign", is_foreign ? ForeignDescriptors(env, table) : Napi::Array::New(env));
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
