#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/formats/safetensors.hpp"
#include "lib/packed/packed_table.hpp"

// Any bytes as one of our own tables.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int handle = ::memfd_create("fuzz", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(handle);
  if (::ftruncate(handle, 0) != 0 || ::pwrite(handle, data, size, 0) != static_cast<ssize_t>(size))
    return 0;
  try {
    const sememe::formats::SafetensorsFile file(path);
    const sememe::PackedTable table(file.bundle());
    const std::int64_t count = std::min<std::int64_t>(table.tokens(), 64);
    if (table.dims() > (1 << 16)) return 0;
    std::vector<float> values(static_cast<std::size_t>(count * table.dims()));
    table.rows(table.tokens() - count, count, values);
  } catch (const sememe::Error&) {
  } catch (const std::invalid_argument&) {
  }
  return 0;
}
