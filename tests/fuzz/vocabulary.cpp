#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "lib/base/error.hpp"
#include "lib/compose/vocabulary.hpp"

// Every tokenizer format: any bytes give a vocabulary or one of our errors, nothing else. The first
// bytes choose the reader, as in read_vocabulary, so one target reaches all of them.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const sememe::Vocabulary vocabulary =
        sememe::parse_vocabulary(std::as_bytes(std::span(data, size)), "fuzz");
    if (vocabulary.tokens.empty()) std::abort();
  } catch (const sememe::Error&) {
  }
  return 0;
}
