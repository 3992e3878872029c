// SPDX-License-Identifier: Apache-2.0
// A library of which a part must stay, unloaded by its user.
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>

#include <quartet/os/keep_loaded.hpp>

namespace quartet {
namespace {

/// A library with nothing but that function in it.
struct library {
  library() {
    std::string const source = QUARTET_SOURCE_DIR;
    std::string const command = "c++ -std=c++20 -shared -fPIC -I " + source + "/include -o " +
                                file + " " + source + "/src/os/keep_loaded.cpp > /dev/null 2>&1";
    made = std::system(command.c_str()) == 0;
  }
  ~library() { std::filesystem::remove(file); }

  std::string const file = testing::TempDir() + "keep_loaded." + std::to_string(getpid()) + ".so";
  bool made = false;  // there is a compiler
};

bool is_loaded(std::string const& file) {
  void* const handle = dlopen(file.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (handle != nullptr) dlclose(handle);
  return handle != nullptr;
}

TEST(keep_loaded, keeps_the_library_that_it_is_in) {
  library const l;
  if (!l.made) GTEST_SKIP() << "needs a compiler";
  void* handle = dlopen(l.file.c_str(), RTLD_LAZY);
  ASSERT_NE(handle, nullptr) << dlerror();
  dlclose(handle);
  EXPECT_FALSE(is_loaded(l.file)) << "it would have stayed anyway";
  handle = dlopen(l.file.c_str(), RTLD_LAZY);
  auto const keep = reinterpret_cast<void (*)()>(dlsym(handle, "_ZN7quartet2os11keep_loadedEv"));
  ASSERT_NE(keep, nullptr) << dlerror();
  keep();
  dlclose(handle);
  EXPECT_TRUE(is_loaded(l.file));
}

TEST(keep_loaded, leaves_a_program_as_it_is) {
  os::keep_loaded();
  EXPECT_NE(dlopen(nullptr, RTLD_LAZY | RTLD_NOLOAD), nullptr);
}

}  // namespace
}  // namespace quartet
