#include "tests/fuzz/table_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sememe::fuzz::table_file({reinterpret_cast<const char*>(data), size});
  return 0;
}
