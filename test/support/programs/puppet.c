// SPDX-License-Identifier: MIT
// A process with the network that can be driven through its memory alone: as soon as the first byte
// of a buffer of its is no longer zero, it sends the buffer to a UDP port of 127.0.0.1. Prints the
// buffer's address, and the descriptor of a UDP socket that is connected to the port.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int count, char **arguments) {
  if (count < 2) return 2;
  const struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_port = htons((unsigned short)atoi(arguments[1])),
                                      .sin_addr = {htonl(INADDR_LOOPBACK)}};
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) return 1;
  volatile char *buffer =
      mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (buffer == MAP_FAILED) return 1;
  printf("%lu %d\n", (unsigned long)buffer, fd);
  fflush(stdout);
  while (buffer[0] == 0) usleep(1000);
  usleep(1000);  // The rest of the text may still be on its way.
  send(fd, (const char *)buffer, strnlen((const char *)buffer, 4096), 0);
  pause();
  return 0;
}
