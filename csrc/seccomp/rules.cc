// SPDX-License-Identifier: MIT
// What the filter denies, and why. Whatever is not named here is allowed on purpose; the cases
// that a reader would look for:
//
// - connect, bind and addressed sends as such: seccomp sees a pointer, not the family behind it.
//   Landlock or the inventory answer for the sockets that exist; new ones cannot be made.
// - sendto with an address under 'pathname': it is how Unix datagram clients send, and it would
//   close nothing, since sendmsg takes an address that the filter cannot see.
// - unshare, setns and namespace flags of clone: a new network namespace holds no way out and the
//   filter stays in force in it, while the sandboxes of browsers are built on them. clone3 would
//   have to go as a whole.
// - add_key and keyctl: neither starts an upcall; Kerberos and disk encryption live on them.
// - perf_event_open, userfaultfd: help for an exploit, but no way to the network.
// - setsockopt as a whole: denying it ends every Chromium. A list of options stays.
#include "seccomp/rules.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "seccomp/policy.h"
#include "seccomp/program.h"
#include "uapi/linux/disablenetwork.h"

// Newer than the headers of Debian 11 to 12, or not in a header that C++ can include beside the
// C library's. The numbers are ABI.
#ifndef SYS_process_madvise
#define SYS_process_madvise 440
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

namespace disablenetwork {
namespace {

constexpr uint32_t kSocketTypeMask = 0xf;  // The rest is SOCK_NONBLOCK and SOCK_CLOEXEC.
constexpr uint32_t kSolSctp = 132;
constexpr uint32_t kSolTls = 282;

// Options of SOL_SOCKET that headers lack, or have under a number that depends on them
// (include/uapi/asm-generic/socket.h).
constexpr uint32_t kPassPidFd = 76;
constexpr uint32_t kPassRights = 83;
constexpr uint32_t kReceiveTimeout = 20;
constexpr uint32_t kReceiveTimeoutNew = 66;
constexpr uint32_t kSendTimeout = 21;
constexpr uint32_t kSendTimeoutNew = 67;
constexpr uint32_t kTimestamp = 29;
constexpr uint32_t kTimestampNew = 63;
constexpr uint32_t kTimestampNs = 35;
constexpr uint32_t kTimestampNsNew = 64;
constexpr uint32_t kTimestamping = 37;
constexpr uint32_t kTimestampingNew = 65;
constexpr uint32_t kZeroCopy = 60;

// An allow-list: a family that does not exist yet is denied already. In 'connected' mode the
// datagram types go too (Linux turns a raw Unix socket into a datagram one): an addressed sendmsg
// on them would be a new peer.
void DenyNewSockets(SeccompFilter& filter, bool deny_new_unix_peers) {
  for (const int number : {SYS_socket, SYS_socketpair}) {
    filter.Call(number, EPERM, [&](CallRules& rules) {
      rules.DenyUnless(0, {AF_UNIX});
      if (deny_new_unix_peers) {
        rules.DenyUnless(1, {SOCK_STREAM, SOCK_SEQPACKET}, kSocketTypeMask);
      }
    });
  }
}

// TCP Fast Open connects from within a send and passes no connect hook: in Landlock up to ABI 7 it
// got through on a socket made earlier. MSG_DONTROUTE looks for the address on the link, where
// whoever claims it gets the bytes. A NULL destination is never looked at: asyncio and others wake
// themselves with plain sends.
void DenySends(SeccompFilter& filter, bool deny_new_unix_peers) {
  constexpr uint32_t kElsewhere = MSG_FASTOPEN | MSG_DONTROUTE;
  filter.Call(SYS_sendto, EPERM, [&](CallRules& rules) {
    rules.DenyWhenBits(3, kElsewhere);
    if (deny_new_unix_peers) rules.DenyWhenPointer(4);
  });
  filter.Call(SYS_sendmsg, EPERM, [](CallRules& rules) { rules.DenyWhenBits(2, kElsewhere); });
  filter.Call(SYS_sendmmsg, EPERM, [](CallRules& rules) { rules.DenyWhenBits(3, kElsewhere); });
}

// A connected TCP socket that is dissolved with connect(AF_UNSPEC) can listen() without bind();
// no bind right of Landlock sees that.
void DenyPeers(SeccompFilter& filter, uint32_t policy) {
  if (policy & (kDenyListen | kDenyNewUnixPeers)) filter.Deny(SYS_listen, EPERM);
  if (policy & kDenyNewUnixPeers) {
    filter.Deny(SYS_connect, EPERM);
    filter.Deny(SYS_bind, EPERM);
  }
}

// What a connection that is kept and a Unix socket need; all else of all levels is denied, known or
// not. Options lead a connected socket to another host by source routing, by another link (bound to
// an interface, or with SO_DONTROUTE, the kernel takes an address that has no route there for one
// on the link: whoever claims it there gets the bytes), by a mark, a type of service, a priority or
// a flow label that the administrator routes by. They change what the socket is (address family,
// upper layer protocol: "smc" turns TCP into another family; OpenSSL does without kernel TLS when
// it is refused), connect later (Fast Open, TCP_REPAIR) or within (SCTP), give it an address of
// another host (transparent, freebind), rewrite addresses (SOL_IP's firewall), write headers of
// their own (SOL_RAW), or make the kernel send a packet to a group of the caller's choice
// (multicast joins).
//
// Found with strace in Node, Chromium, Java, Python, curl, git, ssh, OpenSSL, nginx, Redis: all
// that they set is here, but for what they set on a socket that is new, and so refused before.
void DenySocketOptions(SeccompFilter& filter) {
  filter.Call(SYS_setsockopt, EPERM, [](CallRules& rules) {
    // Buffers, times, keeping alive, lingering, and what is received: credentials, time stamps.
    rules.AllowOnlyPair(1, SOL_SOCKET, 2,
                        {SO_REUSEADDR,    SO_REUSEPORT,     SO_BROADCAST,       SO_KEEPALIVE,
                         SO_LINGER,       SO_SNDBUF,        SO_RCVBUF,          SO_SNDBUFFORCE,
                         SO_RCVBUFFORCE,  SO_RCVLOWAT,      SO_OOBINLINE,       SO_PASSCRED,
                         SO_PASSSEC,      kPassPidFd,       kPassRights,        SO_PEEK_OFF,
                         kReceiveTimeout, kSendTimeout,     kReceiveTimeoutNew, kSendTimeoutNew,
                         kTimestamp,      kTimestampNew,    kTimestampNs,       kTimestampNsNew,
                         kTimestamping,   kTimestampingNew, SO_RXQ_OVFL,        SO_SELECT_ERR_QUEUE,
                         SO_BUSY_POLL,    SO_INCOMING_CPU,  SO_MAX_PACING_RATE, kZeroCopy});
    // Hops, sizes, errors, what is told of a packet that is received, and leaving groups.
    rules.AllowOnlyPair(
        1, SOL_IP, 2,
        {IP_TTL, IP_MTU_DISCOVER, IP_RECVERR, IP_PKTINFO, IP_RECVTTL, IP_RECVTOS, IP_MINTTL,
         IP_RECVORIGDSTADDR, IP_MULTICAST_TTL, IP_MULTICAST_LOOP, IP_DROP_MEMBERSHIP,
         IP_DROP_SOURCE_MEMBERSHIP, MCAST_LEAVE_GROUP, MCAST_LEAVE_SOURCE_GROUP});
    rules.AllowOnlyPair(1, SOL_IPV6, 2,
                        {IPV6_UNICAST_HOPS, IPV6_MULTICAST_HOPS, IPV6_MULTICAST_LOOP,
                         IPV6_LEAVE_GROUP, IPV6_MTU_DISCOVER, IPV6_MTU, IPV6_RECVERR, IPV6_V6ONLY,
                         IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT, IPV6_RECVTCLASS, IPV6_DONTFRAG,
                         MCAST_LEAVE_GROUP, MCAST_LEAVE_SOURCE_GROUP});
    // TCP_NODELAY, MAXSEG, CORK, KEEPIDLE, KEEPINTVL, KEEPCNT, LINGER2, DEFER_ACCEPT, WINDOW_CLAMP,
    // QUICKACK, CONGESTION, USER_TIMEOUT, FASTOPEN (of a listener), NOTSENT_LOWAT, SAVE_SYN, INQ.
    rules.AllowOnlyPair(1, IPPROTO_TCP, 2,
                        {1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 13, 18, 23, 25, 27, 36});
    // UDP_CORK, UDP_SEGMENT, UDP_GRO; TLS_TX, TLS_RX; SCTP_NODELAY, SCTP_EVENTS.
    rules.AllowOnlyPair(1, IPPROTO_UDP, 2, {1, 103, 104});
    rules.AllowOnlyPair(1, kSolTls, 2, {1, 2});
    rules.AllowOnlyPair(1, kSolSctp, 2, {3, 11});
    rules.Deny();
  });
  // SCTP_SOCKOPT_CONNECTX3 connects from within getsockopt.
  filter.Call(SYS_getsockopt, EPERM,
              [](CallRules& rules) { rules.DenyWhenPair(1, kSolSctp, 2, {111}); });
}

// The kernel reads an ioctl's number from the low 32 bits. TIOCSTI and TIOCLINUX type into a
// terminal that a shell with the network may read. PERF_EVENT_IOC_SET_BPF makes a performance
// counter run a program of bpf that is open already: in the kernel, and so over every process,
// without bpf(). The others make a device into a network. A macvtap and the like are one from the
// moment at which they are opened, which no filter sees: the limit network-devices.
void DenyDeviceRequests(SeccompFilter& filter) {
  constexpr uint32_t kTtyLinux = 0x541c;              // TIOCLINUX
  constexpr uint32_t kTunSetInterface = 0x400454ca;   // TUNSETIFF
  constexpr uint32_t kPppNewUnit = 0xc004743e;        // PPPIOCNEWUNIT
  constexpr uint32_t kPppAttach = 0x4004743d;         // PPPIOCATTACH
  constexpr uint32_t kPppAttachChannel = 0x40047438;  // PPPIOCATTCHAN
  constexpr uint32_t kVhostSetOwner = 0x0000af01;     // VHOST_SET_OWNER
  constexpr uint32_t kPerfSetProgram = 0x40042408;    // PERF_EVENT_IOC_SET_BPF
  filter.Call(SYS_ioctl, EPERM, [&](CallRules& rules) {
    rules.DenyWhen(1, {TIOCSTI, kTtyLinux, kTunSetInterface, kPppNewUnit, kPppAttach,
                       kPppAttachChannel, kVhostSetOwner, kPerfSetProgram});
  });
}

// A ring makes sockets without a system call that a filter could see. ENOSYS, because libraries
// take it for an old kernel and do without. Rings that are there already may be entered when the
// plan says so: the kernel restricts them to epoll_ctl (rings/seal.h), or the caller accepted them.
// One form of io_uring_enter stays in any case, which submits nothing and wakes nothing: whether a
// thread has a ring that is open nowhere cannot be asked in another way (threads/operations.cc),
// and it has to be asked after the drop, too.
void DenyRings(SeccompFilter& filter, bool allow_enter) {
  constexpr uint32_t kEnterRegisteredRing = 1 << 4;  // IORING_ENTER_REGISTERED_RING
  filter.Deny(SYS_io_uring_setup, ENOSYS);
  filter.Call(SYS_io_uring_enter, ENOSYS, [&](CallRules& rules) {
    if (allow_enter) return;
    rules.DenyUnless(1, {0});
    rules.DenyUnless(2, {0});
    rules.DenyUnless(3, {kEnterRegisteredRing});
  });
  filter.Deny(SYS_io_uring_register, ENOSYS);
}

// request_key() can make the kernel start a helper as root, and the one for DNS resolves names.
// bpf() can load a program into the host's packet path and inject frames from it.
void DenyUpcalls(SeccompFilter& filter) {
  filter.Deny(SYS_request_key, EPERM);
  filter.Deny(SYS_bpf, EPERM);
}

// A process outside that still has the network must not be driven from inside. Landlock does this
// better (its domain still lets a debugger trace its own children), so only without it.
void DenyTracing(SeccompFilter& filter) {
  for (const int number : {SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp,
                           SYS_pidfd_getfd, SYS_process_madvise}) {
    filter.Deny(number, EPERM);
  }
}

void AnswerStatus(SeccompFilter& filter, uint32_t status) {
  filter.Call(SYS_prctl, EPERM,
              [&](CallRules& rules) { rules.FailWhen(0, PR_GET_NETWORK, status); });
}

}  // namespace

std::vector<sock_filter> BuildSeccompProgram(uint32_t policy) {
  if ((policy & ~static_cast<uint32_t>(kEveryPolicyBit)) != 0) return {};
  SeccompFilter filter;
  DenySends(filter, (policy & kDenyNewUnixPeers) != 0);
  DenyDeviceRequests(filter);
  DenySocketOptions(filter);
  DenyNewSockets(filter, (policy & kDenyNewUnixPeers) != 0);
  DenyPeers(filter, policy);
  DenyRings(filter, (policy & kAllowRings) != 0);
  DenyUpcalls(filter);
  if (policy & kDenyTracing) DenyTracing(filter);
  if (policy & kAnswerStatus) AnswerStatus(filter, kStatusUnfinished);
  return filter.Finish();
}

std::vector<sock_filter> BuildStatusProgram(uint32_t policy) {
  if ((policy & ~static_cast<uint32_t>(kEveryPolicyBit)) != 0) return {};
  SeccompFilter filter;
  AnswerStatus(filter, kStatusBase + policy);
  return filter.Finish();
}

std::vector<sock_filter> BuildUnfinishedProgram() {
  SeccompFilter filter;
  AnswerStatus(filter, kStatusUnfinished);
  return filter.Finish();
}

}  // namespace disablenetwork
