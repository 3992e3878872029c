// SPDX-License-Identifier: Apache-2.0
// memfd_create, fallocate, seal, map; in that order.
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <quartet/os/error.hpp>
#include <quartet/os/memory_file.hpp>

namespace quartet::os {

namespace {

constexpr int size_seals = F_SEAL_SHRINK | F_SEAL_GROW;

fd create(char const* name) {
  constexpr unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  constexpr unsigned noexec_seal = 8;  // Linux 6.3; some systems then insist on it
  int number = memfd_create(name, flags | noexec_seal);
  if (number < 0 && errno == EINVAL) number = memfd_create(name, flags);
  return checked(number, "cannot create shared memory");
}

// What the machine could give at most: MemAvailable and SwapFree, or all of it.
std::size_t obtainable_bytes() {
  std::ifstream in("/proc/meminfo");
  std::size_t kib = 0, sum = 0;
  bool known = false;
  for (std::string name, unit; in >> name >> kib; std::getline(in, unit)) {
    if (name != "MemAvailable:" && name != "SwapFree:") continue;
    sum += kib;
    known = true;
  }
  if (known) return sum * 1024;
  return static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

// The kernel does not weigh the size of such a file against the memory there is: fallocate would
// take page after page until something is killed for it. So the weighing is done here.
int allocate(int number, std::size_t size) {
  if (size > static_cast<std::size_t>(std::numeric_limits<off_t>::max())) return EFBIG;
  if (size > obtainable_bytes()) return ENOMEM;
  while (fallocate(number, 0, 0, static_cast<off_t>(size)) != 0)
    if (errno != EINTR) return errno;
  return 0;
}

}  // namespace

memory_file::memory_file(char const* name, std::size_t size) : size_(size) {
  if (size == 0) throw std::invalid_argument("shared memory of 0 bytes was asked for");
  file_ = create(name);
  if (int const error = allocate(file_.get(), size); error != 0)
    throw_error(error, "cannot allocate " + std::to_string(size) + " bytes of shared memory");
  if (fcntl(file_.get(), F_ADD_SEALS, size_seals) != 0) throw_errno("cannot seal shared memory");
  map();
}

memory_file::memory_file(fd received) : file_(std::move(received)) {
  struct stat about {};
  if (fstat(file_.get(), &about) != 0) throw_errno("cannot look at shared memory received");
  int const seals = fcntl(file_.get(), F_GET_SEALS);
  if (seals < 0 || (seals & size_seals) != size_seals || about.st_size <= 0)
    throw std::invalid_argument("a descriptor received as shared memory is none of sealed size");
  size_ = static_cast<std::size_t>(about.st_size);
  map();
}

memory_file::memory_file(memory_file&& other) noexcept
    : file_(std::move(other.file_)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

memory_file& memory_file::operator=(memory_file&& other) noexcept {
  memory_file taken(std::move(other));
  std::swap(file_, taken.file_);
  std::swap(data_, taken.data_);
  std::swap(size_, taken.size_);
  return *this;
}

memory_file::~memory_file() {
  if (data_ != nullptr) munmap(data_, size_);
}

void memory_file::map() {
  void* const p = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, file_.get(), 0);
  if (p == MAP_FAILED)
    throw_errno("cannot map " + std::to_string(size_) + " bytes of shared memory");
  data_ = static_cast<std::byte*>(p);
}

}  // namespace quartet::os
