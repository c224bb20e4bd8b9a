#include "tests/fuzz/own_table.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sememe::fuzz::own_table({reinterpret_cast<const char*>(data), size});
  return 0;
}
