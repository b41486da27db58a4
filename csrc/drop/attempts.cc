// SPDX-License-Identifier: MIT
#include "drop/attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "kernel/syscall.h"
#include "library/old_libraries.h"
#include "processes/outsider.h"

namespace disablenetwork {
namespace {

// What was made before the drop. One drop at a time, by the process's lock.
struct Things {
  int tcp = -1;
  ino_t tcp_inode = 0;
  int listener = -1;
  sockaddr_un name = {};
  socklen_t name_length = 0;
  Outsider outsider;
};

Things things;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

int Socket(int family, int type) noexcept {
  return static_cast<int>(RawSyscall(SYS_socket, family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

int CloseAfter(int fd, long result) noexcept {
  RawSyscall(SYS_close, fd);
  return static_cast<int>(result);
}

// 0 when it can be made; it is closed again.
int TrySocket(int family, int type) noexcept {
  const int fd = Socket(family, type);
  return fd < 0 ? fd : CloseAfter(fd, 0);
}

// To a group: where the way is open, TCP refuses it before a packet is sent (tcp_v4_connect()), and
// whoever asks before, as Landlock does, looks at the port alone.
int ConnectTcp(int fd) noexcept {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_ALLHOSTS_GROUP);
  constexpr uint16_t kDiscard = 9;
  address.sin_port = htons(kDiscard);
  return static_cast<int>(RawSyscall(SYS_connect, fd, Address(&address), sizeof address));
}

// The socket lies in the table of whoever made it; a thread with a table of its own has another
// number there, or nothing, and is asked in other ways.
bool HasTcpSocket() noexcept {
  struct stat status = {};
  return ReadFileStatus(things.tcp, &status) == 0 && status.st_ino == things.tcp_inode;
}

int ConnectToName() noexcept {
  const int fd = Socket(AF_UNIX, SOCK_STREAM);
  if (fd < 0) return fd;
  return CloseAfter(fd, RawSyscall(SYS_connect, fd, Address(&things.name),
                                   static_cast<long>(things.name_length)));
}

// The kernel asks ptrace_may_access() for this link, as for ptrace(), pidfd_getfd() and
// /proc/PID/mem; the last would not do, for whoever shares the memory may open it.
int LookOutside() noexcept {
  char path[32];
  char target[8];
  (void)snprintf(path, sizeof path, "/proc/%d/cwd", things.outsider.pid());
  const long length =
      RawSyscall(SYS_readlinkat, AT_FDCWD, Address(path), Address(target), sizeof target);
  return length < 0 ? static_cast<int>(length) : 0;
}

bool IsRefusal(int result) noexcept { return result == -EPERM || result == -EACCES; }

int Open(Attempt attempt, int result) noexcept {
  constexpr int kErrorRoom = 4096;
  return static_cast<int>(attempt) * kErrorRoom - (result < 0 ? result : 0);
}

int TrySockets() noexcept {
  struct Kind {
    int family;
    int type;
  };
  constexpr int kNetlink = 16;
  for (const Kind kind :
       {Kind{AF_INET, SOCK_STREAM}, {AF_INET6, SOCK_DGRAM}, {kNetlink, SOCK_RAW}}) {
    const int result = TrySocket(kind.family, kind.type);
    if (result != -EPERM) return Open(kTrySockets, result);
  }
  return 0;
}

// Runs in each thread.
int TryAll(long argument) noexcept {
  const auto attempts = static_cast<uint32_t>(argument);
  int open = 0;
  if (open == 0 && (attempts & kTrySockets) != 0) open = TrySockets();
  if (open == 0 && (attempts & kTryTcpConnect) != 0 && HasTcpSocket()) {
    const int result = ConnectTcp(things.tcp);
    if (!IsRefusal(result)) open = Open(kTryTcpConnect, result);
  }
  if (open == 0 && (attempts & kTryAbstractName) != 0) {
    const int result = ConnectToName();
    // Somebody does listen.
    const bool seems_absent = (attempts & kNamesSeemAbsent) != 0 && result == -ECONNREFUSED;
    if (!IsRefusal(result) && !seems_absent) open = Open(kTryAbstractName, result);
  }
  if (open == 0 && (attempts & kTryTracing) != 0) {
    const int result = LookOutside();
    if (!IsRefusal(result)) open = Open(kTryTracing, result);
  }
  if (open == 0 && (attempts & kTryIoUring) != 0) {
    // Without parameters no ring is made, whatever is in force.
    const long result = RawSyscall(SYS_io_uring_setup, 1, 0);
    if (result != -ENOSYS) open = Open(kTryIoUring, static_cast<int>(result));
  }
  if (open == 0 && (attempts & kTryNoNewPrivileges) != 0) {
    const long result = RawSyscall(SYS_prctl, PR_GET_NO_NEW_PRIVS);
    if (result != 1) open = Open(kTryNoNewPrivileges, static_cast<int>(result));
  }
  return open;
}

int MakeTcpSocket() {
  things.tcp = Socket(AF_INET, SOCK_STREAM);
  if (things.tcp < 0) return things.tcp;
  struct stat status = {};
  const int error = ReadFileStatus(things.tcp, &status);
  things.tcp_inode = status.st_ino;
  return error;
}

// The kernel chooses the name when an address is the family alone (unix(7), "Autobind feature").
int MakeName() {
  things.listener = Socket(AF_UNIX, SOCK_STREAM);
  if (things.listener < 0) return things.listener;
  const sa_family_t family = AF_UNIX;
  long result = RawSyscall(SYS_bind, things.listener, Address(&family), sizeof family);
  constexpr int kBacklog = 16;
  if (result == 0) result = RawSyscall(SYS_listen, things.listener, kBacklog);
  things.name_length = sizeof things.name;
  if (result == 0) {
    result = RawSyscall(SYS_getsockname, things.listener, Address(&things.name),
                        Address(&things.name_length));
  }
  return static_cast<int>(result);
}

// Out of descriptors, memory or processes: nothing can be proven then.
bool IsShortage(int error) {
  return error == -EMFILE || error == -ENFILE || error == -ENOMEM || error == -EAGAIN ||
         error == -ENOBUFS;
}

// Where it is refused before the drop, the drop need not do it: 0. Else the bit, or -errno.
int Accept(Attempt attempt, int error) {
  if (IsShortage(error)) return error;
  return IsRefusal(error) ? 0 : static_cast<int>(attempt);
}

int PrepareTcp() {
  const int error = MakeTcpSocket();
  if (error < 0) return Accept(kTryTcpConnect, error);
  const int control = Socket(AF_INET, SOCK_STREAM);
  if (control < 0) return control;
  return Accept(kTryTcpConnect, CloseAfter(control, ConnectTcp(control)));
}

int PrepareName() {
  const int error = MakeName();
  return Accept(kTryAbstractName, error < 0 ? error : ConnectToName());
}

int PrepareOutsider() {
  const int error = things.outsider.Start();
  return Accept(kTryTracing, error < 0 ? error : LookOutside());
}

}  // namespace

int PrepareAttempts(uint32_t wanted) {
  CloseAttempts();
  uint32_t possible = wanted & (kTrySockets | kTryIoUring | kTryNoNewPrivileges | kNamesSeemAbsent);
  struct Preparation {
    Attempt attempt;
    int (*prepare)();
  };
  for (const auto& [attempt, prepare] : {Preparation{kTryTcpConnect, PrepareTcp},
                                         {kTryAbstractName, PrepareName},
                                         {kTryTracing, PrepareOutsider}}) {
    if ((wanted & attempt) == 0) continue;
    const int result = prepare();
    if (result < 0) return result;
    possible |= static_cast<uint32_t>(result);
  }
  return static_cast<int>(possible);
}

void CloseAttempts() {
  if (things.tcp >= 0) RawSyscall(SYS_close, things.tcp);
  if (things.listener >= 0) RawSyscall(SYS_close, things.listener);
  things.tcp = -1;
  things.listener = -1;
  things.outsider.End();
}

Broadcast TryInEveryThread(uint32_t attempts, int64_t deadline_milliseconds) {
  return RunOnAllThreads({TryAll, static_cast<long>(attempts), 0}, deadline_milliseconds);
}

}  // namespace disablenetwork
