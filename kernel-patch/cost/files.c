// SPDX-License-Identifier: MIT
// Reading and writing what is no socket.
#include <fcntl.h>
#include <unistd.h>

#include "count.h"
#include "operations.h"

static char data[64];

static void count_pipe(void) {
  int pair[2];
  NEED(pipe(pair) == 0);
  for (int i = 0; i < kRepetitions; i++) {
    NEED(COUNT(write, pair[1], data, sizeof data, 0, 0, 0) == sizeof data);
    NEED(read(pair[0], data, sizeof data) == sizeof data);
  }
  print_counts("write-pipe");
  for (int i = 0; i < kRepetitions; i++) {
    NEED(write(pair[1], data, sizeof data) == sizeof data);
    NEED(COUNT(read, pair[0], data, sizeof data, 0, 0, 0) == sizeof data);
  }
  print_counts("read-pipe");
  close(pair[0]);
  close(pair[1]);
}

static void count_file(void) {
  const int fd = open("/tmp/cost-file", O_RDWR | O_CREAT | O_TRUNC, 0600);
  NEED(fd >= 0);
  for (int i = 0; i < kRepetitions; i++) {
    NEED(lseek(fd, 0, SEEK_SET) == 0);
    NEED(COUNT(write, fd, data, sizeof data, 0, 0, 0) == sizeof data);
  }
  print_counts("write-file");
  for (int i = 0; i < kRepetitions; i++) {
    NEED(lseek(fd, 0, SEEK_SET) == 0);
    NEED(COUNT(read, fd, data, sizeof data, 0, 0, 0) == sizeof data);
  }
  print_counts("read-file");
  close(fd);
}

void count_files(void) {
  count_pipe();
  count_file();
}
