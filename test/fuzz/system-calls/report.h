/* SPDX-License-Identifier: MIT */
/* The summary, as JSON. */
#pragma once

#include <stdio.h>
#include <sys/utsname.h>

#include "run.h"

static uint64_t count_calls(const struct record *of, int error) {
  uint64_t sum = 0;
  for (unsigned id = 0; id < CALL_COUNT; ++id) {
    for (int outcome = 0; outcome < OUTCOMES; ++outcome)
      sum += error < 0 || error == outcome ? of->outcomes[id][outcome] : 0;
  }
  return sum;
}

static void print_deaths(const char *name, const uint64_t *deaths) {
  const char *comma = "";
  printf("\"%s\":{", name);
  for (int number = 1; number < SIGNALS; ++number) {
    if (deaths[number] == 0) continue;
    printf("%s\"SIG%s\":%lu", comma, sigabbrev_np(number) ? sigabbrev_np(number) : "?",
           deaths[number]);
    comma = ",";
  }
  printf("},");
}

static void print_calls(const struct record *of) {
  const char *comma = "";
  printf("\"byCall\":{");
  for (unsigned id = 0; id < CALL_COUNT; ++id) {
    const char *inner = "";
    printf("%s\"%s\":{", comma, call_names[id]);
    for (int outcome = 0; outcome < OUTCOMES; ++outcome) {
      if (of->outcomes[id][outcome] == 0) continue;
      const char *name = outcome == 0 ? "ok" : strerrorname_np(outcome);
      printf("%s\"%s\":%lu", inner, name == NULL ? "other" : name, of->outcomes[id][outcome]);
      inner = ",";
    }
    printf("}");
    comma = ",";
  }
  printf("}");
}

static void print_frames(const struct observer *observer) {
  printf("[");
  for (unsigned index = 0; index < observer->shown; ++index) {
    const struct shown_frame *frame = &observer->examples[index];
    printf("%s{\"generation\":%lu,\"interface\":%d,\"length\":%u,\"bytes\":\"", index ? "," : "",
           frame->generation, frame->interface_index, frame->length);
    for (unsigned at = 0; at < frame->length && at < SHOWN_BYTES; ++at)
      printf("%02x", frame->bytes[at]);
    printf("\"}");
  }
  printf("]");
}

static void print_result(const char *name, const struct result *result) {
  const struct record *of = &result->record;
  printf("\"%s\":{\"calls\":%lu,\"succeeded\":%lu,\"workers\":%lu,\"overtime\":%lu,", name,
         count_calls(of, -1), count_calls(of, 0), of->generations, of->overtime);
  printf("\"status\":%d,\"finished\":%s,\"inetSocket\":\"%s\",", result->status,
         of->finished ? "true" : "false",
         of->inet_error == 0 ? "ok" : strerrorname_np(of->inet_error));
  printf("\"knownPacketSeen\":%s,", result->known_packet_seen ? "true" : "false");
  printf("\"frames\":%lu,\"farFrames\":%lu,", result->observers[0].frames,
         result->observers[1].frames);
  printf("\"unlawful\":%lu,\"farUnlawful\":%lu,\"interfacesSent\":%lu,",
         result->observers[0].unlawful, result->observers[1].unlawful, result->sent);
  print_deaths("deaths", of->deaths);
  print_deaths("innerDeaths", of->inner_deaths);
  printf("\"unlawfulFrames\":");
  print_frames(&result->observers[0]);
  printf(",\"farUnlawfulFrames\":");
  print_frames(&result->observers[1]);
  printf(",");
  print_calls(of);
  printf("}");
}

static void print_begin(const char *drop, enum mode mode, const struct order *order,
                        int drops_capabilities) {
  struct utsname name;
  uname(&name);
  printf(
      "{\"kernel\":\"%s "
      "%s\",\"drop\":\"%s\",\"mode\":\"%s\",\"seed\":%lu,\"seconds\":%g,\"callsOfWorker\":%u,"
      "\"capabilities\":%s,",
      name.sysname, name.release, drop, mode_names[mode], order->seed, order->seconds, order->calls,
      drops_capabilities ? "false" : "true");
}
