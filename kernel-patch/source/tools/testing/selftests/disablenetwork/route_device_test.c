// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - Source routes, seen on the device that a packet leaves by
 *
 * The loopback, where route_test watches, brings every packet back.  Here the
 * peer, and the other host that a route leads to, are behind a TUN device, and
 * what would go out is read.
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/ipv6.h>
#include <linux/seg6.h>
#include <netinet/ip.h>

#include "common.h"

#define PORT 7001

#define OWN "10.0.0.1"
#define PEER "10.0.0.3"
#define OTHER "10.0.0.2"

#define OWN6 "fd01::1"
#define PEER6 "fd01::3"
#define OTHER6 "fd01::2"

#ifndef IPV6_RTHDR
#define IPV6_RTHDR 57
#endif

FIXTURE(device)
{
	int fd, socket, socket6;
};

FIXTURE_VARIANT(device)
{
	bool off;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(device, on) {};
FIXTURE_VARIANT_ADD(device, off) { .off = true };
/* clang-format on */

static int set_address(struct ifreq *const device)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	const int control = socket(AF_INET, SOCK_DGRAM, 0);
	int error;

	inet_pton(AF_INET, OWN, &address.sin_addr);
	memcpy(&device->ifr_addr, &address, sizeof(address));
	error = error_of(ioctl(control, SIOCSIFADDR, device));
	/* Such a device has one neighbor unless it is told otherwise. */
	inet_pton(AF_INET, "255.255.255.0", &address.sin_addr);
	memcpy(&device->ifr_addr, &address, sizeof(address));
	error = error ?: error_of(ioctl(control, SIOCSIFNETMASK, device));
	device->ifr_flags = IFF_UP | IFF_RUNNING;
	error = error ?: error_of(ioctl(control, SIOCSIFFLAGS, device));
	close(control);
	return error;
}

/* A new address is put in force by a worker of the kernel, a moment later. */
static int set_address6(struct ifreq *const device)
{
	struct {
		struct in6_addr address;
		__u32 prefix;
		int index;
	} request = { .prefix = 64 };
	struct sockaddr_in6 name = { .sin6_family = AF_INET6 };
	const int control = socket(AF_INET6, SOCK_DGRAM, 0);
	int tries, error;

	inet_pton(AF_INET6, OWN6, &request.address);
	name.sin6_addr = request.address;
	error = error_of(ioctl(control, SIOCGIFINDEX, device));
	request.index = device->ifr_ifindex;
	error = error ?: error_of(ioctl(control, SIOCSIFADDR, &request));
	for (tries = 0; !error && tries < 2000; tries++) {
		if (!bind(control, (void *)&name, sizeof(name)))
			break;
		usleep(1000);
	}
	close(control);
	return tries < 2000 ? error : EADDRNOTAVAIL;
}

static int connect_sockets(FIXTURE_DATA(device) * const self)
{
	struct sockaddr_in peer = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
	};
	struct sockaddr_in6 peer6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(PORT),
	};

	inet_pton(AF_INET, PEER, &peer.sin_addr);
	inet_pton(AF_INET6, PEER6, &peer6.sin6_addr);
	self->socket = socket(AF_INET, SOCK_DGRAM, 0);
	self->socket6 = socket(AF_INET6, SOCK_DGRAM, 0);
	return error_of(connect(self->socket, (void *)&peer, sizeof(peer)) ?:
			connect(self->socket6, (void *)&peer6, sizeof(peer6)));
}

FIXTURE_SETUP(device)
{
	struct ifreq device = { .ifr_flags = IFF_TUN | IFF_NO_PI };

	own_network(_metadata);
	self->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (self->fd < 0 && (errno == ENOENT || errno == ENODEV))
		SKIP(exit(SKIPPED), "This kernel lacks TUN devices");
	ASSERT_EQ(0, error_of(ioctl(self->fd, TUNSETIFF, &device)));
	ASSERT_EQ(0, set_address(&device));
	ASSERT_EQ(0, set_address6(&device));
	ASSERT_EQ(0, connect_sockets(self));
	restrict_self(_metadata, variant->off);
}

FIXTURE_TEARDOWN(device)
{
}

/* Copies out where the next packet of the sockets goes, as text. */
static void read_destination(const int fd, char *const text)
{
	union {
		struct iphdr ip;
		struct ipv6hdr ip6;
		char data[2048];
	} packet;
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	for (;;) {
		snprintf(text, INET6_ADDRSTRLEN, "nowhere");
		if (poll(&ready, 1, 500) != 1 ||
		    read(fd, &packet, sizeof(packet)) <= 0)
			return;
		if (packet.ip.version == 4)
			inet_ntop(AF_INET, &packet.ip.daddr, text,
				  INET6_ADDRSTRLEN);
		else
			inet_ntop(AF_INET6, &packet.ip6.daddr, text,
				  INET6_ADDRSTRLEN);
		/* The kernel asks for routers, and reports its groups. */
		if (strncmp(text, "ff", 2))
			return;
	}
}

TEST_F(device, route_of_ipv4)
{
	unsigned char loose[8] = { IPOPT_LSRR, 7, 4 };
	char destination[INET6_ADDRSTRLEN];

	EXPECT_EQ(1, send(self->socket, "x", 1, 0));
	read_destination(self->fd, destination);
	EXPECT_STREQ(PEER, destination);
	inet_pton(AF_INET, OTHER, loose + 3);
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(setsockopt(self->socket, SOL_IP, IP_OPTIONS, loose,
				      sizeof(loose))));
	EXPECT_EQ(1, send(self->socket, "x", 1, 0));
	read_destination(self->fd, destination);
	EXPECT_STREQ(variant->off ? PEER : OTHER, destination);
}

TEST_F(device, route_of_ipv6)
{
	struct {
		struct ipv6_sr_hdr header;
		struct in6_addr segments[2];
	} route = {
		.header.hdrlen = 4,
		.header.type = 4,
		.header.segments_left = 1,
		.header.first_segment = 1,
	};
	char destination[INET6_ADDRSTRLEN];

	EXPECT_EQ(1, send(self->socket6, "x", 1, 0));
	read_destination(self->fd, destination);
	EXPECT_STREQ(PEER6, destination);
	inet_pton(AF_INET6, PEER6, &route.segments[0]);
	inet_pton(AF_INET6, OTHER6, &route.segments[1]);
	EXPECT_EQ(variant->off ? EPERM : 0,
		  error_of(setsockopt(self->socket6, SOL_IPV6, IPV6_RTHDR,
				      &route, sizeof(route))));
	EXPECT_EQ(1, send(self->socket6, "x", 1, 0));
	read_destination(self->fd, destination);
	EXPECT_STREQ(variant->off ? PEER6 : OTHER6, destination);
}

TEST_HARNESS_MAIN
