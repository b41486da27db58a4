/* SPDX-License-Identifier: MIT */
/* Calls that ask the kernel for something big, or that restrict further. */
#pragma once

#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/landlock.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include "../../../csrc/uapi/linux/disablenetwork.h"
#include "descriptors.h"
#include "options.h"
#include "record.h"

static int restricted; /* Whether the drop was made. */

static void try_keyctl(void) {
  static const int operations[] = {KEYCTL_GET_KEYRING_ID, KEYCTL_JOIN_SESSION_KEYRING,
                                   KEYCTL_DESCRIBE, KEYCTL_READ, KEYCTL_SEARCH};
  unsigned char buffer[64];
  CALL(keyctl, 0, (uint64_t)PICK_FROM(operations), (uint64_t) - (int64_t)pick(8),
       once_in(2) ? 0 : P("user"), P(buffer), sizeof buffer);
}

/* Only a text to call out with makes the kernel start a helper: not when nothing would stop it. */
static void try_request_key(void) {
  static const char *const types[] = {"user", "keyring", "dns_resolver", "logon", "asymmetric"};
  const int calls_out = restricted && once_in(2);
  CALL(request_key, 0, P(PICK_FROM(types)), P("fuzz.example"), calls_out ? P("hosts") : 0, 0);
}

static void try_add_key(void) {
  CALL(add_key, 0, P("user"), P("fuzz"), P("payload"), 7, (uint64_t)-1);
}

static void try_bpf(void) {
  static const int commands[] = {BPF_MAP_CREATE, BPF_PROG_LOAD, BPF_OBJ_GET, BPF_BTF_LOAD};
  union bpf_attr attributes = {0};
  attributes.map_type = pick(32);
  attributes.key_size = attributes.value_size = 4;
  attributes.max_entries = 1 + pick(4);
  keep(CALL(bpf, 5, (uint64_t)PICK_FROM(commands), P(&attributes), sizeof attributes));
}

static void try_perf_event_open(void) {
  struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE,
                                       .size = sizeof attributes,
                                       .config = pick(10),
                                       .exclude_kernel = 1,
                                       .disabled = 1};
  keep(CALL(perf_event_open, 0xe, P(&attributes), 0, (uint64_t)-1, (uint64_t)-1, 8));
}

static void try_userfaultfd(void) {
  keep(CALL(userfaultfd, 1, once_in(2) ? O_CLOEXEC | O_NONBLOCK : 1));
}

/* What would let go again, if anything could, and what restricts further. */
static void try_prctl(void) {
  static const int sets[] = {PR_SET_NETWORK, PR_GET_NETWORK, PR_SET_NOSUID, PR_GET_NOSUID};
  static const int others[] = {PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS, PR_GET_SECCOMP,
                               PR_SET_DUMPABLE,     PR_SET_KEEPCAPS,     PR_GET_SECUREBITS};
  if (once_in(3)) {
    CALL(prctl, 1, (uint64_t)PICK_FROM(others), pick(2), 0, 0, 0);
    return;
  }
  /* Without the drop it must not be made here: the control would be none. */
  const uint64_t value = restricted ? random_integer() : 0;
  CALL(prctl, 1, (uint64_t)PICK_FROM(sets), value, once_in(4) ? random_integer() : 0, 0,
       once_in(8) ? 1 : 0);
}

static void try_seccomp(void) {
  static struct sock_filter everything[] = {{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}};
  struct sock_fprog program = {1, everything};
  const unsigned operation =
      once_in(2) ? SECCOMP_SET_MODE_FILTER : SECCOMP_GET_ACTION_AVAIL + pick(2);
  const unsigned flags = operation == SECCOMP_SET_MODE_FILTER ? pick(8) << 1 : 0;
  const long answer = CALL(seccomp, 3, operation, flags, P(&program));
  if (answer > 0) keep(answer); /* A listener, which is never told anything. */
}

static void try_landlock_create_ruleset(void) {
  const uint64_t attributes[3] = {1, random_bits() & 3, random_bits() & 3};
  keep(CALL(landlock_create_ruleset, 4, P(attributes), 8 * (1 + pick(3)), once_in(4) ? 1 : 0));
}

static void try_landlock_add_rule(void) {
  const uint64_t port_rule[2] = {random_bits() & 3, PEER_PORT};
  CALL(landlock_add_rule, 0xb, (uint64_t)pool_descriptor(), 1 + pick(2), P(port_rule), 0);
}

static void try_landlock_restrict_self(void) {
  if (restricted || depth > 0)
    CALL(landlock_restrict_self, 3, (uint64_t)pool_descriptor(), once_in(4) ? pick(16) : 0);
}
