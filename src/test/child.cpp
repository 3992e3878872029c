// SPDX-License-Identifier: Apache-2.0
// Children by fork: they begin as we are, and what they do to themselves stays there.
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <quartet/test/detail/child.hpp>

namespace quartet::detail {

namespace {

constexpr std::size_t printed_max = 4096;
constexpr int threw = 70, unheard = 71;  // exit codes

[[noreturn]] void fail(char const* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

bool write_all(int fd, std::string const& text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    ssize_t const n = ::write(fd, text.data() + at, text.size() - at);
    if (n <= 0) return false;
    at += static_cast<std::size_t>(n);
  }
  return true;
}

void end_with(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(unheard);
}

std::string tail_of(int fd) {
  off_t const end = lseek(fd, 0, SEEK_END);
  std::string text(
      std::min<std::size_t>(static_cast<std::size_t>(std::max<off_t>(end, 0)), printed_max), '\0');
  ssize_t const n = pread(fd, text.data(), text.size(), end - static_cast<off_t>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
  return text;
}

}  // namespace

shared_pages::shared_pages(std::size_t bytes) : size_(bytes) {
  data_ = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE,
               -1, 0);
  if (data_ == MAP_FAILED) fail("quartet: no memory to share with a child process");
}

shared_pages::~shared_pages() { munmap(data_, size_); }

child::child(void (*work)(void*, std::string&), void* argument) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("quartet: no pipe to a child process");
  answer_ = ends[0];
  printed_ = memfd_create("quartet-child", MFD_CLOEXEC);
  pid_t const parent = getpid();
  pid_ = printed_ < 0 ? -1 : fork();
  if (pid_ < 0) {
    close(ends[0]);
    close(ends[1]);
    close(printed_);
    fail("quartet: cannot start a child process");
  }
  if (pid_ == 0) {
    end_with(parent);
    dup2(printed_, STDOUT_FILENO);
    dup2(printed_, STDERR_FILENO);
    std::string answer;
    int code = 0;
    try {
      work(argument, answer);
    } catch (...) {
      code = threw;
    }
    _exit(write_all(ends[1], answer) ? code : unheard);
  }
  close(ends[1]);
}

child::~child() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (answer_ >= 0) close(answer_);
  if (printed_ >= 0) close(printed_);
}

child_end child::wait(unsigned long (*progress)(void*), void* progress_of, duration patience) {
  using std::chrono::milliseconds;
  child_end end;
  unsigned long seen = progress(progress_of);
  time_point until = after(patience);
  for (std::array<char, 4096> buffer{};;) {
    pollfd readable{answer_, POLLIN, 0};
    int const n = ::poll(&readable, 1, 200);
    if (n > 0) {
      ssize_t const got = read(answer_, buffer.data(), buffer.size());
      if (got == 0) break;
      if (got > 0) end.answer.append(buffer.data(), static_cast<std::size_t>(got));
      continue;
    }
    unsigned long const now = progress(progress_of);
    if (std::exchange(seen, now) != now) until = after(patience);
    if (clock::now() < until) continue;
    end.hung = true;
    kill(pid_, SIGKILL);
    break;
  }
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  if (WIFEXITED(status)) end.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  end.printed = tail_of(printed_);
  return end;
}

}  // namespace quartet::detail
