/* SPDX-License-Identifier: MIT */
/* Who looks at the wire: a packet socket on every interface of a namespace. What is lawful is a
 * frame between the two ends that belongs to a connection which was open before the drop. */
#pragma once

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "network.h"

enum { FRAME_BYTES = 2048, SHOWN_BYTES = 80, SHOWN_FRAMES = 8 };

struct shown_frame {
  uint64_t generation;
  unsigned length;
  char interface_index, type;
  unsigned char bytes[SHOWN_BYTES];
};

struct observer {
  int fd;
  uint64_t frames, unlawful; /* A frame that the socket had no room for counts as unlawful. */
  unsigned shown;
  struct shown_frame examples[SHOWN_FRAMES];
};

/* Ports of the connections that were open before, by protocol 6 or 17. */
struct lawful {
  unsigned many;
  struct {
    uint8_t protocol;
    uint16_t port;
  } flows[128];
};

static struct observer open_observer(void) {
  struct observer observer = {
      .fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ALL))};
  const int room = 256 << 20;
  if (observer.fd < 0) {
    perror("cannot observe the wire: socket(AF_PACKET)");
    _exit(2);
  }
  if (setsockopt(observer.fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) != 0) {
    (void)setsockopt(observer.fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  }
  return observer;
}

static int has_flow(const struct lawful *lawful, uint8_t protocol, const unsigned char *ports) {
  const uint16_t one = (uint16_t)(ports[0] << 8 | ports[1]),
                 other = (uint16_t)(ports[2] << 8 | ports[3]);
  for (unsigned index = 0; index < lawful->many; ++index) {
    const uint16_t port = lawful->flows[index].port;
    if (lawful->flows[index].protocol != protocol) continue;
    if ((one == port && other == PEER_PORT) || (one == PEER_PORT && other == port)) return 1;
  }
  return 0;
}

static int are_ends(const unsigned char *source, const unsigned char *target, size_t length,
                    int family) {
  unsigned char own[16], peer[16];
  inet_pton(family, family == AF_INET ? OWN_4 : OWN_6, own);
  inet_pton(family, family == AF_INET ? PEER_4 : PEER_6, peer);
  return (memcmp(source, own, length) == 0 && memcmp(target, peer, length) == 0) ||
         (memcmp(source, peer, length) == 0 && memcmp(target, own, length) == 0);
}

/* Hop-by-hop (0) and destination options (60), which take CAP_NET_RAW, change no route: they may
 * stand before the connection's own header, and behind that of a fragment (44). A routing header
 * (43) may not. */
static int is_lawful_6(const struct lawful *lawful, const unsigned char *packet, size_t length) {
  uint8_t header = packet[6];
  size_t offset = 40;
  while ((header == 0 || header == 60) && offset + 4 <= length) {
    header = packet[offset];
    offset += 8 * (packet[offset + 1] + (size_t)1);
  }
  if (offset + 4 > length) return 0;
  if (header == 44) return packet[offset] == 17 || packet[offset] == 60;
  return has_flow(lawful, header, packet + offset);
}

/* Without options or source routes, between the two ends. */
static int is_lawful(const struct lawful *lawful, const unsigned char *frame, size_t length) {
  if (lawful->many == 0 || length < 14 + 20 + 4) return 0;
  const unsigned char *packet = frame + 14;
  if (frame[0] != 2 || frame[4] != 0x77) return 0; /* The hardware address of either end. */
  if (frame[12] == 8 && frame[13] == 0) {
    if (packet[0] != 0x45 || !are_ends(packet + 12, packet + 16, 4, AF_INET)) return 0;
    /* A later fragment has no ports. */
    return ((packet[6] & 0x1f) | packet[7]) != 0 ? packet[9] == 17
                                                 : has_flow(lawful, packet[9], packet + 20);
  }
  if (frame[12] == 0x86 && frame[13] == 0xdd) {
    if (length < 14 + 40 + 4 || !are_ends(packet + 8, packet + 24, 16, AF_INET6)) return 0;
    return is_lawful_6(lawful, packet, (length < FRAME_BYTES ? length : FRAME_BYTES) - 14);
  }
  return 0;
}

/* At the far end a frame that comes in is what counts: what goes out there is the peer's own. */
static void observe(struct observer *observer, const struct lawful *lawful, uint64_t generation,
                    int far_end) {
  unsigned char frame[FRAME_BYTES];
  struct sockaddr_ll from;
  struct tpacket_stats statistics = {0};
  socklen_t room = sizeof statistics;
  for (;;) {
    socklen_t address = sizeof from;
    const ssize_t length =
        recvfrom(observer->fd, frame, sizeof frame, MSG_TRUNC, (void *)&from, &address);
    if (length < 0) break;
    if (far_end && from.sll_pkttype == PACKET_OUTGOING) continue;
    ++observer->frames;
    if (is_lawful(lawful, frame, (size_t)length)) continue;
    ++observer->unlawful;
    if (observer->shown >= SHOWN_FRAMES) continue;
    struct shown_frame *shown = &observer->examples[observer->shown++];
    *shown = (struct shown_frame){
        generation, (unsigned)length, (char)from.sll_ifindex, (char)from.sll_pkttype, {0}};
    memcpy(shown->bytes, frame, (size_t)length < SHOWN_BYTES ? (size_t)length : SHOWN_BYTES);
  }
  if (getsockopt(observer->fd, SOL_PACKET, PACKET_STATISTICS, &statistics, &room) == 0) {
    observer->frames += statistics.tp_drops;
    observer->unlawful += statistics.tp_drops;
  }
}

/* The second witness: what the interfaces themselves say that they have sent. */
static uint64_t count_sent(void) {
  char line[512], *colon;
  uint64_t sum = 0, sent;
  FILE *file = fopen("/proc/thread-self/net/dev", "re");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    colon = strchr(line, ':');
    if (colon != NULL && sscanf(colon + 1, "%*u %*u %*u %*u %*u %*u %*u %*u %*u %lu", &sent) == 1)
      sum += sent;
  }
  if (file != NULL) fclose(file);
  return sum;
}
