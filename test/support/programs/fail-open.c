// SPDX-License-Identifier: MIT
// A setuid program of the kind that made sendmail famous: when it cannot have what it takes for
// granted, it goes on with the privilege that it should have given up. Here it takes the network for
// granted, and its privilege makes a folder where argument 1 says. With a second argument it takes
// the network to be missing without asking, which shows that the privileged branch is real.
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int count, char **arguments) {
  if (count < 2) return 2;
  const int network = count > 2 ? -1 : socket(AF_INET, SOCK_DGRAM, 0);
  if (network >= 0) {
    if (setuid(getuid()) != 0) return 2;
    return 1;
  }
  return mkdir(arguments[1], 0700) == 0 ? 0 : 1;
}
