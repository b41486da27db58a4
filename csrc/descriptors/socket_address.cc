// SPDX-License-Identifier: MIT
#include "descriptors/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

// After sys/socket.h: the kernel's header relies on its types.
#include <linux/vm_sockets.h>

#include <algorithm>

namespace disablenetwork {
namespace {

template <typename Address>
Address Read(const sockaddr_storage& storage) {
  Address address = {};
  memcpy(&address, &storage, sizeof address);
  return address;
}

std::string FormatInet(const sockaddr_in& address) {
  char text[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, &address.sin_addr, text, sizeof text);
  return std::string(text) + ":" + std::to_string(ntohs(address.sin_port));
}

std::string FormatInet6(const sockaddr_in6& address) {
  char text[INET6_ADDRSTRLEN];
  inet_ntop(AF_INET6, &address.sin6_addr, text, sizeof text);
  const std::string scope =
      address.sin6_scope_id == 0 ? "" : "%" + std::to_string(address.sin6_scope_id);
  return "[" + std::string(text) + scope + "]:" + std::to_string(ntohs(address.sin6_port));
}

constexpr char kDigits[] = "0123456789abcdef";

// Whoever bound the socket chose these bytes, and they end up in messages on a terminal.
std::string Escape(const char* bytes, size_t length) {
  std::string text;
  for (size_t index = 0; index < length; ++index) {
    const unsigned char byte = static_cast<unsigned char>(bytes[index]);
    if (byte >= 0x20 && byte < 0x7f && byte != '\\') {
      text += static_cast<char>(byte);
    } else {
      text += "\\x";
      text += kDigits[byte >> 4];
      text += kDigits[byte & 0xf];
    }
  }
  return text;
}

// An abstract name begins with a zero byte and may hold more of them; a pathname ends at the first.
std::string FormatUnix(const sockaddr_un& address, socklen_t reported) {
  const size_t start = offsetof(sockaddr_un, sun_path);
  if (reported <= start) return std::string();
  const size_t length = std::min(static_cast<size_t>(reported) - start, sizeof address.sun_path);
  if (address.sun_path[0] == '\0') return "@" + Escape(address.sun_path + 1, length - 1);
  return Escape(address.sun_path, strnlen(address.sun_path, length));
}

}  // namespace

std::string FormatAddress(const sockaddr_storage& address, socklen_t length) {
  switch (address.ss_family) {
    case AF_INET:
      return FormatInet(Read<sockaddr_in>(address));
    case AF_INET6:
      return FormatInet6(Read<sockaddr_in6>(address));
    case AF_UNIX:
      return FormatUnix(Read<sockaddr_un>(address), length);
    case AF_VSOCK: {
      const auto vsock = Read<sockaddr_vm>(address);
      return std::to_string(vsock.svm_cid) + ":" + std::to_string(vsock.svm_port);
    }
    default:
      return std::string();
  }
}

}  // namespace disablenetwork
