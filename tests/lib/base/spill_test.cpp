#include "lib/base/spill.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "lib/base/file.hpp"

using namespace sememe;

namespace {

constexpr std::int64_t kSize = 5 << 20;

void fill(SpillBuffer& buffer) {
  for (std::int64_t i = 0; i < buffer.size(); i += 1000)
    buffer.data()[i] = static_cast<std::byte>(i / 1000 % 251);
}

bool is_filled(const SpillBuffer& buffer) {
  for (std::int64_t i = 0; i < buffer.size(); ++i)
    if (buffer.data()[i] != (i % 1000 == 0 ? static_cast<std::byte>(i / 1000 % 251) : std::byte{0}))
      return false;
  return true;
}

std::int64_t resident_bytes() {
  std::ifstream in("/proc/self/statm");
  std::int64_t all = 0;
  std::int64_t resident = 0;
  in >> all >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

}  // namespace

TEST_SUITE("lib/base/spill") {
  TEST_CASE("a buffer starts as zeros and keeps what is written, on the heap and in a file") {
    for (const std::int64_t heap : {kSize, std::int64_t{1} << 20}) {
      SpillBuffer buffer(kSize, heap);
      CHECK(buffer.is_spilled() == (heap < kSize));
      fill(buffer);
      buffer.release(0, kSize);
      buffer.release(12345, 1);
      CHECK(is_filled(buffer));
      SpillBuffer other;
      other = std::move(buffer);
      CHECK(is_filled(other));
      const SpillBuffer last(std::move(other));
      CHECK(is_filled(last));
    }
    CHECK(SpillBuffer(0).size() == 0);
  }

  TEST_CASE("released parts of a spilled buffer leave resident memory") {
    // A system short of memory may take pages at any time, so only the bound from above is sure.
    const std::int64_t before = resident_bytes();
    SpillBuffer buffer(32 << 20, 1);
    std::memset(buffer.data(), 7, static_cast<std::size_t>(buffer.size()));
    buffer.release(0, buffer.size());
    CHECK(resident_bytes() < before + (8 << 20));
    CHECK(buffer.data()[buffer.size() - 1] == std::byte{7});
  }

  TEST_CASE("released pages of a mapped file are read again") {
    const auto path =
        std::filesystem::temp_directory_path() / ("sememe_spill_test" + std::to_string(::getpid()));
    std::ofstream(path, std::ios::binary) << std::string(100'000, 'x');
    const MappedFile file(path);
    release_pages(file.bytes());
    CHECK(file.bytes()[99'999] == std::byte{'x'});
    release_pages(file.bytes().first(10));
    std::filesystem::remove(path);
  }
}
