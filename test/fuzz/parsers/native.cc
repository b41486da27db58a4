// SPDX-License-Identifier: MIT
// The addon's readers of /proc, on texts that no kernel wrote: built with the address and undefined
// behaviour sanitizers, with the files of /proc replaced by a variable.
// native SEED SECONDS
#include <sys/sysmacros.h>

#include <stdarg.h>
#include <stdlib.h>

#include <chrono>
#include <map>
#include <random>
#include <sstream>

#include "../../../csrc/descriptors/drivers.cc"
#include "../../../csrc/descriptors/kill/epoll.cc"
#include "../../../csrc/descriptors/kill/waiters.cc"
#include "../../../csrc/kernel/mappings.cc"
#include "../../../csrc/rings/mappings.cc"
#include "../../../csrc/rings/ring.cc"
#include "../../../csrc/threads/list.cc"
#include "../../../csrc/processes/tracees.cc"

namespace {
std::string proc_text;
size_t position = 0;
}  // namespace

namespace disablenetwork {
// The kernel may hand out a file of /proc in pieces of any size.
long RawSyscall(long number, long, long buffer, long size, long, long, long) noexcept {
  if (number == SYS_openat) position = 0;
  if (number != SYS_read) return 0;
  const size_t left = proc_text.size() - position;
  const size_t piece = std::min({left, static_cast<size_t>(size), size_t{1} + left / 3});
  memcpy(reinterpret_cast<void*>(buffer), proc_text.data() + position, piece);
  position += piece;
  return static_cast<long>(piece);
}

int ReadProcFile(const std::string&, std::string* text) {
  *text = proc_text;
  return 0;
}
}  // namespace disablenetwork

namespace {

using namespace disablenetwork;

std::mt19937_64 generator;
unsigned Pick(unsigned limit) { return static_cast<unsigned>(generator() % limit); }

std::string Format(const char* format, ...) {
  char text[512];
  va_list values;
  va_start(values, format);
  (void)vsnprintf(text, sizeof text, format, values);
  va_end(values);
  return text;
}

[[noreturn]] void Fail(const char* what, const std::string& text) {
  fprintf(stderr, "%s: '%s'\n", what, text.c_str());
  exit(1);
}

void Check(bool holds, const char* what, const std::string& text) {
  if (!holds) Fail(what, text);
}

std::string Mutate(std::string text) {
  static const std::string tokens[] = {"\n",
                                       "\t",
                                       " ",
                                       ":",
                                       ")",
                                       "(",
                                       "-1",
                                       "99999999999999999999",
                                       "0x",
                                       "tfd:",
                                       "Block",
                                       " anon_inode:[io_uring]",
                                       std::string(1, '\0')};
  for (unsigned left = Pick(5); left > 0; --left) {
    const size_t at = Pick(static_cast<unsigned>(text.size()) + 1);
    switch (Pick(5)) {
      case 0:
        text.erase(at, Pick(8));
        break;
      case 1:
        text.insert(at, tokens[Pick(sizeof tokens / sizeof *tokens)]);
        break;
      case 2:
        text.resize(at);
        break;
      case 3:
        text.insert(at, text.substr(0, 200));
        break;
      default:
        if (at < text.size()) text[at] = static_cast<char>(Pick(256));
    }
  }
  return text;
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

const char kRing[] = " anon_inode:[io_uring]";

void TryMaps() {
  proc_text = Mutate(
      "55d0c0e00000-55d0c0e21000 rw-p 00000000 00:00 0                          [heap]\n"
      "7f1e4a200000-7f1e4a202000 rw-s 08000000 00:0e 3057                       "
      "anon_inode:[io_uring]\n"
      "7f1e4a202000-7f1e4a204000 rw-s 00000000 00:08 4711                       socket:[4711]\n"
      "7f1e4a300000-7f1e4a400000 rw-s 00000000 00:06 10                         /dev/net/tun\n");
  size_t rings = 0;
  for (const std::string& line : LinesOf(proc_text)) rings += line.find(kRing) != std::string::npos;
  std::set<std::string> links;
  Check(ListMappedLinks(&links) == 0, "maps cannot be read", proc_text);
  for (const std::string& line : LinesOf(proc_text)) {
    const size_t place = line.find(" socket:[");
    const bool other = line.find(" anon_inode:") != std::string::npos;
    if (place == std::string::npos || other) continue;
    Check(links.count(line.substr(place + 1)) == 1, "a mapped socket is lost", line);
  }
  Check(rings == 0 || !links.empty(), "a mapped ring is lost", proc_text);
  std::vector<RingMapping> mappings;
  const int answer = ListRingMappings(&mappings);
  Check(answer == -EPROTO || mappings.size() == rings, "a ring's mapping is lost", proc_text);
}

void TryStat() {
  const unsigned flags = static_cast<unsigned>(generator());
  const std::string line = Format(
      "55 (no) de) S 1 50 50 0 -1 %u 12 0 0 0 1 2 0 0 20 0 11 0 3456 1000 200 "
      "18446744073709551615\n",
      flags);
  ThreadIdentity thread = {};
  Check(ParseStat(line.c_str(), &thread), "a real line is refused", line);
  Check(thread.kernel_worker == ((flags & 0x4010) != 0), "the flags are wrong", line);
  Check(thread.process_threads == 11 && thread.start_time == 3456, "the fields are wrong", line);
  const std::string other = Mutate(line).c_str();
  thread = {};
  if (!ParseStat(other.c_str(), &thread) || !thread.kernel_worker) return;
  size_t place = other.rfind(')') + 1;
  std::string word;
  for (unsigned index = 0; index < 7; ++index) {
    const size_t start = other.find_first_not_of(' ', place);
    place = std::min(other.find(' ', start), other.size());
    word = other.substr(start, place - start);
  }
  Check((strtoul(word.c_str(), nullptr, 10) & 0x4010) != 0, "a thread passes for a worker", other);
}

void TryPolls() {
  const PollRegistration wanted = [] {
    PollRegistration one;
    one.fd = static_cast<int>(Pick(100000));
    one.events = static_cast<uint32_t>(generator());
    one.data = generator();
    one.inode = generator() >> Pick(64);
    return one;
  }();
  const std::string line = Format(
      "tfd: %8d events: %8x data: %16llx  pos:0 ino:%lx sdev:10\n", wanted.fd, wanted.events,
      static_cast<unsigned long long>(wanted.data), static_cast<unsigned long>(wanted.inode));
  const auto found = ParsePollRegistrations(7, "pos:\t0\nflags:\t02\n" + line);
  Check(found.size() == 1 && found[0].epoll == 7 && found[0].fd == wanted.fd &&
            found[0].events == wanted.events && found[0].data == wanted.data &&
            found[0].inode == wanted.inode,
        "a registration does not come back", line);
  const std::string text = Mutate(line + line);
  Check(ParsePollRegistrations(7, text).size() <= LinesOf(text).size(),
        "registrations from nowhere", text);
}

void TryOthers() {
  const int tracer = static_cast<int>(Pick(4194304));
  const std::string status =
      Format("Name:\tTracerPid:\\n7\nState:\tS\nTracerPid:\t%d\nUid:\t0\n", tracer);
  proc_text = status;
  Check(ReadTracer("/proc/1") == tracer, "the tracer is another", status);
  proc_text = Mutate(status);
  (void)ReadTracer("/proc/1");

  const std::string line =
      Format("%d 0x%x 0x2 0x%x 0x0 0x0 0x0 0x7ffc 0x7f1e\n", SYS_recvfrom, 9, Pick(9));
  Check(UsesDescriptor(line, 9) && !UsesDescriptor(line, 10), "who waits is another", line);
  Check(!UsesDescriptor("running\n", 9), "who runs waits", line);
  (void)UsesDescriptor(Mutate(line), 9);

  const unsigned major = Pick(512);
  proc_text =
      Format("Character devices:\n  1 mem\n%3u name-of-it\n\nBlock devices:\n259 blkext\n", major);
  const std::string devices = proc_text;
  // Where it is misc, the text is read as the minor numbers of misc, too: there is no 0 in it.
  const std::string name = major == 10 ? "" : "name-of-it";
  Check(major == 1 || DriverNames().Find(makedev(major, 0)) == name, "a driver is lost", devices);
  Check(major == 259 || DriverNames().Find(makedev(259, 0)).empty(), "a block device counts", devices);
  proc_text = Mutate(devices);
  (void)DriverNames().Find(makedev(major, 0));
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) return 2;
  generator.seed(strtoull(arguments[1], nullptr, 10));
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration<double>(atof(arguments[2]));
  unsigned long cases = 0;
  for (; cases % 64 != 0 || Clock::now() < end; ++cases) {
    TryMaps();
    TryStat();
    TryPolls();
    TryOthers();
  }
  printf("%lu\n", cases);
  return 0;
}
