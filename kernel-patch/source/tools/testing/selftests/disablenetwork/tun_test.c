// SPDX-License-Identifier: GPL-2.0
/*
 * Disablenetwork tests - TUN devices
 *
 * Open by design: such a device is a file, no socket, and whoever holds it is
 * the network's other end.  This is asserted, so that a kernel that closes it
 * shows up.
 */

#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if_tun.h>
#include <netinet/ip.h>
#include <netinet/udp.h>

#include "common.h"

#define PORT 7001
#define OWN_ADDRESS 0x0a000001
#define FOREIGN_ADDRESS 0x0a000002

struct packet {
	struct iphdr ip;
	struct udphdr udp;
	char byte;
} __attribute__((packed));

FIXTURE(tun)
{
	int fd, control, listener;
	struct ifreq device;
};

FIXTURE_VARIANT(tun)
{
	bool off;
};

/* clang-format off */
FIXTURE_VARIANT_ADD(tun, on) {};
FIXTURE_VARIANT_ADD(tun, off) { .off = true };
/* clang-format on */

static int open_device(struct ifreq *const device)
{
	const int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	device->ifr_flags = IFF_TUN | IFF_NO_PI;
	if (ioctl(fd, TUNSETIFF, device))
		return -errno;
	return fd;
}

FIXTURE_SETUP(tun)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(OWN_ADDRESS),
		.sin_port = htons(PORT),
	};

	own_network(_metadata);
	self->control = socket(AF_INET, SOCK_DGRAM, 0);
	ASSERT_LE(0, self->control);
	self->fd = open_device(&self->device);
	if (self->fd == -ENOENT || self->fd == -ENODEV)
		SKIP(exit(SKIPPED), "This kernel lacks TUN devices");
	ASSERT_LE(0, self->fd);
	memcpy(&self->device.ifr_addr, &address, sizeof(address));
	ASSERT_EQ(0, error_of(ioctl(self->control, SIOCSIFADDR,
				    &self->device)));
	self->device.ifr_flags = IFF_UP | IFF_RUNNING;
	ASSERT_EQ(0, error_of(ioctl(self->control, SIOCSIFFLAGS,
				    &self->device)));
	self->listener = socket(AF_INET, SOCK_DGRAM, 0);
	ASSERT_EQ(0, error_of(bind(self->listener, (void *)&address,
				   sizeof(address))));
	restrict_self(_metadata, variant->off);
}

FIXTURE_TEARDOWN(tun)
{
}

static __u16 checksum(const void *const header)
{
	const __u16 *const words = header;
	__u32 sum = 0;
	int i;

	for (i = 0; i < 10; i++)
		sum += words[i];
	sum = (sum >> 16) + (sum & 0xffff);
	return ~(sum + (sum >> 16));
}

TEST_F(tun, packets_of_an_open_device)
{
	struct packet packet = {
		.ip = {
			.version = 4, .ihl = 5, .ttl = 1,
			.protocol = IPPROTO_UDP,
			.tot_len = htons(sizeof(packet)),
			.saddr = htonl(FOREIGN_ADDRESS),
			.daddr = htonl(OWN_ADDRESS),
		},
		.udp = {
			.source = htons(PORT), .dest = htons(PORT),
			.len = htons(sizeof(packet.udp) + 1),
		},
	};
	char byte;

	packet.ip.check = checksum(&packet.ip);
	EXPECT_EQ(sizeof(packet), write(self->fd, &packet, sizeof(packet)));
	EXPECT_EQ(1, receive_soon(self->listener, &byte, 1));
}

/* A new one needs a capability in the network's user namespace, no socket. */
TEST_F(tun, another_device)
{
	struct ifreq device = {};

	EXPECT_LE(0, open_device(&device));
}

/* Whereas a socket is what gives it an address. */
TEST_F(tun, socket_beside_it)
{
	EXPECT_EQ(variant->off ? EPERM : 0, try_inet());
}

TEST_HARNESS_MAIN
