#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sememe::fuzz {

/// `input` as a file of its own, in memory alone: for readers that take paths.
class InputFile {
 public:
  explicit InputFile(std::string_view input) : handle_(::memfd_create("fuzz", 0)) {
    if (::pwrite(handle_, input.data(), input.size(), 0) != static_cast<ssize_t>(input.size()))
      throw std::runtime_error("cannot write the file in memory");
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile() { ::close(handle_); }

  std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(handle_); }

 private:
  int handle_;
};

}  // namespace sememe::fuzz
