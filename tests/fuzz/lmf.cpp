#include "tests/fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sememe::fuzz::lmf({reinterpret_cast<const char*>(data), size});
  return 0;
}
