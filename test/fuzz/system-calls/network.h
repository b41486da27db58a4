/* SPDX-License-Identifier: MIT */
/* Names and addresses of the two ends of the wire. */
#pragma once

#define WIRE "wire0"
#define PEER_WIRE "wire1"
#define OWN_4 "10.77.0.1"
#define PEER_4 "10.77.0.2"
#define OWN_6 "fd77::1"
#define PEER_6 "fd77::2"

enum { PEER_PORT = 7777 };
