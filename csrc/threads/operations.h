// SPDX-License-Identifier: MIT
// What a thread can be asked to do. Each runs in a signal handler.
#pragma once

namespace disablenetwork {

// 1 when they were set already, 0 when they are set now, or -errno.
int SetNoNewPrivileges(long unused) noexcept;
// Makes and closes a ruleset: 0, or -errno when the thread could not restrict itself. The argument
// of both is Pack()ed LandlockRules.
int TryRuleset(long rules) noexcept;
int RestrictThread(long rules) noexcept;
// 0 when an inet socket can be made (it is closed again), else -errno.
int TryInetSocket(long unused) noexcept;
// How many io_urings the thread has registered (io_uring_register(2), IORING_REGISTER_RING_FDS): a
// ring may be known by that alone, without a descriptor and without a mapping.
int CountRegisteredRings(long unused) noexcept;

}  // namespace disablenetwork
