#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/formats/table_file.hpp"

// Any bytes as a table file: safetensors, index, npy, GGUF, word vectors, told apart by content as
// the command does. Bytes live in an anonymous file, since every reader maps one.

namespace {

const std::string& path_of(const std::uint8_t* data, std::size_t size) {
  static const int file = ::memfd_create("fuzz", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, data, size, 0) != static_cast<ssize_t>(size))
    throw std::runtime_error("cannot write the anonymous file");
  return path;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string& path = path_of(data, size);
  try {
    const auto rows = sememe::formats::open_dense({path, ""});
    const std::int64_t count = std::min<std::int64_t>(rows->tokens(), 64);
    if (rows->dims() > (1 << 16)) return 0;
    std::vector<float> values(static_cast<std::size_t>(count * rows->dims()));
    rows->rows(rows->tokens() - count, count, values);
  } catch (const sememe::Error&) {
  } catch (const std::invalid_argument&) {
  }
  return 0;
}
