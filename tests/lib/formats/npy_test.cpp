#include "lib/formats/npy.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "tests/lib/formats/files.hpp"

using namespace sememe;
using namespace sememe::formats;
using testing::Folder;
using testing::raw;

namespace {

std::string file_of(const std::string& header, const std::string& data, char major = '\1') {
  std::string length = raw(static_cast<std::uint32_t>(header.size()));
  if (major == '\1') length.resize(2);
  return std::string("\x93NUMPY") + major + '\0' + length + header + data;
}

std::string reason_of(const std::filesystem::path& path) {
  try {
    const NpyFile file(path);
  } catch (const FormatError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_SUITE("lib/formats/npy") {
  TEST_CASE("a written array reads back as it was") {
    const Folder folder;
    const std::array<float, 6> values = {1, 2, 3, 4, 5, 6};
    for (const std::vector<std::int64_t>& shape :
         {std::vector<std::int64_t>{6}, {2, 3}, {6, 1, 1}, {3, 2}}) {
      const Tensor tensor = make_tensor<float>("", Dtype::f32, shape, values);
      write_npy(folder / "a.npy", tensor.view());
      const NpyFile file(folder / "a.npy");
      CHECK(file.array().shape == shape);
      CHECK(file.array().dtype == Dtype::f32);
      CHECK(as_text(file.array().bytes) == as_text(tensor.bytes));
      CHECK(!file.fortran_order());
    }
  }

  TEST_CASE("data starts at a multiple of 64 for every shape") {
    for (std::int64_t rows = 1; rows < 2'000'000'000'000; rows = rows * 3 + 1) {
      const std::array<std::int64_t, 2> shape = {rows, 7};
      CHECK(npy_header(Dtype::f16, shape).size() % 64 == 0);
      CHECK(npy_header(Dtype::f32, std::span(shape).first(1)).size() % 64 == 0);
    }
    CHECK(npy_header(Dtype::f64, {}).size() % 64 == 0);
    CHECK_THROWS_AS(npy_header(Dtype::bf16, {}), std::invalid_argument);
  }

  TEST_CASE("versions 1, 2 and 3, any key order and either quote are read") {
    const Folder folder;
    const std::string header = "{\"shape\":(2,),'fortran_order':True , 'descr':'|u1'}  \n";
    for (const char major : {'\1', '\2', '\3'}) {
      const NpyFile file(folder.write("a.npy", file_of(header, "xy", major)));
      CHECK(file.array().shape == std::vector<std::int64_t>{2});
      CHECK(file.fortran_order());
    }
  }

  TEST_CASE("an array that breaks a rule is refused with the reason") {
    struct Case {
      std::string bytes;
      std::string reason;
    };
    const std::string start = "{'descr': '|u1', 'fortran_order': False, 'shape': ";
    const std::vector<Case> cases = {
        {"", "npy magic"},
        {"\x93NUMPX\1", "does not start with"},
        {file_of(start + "(2,)}\n", "xy", '\4'), "version 4.0"},
        {file_of(start + "(2,)}\n", "x"), "asks for 2 bytes"},
        {file_of(start + "(2,)}\n", "xyz"), "the file holds 3"},
        {file_of(start + "(2)}\n", "xy"), "expected ','"},
        {file_of(start + "(-2,)}\n", "xy"), "expected a count"},
        {file_of(start + "(9223372036854775808,)}\n", "xy"), "expected a count"},
        {file_of(start + "(4294967296, 4294967296)}\n", "xy"), "over 2^63"},
        {file_of(start + "(2,)}", "xy"), "a line end"},
        {file_of(start + "(2,)} x\n", "xy"), "a line end"},
        {file_of(start + "(2,), 'shape': (2,)}\n", "xy"), "occurs twice"},
        {file_of("{'descr': '|u1', 'shape': (2,)}\n", "xy"), "expected the keys"},
        {file_of("{'descr': '|O', 'fortran_order': False, 'shape': (2,)}\n", "xy"),
         "element type '|O' is not read"},
        {file_of("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}\n", "xy"),
         "structured types are refused"},
        {file_of(std::string(10'001, ' '), "xy"), "header length 10001"},
        {file_of("", "xy"), "header length 0"},
    };
    const Folder folder;
    for (const Case& c : cases) {
      const std::string message = reason_of(folder.write("a.npy", c.bytes));
      CAPTURE(c.bytes);
      CAPTURE(message);
      CHECK(message.find(c.reason) != std::string::npos);
    }
  }
}
