#include "lib/formats/table_writers.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

#include "lib/base/error.hpp"
#include "lib/base/random.hpp"
#include "lib/formats/table_file.hpp"
#include "lib/formats/vec_writer.hpp"
#include "tests/lib/formats/files.hpp"

using namespace sememe;
using namespace sememe::formats;

namespace {

/// (5, 3): row t is t, t + 1/4, t + 1/2, but for the last, which is `last`.
class Quarters final : public Table {
 public:
  explicit Quarters(float last) : last_(last) {}
  std::int64_t tokens() const override { return 5; }
  std::int64_t dims() const override { return 3; }
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override {
    for (std::int64_t i = 0; i < count * 3; ++i)
      out[static_cast<std::size_t>(i)] =
          first + i / 3 == 4 ? last_ : static_cast<float>(first + i / 3) + 0.25F * (i % 3);
  }

 private:
  float last_;
};

std::string shortest(float value) {
  std::string text;
  append_shortest(text, value);
  return text;
}

}  // namespace

TEST_SUITE("lib/formats/table_writers") {
  TEST_CASE("what every writer writes is read back by the reader of its format") {
    const testing::Folder folder;
    const std::vector<std::string> words = {"a", "b c", "d", "e", "f"};
    std::set<std::string_view> names;
    for (const TableWriter& writer : table_writers()) {
      CAPTURE(writer.name);
      CHECK(names.insert(writer.name).second);
      CHECK(find_table_writer(writer.name) == &writer);
      const Quarters table(7);
      const TableToWrite whole{table, "quarters", "w", Dtype::f32, words};
      const auto path = folder / std::string(writer.name);
      const std::int64_t bytes = writer.write(path, whole);
      CHECK(bytes == static_cast<std::int64_t>(std::filesystem::file_size(path)));
      const auto read = open_dense({path, ""});
      REQUIRE(read->tokens() == 5);
      REQUIRE(read->dims() == 3);
      for (std::int64_t t = 0; t < 5; ++t) {
        std::vector<float> row(3), wanted(3);
        read->row(t, row);
        table.row(t, wanted);
        CHECK(row == wanted);
      }
    }
    CHECK(find_table_writer("onnx") == nullptr);
  }

  TEST_CASE("a number the element type cannot hold is named, and no file is left") {
    const testing::Folder folder;
    const Quarters table(70000);
    const TableToWrite what{table, "quarters", "w", Dtype::f16};
    CHECK_THROWS_WITH_AS(find_table_writer("npy")->write(folder / "t", what),
                         "quarters: row 4, column 0 is 70000, which F16 cannot hold; export as F32",
                         NumericError);
    CHECK_FALSE(std::filesystem::exists(folder / "t"));
  }

  TEST_CASE("numbers in text are short, plain where they can be, and read back") {
    CHECK(shortest(0) == "0");
    CHECK(shortest(-0.1F) == "-0.1");
    CHECK(shortest(0.0001F) == "0.0001");
    CHECK(shortest(0.00001F) == "1e-05");
    CHECK(shortest(-123456789) == "-123456790");
    CHECK(shortest(1e15F) == "1000000000000000");
    CHECK(shortest(1e16F) == "1e+16");
    CHECK(shortest(16777216) == "16777216");
    Random random(3);
    for (int i = 0; i < 1000; ++i) {
      const auto value = static_cast<float>(random.normal() * std::pow(10.0, random.normal() * 8));
      CHECK(std::strtof(shortest(value).c_str(), nullptr) == value);
    }
  }
}
