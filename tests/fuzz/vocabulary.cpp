#include <cstddef>
#include <cstdint>
#include <span>

#include "tests/fuzz/vocabulary_readers.hpp"

// Compiled once per reader; the build names it (tests/fuzz/CMakeLists.txt).

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sememe::fuzz::read_vocabulary_with(SEMEME_VOCABULARY_READER,
                                     std::as_bytes(std::span(data, size)));
  return 0;
}
