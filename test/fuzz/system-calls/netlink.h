/* SPDX-License-Identifier: MIT */
/* As much of rtnetlink as makes a wire between two namespaces: a guest has no iproute2. */
#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct request {
  struct nlmsghdr header;
  unsigned char body[1024];
};

static void append(struct request *request, const void *data, size_t length) {
  memcpy((unsigned char *)request + NLMSG_ALIGN(request->header.nlmsg_len), data, length);
  request->header.nlmsg_len = (uint32_t)(NLMSG_ALIGN(request->header.nlmsg_len) + length);
}

static struct rtattr *append_attribute(struct request *request, unsigned short type,
                                       const void *data, size_t length) {
  const struct rtattr header = {(unsigned short)RTA_LENGTH(length), type};
  struct rtattr *place =
      (void *)((unsigned char *)request + NLMSG_ALIGN(request->header.nlmsg_len));
  append(request, &header, sizeof header);
  if (length > 0) append(request, data, length);
  return place;
}

static void close_nest(struct request *request, struct rtattr *nest) {
  nest->rta_len = (unsigned short)((unsigned char *)request + request->header.nlmsg_len -
                                   (unsigned char *)nest);
}

static void begin(struct request *request, unsigned short type, unsigned short flags,
                  const void *body, size_t length) {
  memset(request, 0, sizeof *request);
  request->header = (struct nlmsghdr){.nlmsg_len = NLMSG_HDRLEN, .nlmsg_type = type};
  request->header.nlmsg_flags = (unsigned short)(NLM_F_REQUEST | NLM_F_ACK | flags);
  append(request, body, length);
}

/* Answers 0 or an errno. */
static int ask(struct request *request) {
  struct {
    struct nlmsghdr header;
    struct nlmsgerr error;
    unsigned char rest[2048];
  } answer = {0};
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0) return errno;
  const ssize_t length = send(fd, request, request->header.nlmsg_len, 0) < 0
                             ? -1
                             : recv(fd, &answer, sizeof answer, 0);
  const int error = length < 0 ? errno : 0;
  close(fd);
  return error != 0 ? error : -answer.error.error;
}

static int make_wire(const char *name, const unsigned char *mac, const char *peer,
                     const unsigned char *peer_mac, int peer_namespace) {
  const struct ifinfomsg nothing = {0};
  struct request request;
  begin(&request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &nothing, sizeof nothing);
  append_attribute(&request, IFLA_IFNAME, name, strlen(name) + 1);
  append_attribute(&request, IFLA_ADDRESS, mac, 6);
  struct rtattr *information = append_attribute(&request, IFLA_LINKINFO, NULL, 0);
  append_attribute(&request, IFLA_INFO_KIND, "veth", 5);
  struct rtattr *data = append_attribute(&request, IFLA_INFO_DATA, NULL, 0);
  struct rtattr *other = append_attribute(&request, VETH_INFO_PEER, NULL, 0);
  append(&request, &nothing, sizeof nothing);
  append_attribute(&request, IFLA_IFNAME, peer, strlen(peer) + 1);
  append_attribute(&request, IFLA_ADDRESS, peer_mac, 6);
  append_attribute(&request, IFLA_NET_NS_FD, &peer_namespace, sizeof peer_namespace);
  close_nest(&request, other);
  close_nest(&request, data);
  close_nest(&request, information);
  return ask(&request);
}

static int set_up_interface(const char *name) {
  const struct ifinfomsg link = {
      .ifi_index = (int)if_nametoindex(name), .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
  struct request request;
  begin(&request, RTM_NEWLINK, 0, &link, sizeof link);
  return ask(&request);
}

static size_t parse_address(const char *text, unsigned char family, unsigned char *target) {
  return inet_pton(family, text, target) == 1 ? (family == AF_INET ? 4 : 16) : 0;
}

static int add_address(const char *interface, unsigned char family, const char *text,
                       unsigned char prefix) {
  const struct ifaddrmsg message = {.ifa_family = family,
                                    .ifa_prefixlen = prefix,
                                    .ifa_flags = family == AF_INET6 ? IFA_F_NODAD : 0,
                                    .ifa_index = if_nametoindex(interface)};
  unsigned char address[16];
  const size_t length = parse_address(text, family, address);
  struct request request;
  begin(&request, RTM_NEWADDR, NLM_F_CREATE, &message, sizeof message);
  append_attribute(&request, IFA_LOCAL, address, length);
  append_attribute(&request, IFA_ADDRESS, address, length);
  return ask(&request);
}

static int add_neighbour(const char *interface, unsigned char family, const char *text,
                         const unsigned char *mac) {
  const struct ndmsg message = {.ndm_family = family,
                                .ndm_ifindex = (int)if_nametoindex(interface),
                                .ndm_state = NUD_PERMANENT};
  unsigned char address[16];
  const size_t length = parse_address(text, family, address);
  struct request request;
  begin(&request, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, &message, sizeof message);
  append_attribute(&request, NDA_DST, address, length);
  append_attribute(&request, NDA_LLADDR, mac, 6);
  return ask(&request);
}

/* So that every address in the world is on the wire. */
static int add_default_route(const char *interface, unsigned char family, const char *gateway) {
  const struct rtmsg message = {.rtm_family = family,
                                .rtm_table = RT_TABLE_MAIN,
                                .rtm_protocol = RTPROT_STATIC,
                                .rtm_type = RTN_UNICAST};
  const int index = (int)if_nametoindex(interface);
  unsigned char address[16];
  const size_t length = parse_address(gateway, family, address);
  struct request request;
  begin(&request, RTM_NEWROUTE, NLM_F_CREATE, &message, sizeof message);
  append_attribute(&request, RTA_GATEWAY, address, length);
  append_attribute(&request, RTA_OIF, &index, sizeof index);
  return ask(&request);
}
