#include "lib/formats/safetensors.hpp"

#include <doctest/doctest.h>

#include <algorithm>
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

std::string file_of(const std::string& header, const std::string& data) {
  return raw(static_cast<std::uint64_t>(header.size())) + header + data;
}

TensorBundle some_bundle() {
  const std::array<float, 6> floats = {1, -2, 3, -4, 5, 6};
  const std::array<std::uint8_t, 3> small = {7, 8, 9};
  const std::array<std::int64_t, 1> large = {-1};
  TensorBundle bundle;
  bundle.tensors.push_back(make_tensor<std::uint8_t>("codes", Dtype::u8, {3}, small));
  bundle.tensors.push_back(make_tensor<float>("b", Dtype::f32, {2, 3}, floats));
  bundle.tensors.push_back(make_tensor<float>("a", Dtype::f32, {3, 2}, floats));
  bundle.tensors.push_back(make_tensor<std::int64_t>("z", Dtype::i64, {}, large));
  bundle.tensors.push_back(make_tensor<std::uint8_t>("none", Dtype::u8, {0, 5}, {}));
  bundle.metadata = {{"tool", "sememe"}, {"format", "x \"y\" \n é"}};
  return bundle;
}

}  // namespace

TEST_SUITE("lib/formats/safetensors") {
  TEST_CASE("a written bundle reads back as it was, in the size foretold") {
    const Folder folder;
    const TensorBundle bundle = some_bundle();
    write_safetensors(folder / "t", bundle);
    CHECK(static_cast<std::int64_t>(std::filesystem::file_size(folder / "t")) ==
          safetensors_bytes(bundle));
    TensorBundle more = bundle;
    more.metadata["more"] = "text";
    CHECK(safetensors_bytes_with(bundle, {{"more", "text"}}) == safetensors_bytes(more));
    const SafetensorsFile file(folder / "t");
    CHECK(file.bundle().metadata == bundle.metadata);
    CHECK(file.bundle().tensors.size() == bundle.tensors.size());
    CHECK(file.data_offset() % 8 == 0);
    for (const Tensor& tensor : bundle.tensors) {
      CAPTURE(tensor.name);
      const TensorView& got = file.bundle().at(tensor.name);
      CHECK(got.dtype == tensor.dtype);
      CHECK(got.shape == tensor.shape);
      CHECK(as_text(got.bytes) == as_text(tensor.bytes));
      CHECK(reinterpret_cast<std::uintptr_t>(got.bytes.data()) %
                static_cast<std::uintptr_t>(dtype_bytes(got.dtype)) ==
            0);
    }
  }

  TEST_CASE("the bytes of a bundle do not depend on the order of its tensors") {
    const Folder folder;
    TensorBundle bundle = some_bundle();
    write_safetensors(folder / "1", bundle);
    std::reverse(bundle.tensors.begin(), bundle.tensors.end());
    write_safetensors(folder / "2", bundle);
    CHECK(testing::read_all(folder / "1") == testing::read_all(folder / "2"));
  }

  TEST_CASE("a header for streamed data is padded to the alignment asked for") {
    for (std::int64_t rows = 1; rows < 2'000'000'000'000; rows *= 7) {
      CAPTURE(rows);
      const TensorShape shape{"t", Dtype::f32, {rows, 3}};
      CHECK(safetensors_header({&shape, 1}, {{"k", "v"}}, 64).size() % 64 == 0);
    }
  }

  TEST_CASE("a bundle that cannot be a file is refused before anything is written") {
    const Folder folder;
    TensorBundle bundle = some_bundle();
    bundle.tensors.push_back(bundle.tensors.front());
    CHECK_THROWS_WITH_AS(write_safetensors(folder / "t", bundle), "two tensors named 'codes'",
                         std::invalid_argument);
    bundle.tensors.pop_back();
    bundle.tensors.front().shape = {4};
    CHECK_THROWS_WITH_AS(write_safetensors(folder / "t", bundle),
                         "tensor 'codes': 3 bytes do not fit its shape", std::invalid_argument);
    bundle = some_bundle();
    bundle.metadata["bad"] = "\xff";
    CHECK_THROWS_AS(safetensors_bytes(bundle), std::invalid_argument);
    CHECK(!std::filesystem::exists(folder / "t"));
  }

  TEST_CASE("tensors of element types we do not compute with are checked and set aside") {
    const Folder folder;
    const auto path =
        folder.write("t", file_of(R"({"m":{"dtype":"BOOL","shape":[2],"data_offsets":[4,6]},)"
                                  R"("w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
                                  std::string(6, '\1')));
    const SafetensorsFile file(path);
    CHECK(file.bundle().tensors.size() == 1);
    REQUIRE(file.foreign().size() == 1);
    CHECK(file.foreign().front().name == "m");
  }

  TEST_CASE("a header that breaks a rule is refused with the reason") {
    struct Case {
      std::string header;
      std::string data;
      std::string reason;
    };
    const std::string ok = R"("a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]})";
    const std::vector<Case> cases = {
        {"{" + ok + "}", "x", "is cut short"},
        {"{" + ok + "}", "xyz", "1 bytes after the last tensor"},
        {"{" + ok + "," + ok + "}", "xy", "occurs twice"},
        {R"({"a":{"dtype":"U8","shape":[2],"shape":[2],"data_offsets":[0,2]}})", "xy", "twice"},
        {R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2],"x":1}})", "xy", "the key \"x\""},
        {R"({"a":{"dtype":"U8","shape":[2]}})", "", "a key missing"},
        {R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})", "xyz", "a hole"},
        {R"({"a":{"dtype":"U8","shape":[2.0],"data_offsets":[0,2]}})", "xy", "the number 2.0"},
        {R"({"a":{"dtype":"U8","shape":[-2],"data_offsets":[0,2]}})", "xy", "a negative number"},
        {R"({"a":{"dtype":"Q4","shape":[2],"data_offsets":[0,2]}})", "xy", "unknown dtype 'Q4'"},
        {R"({"__metadata__":{"a":1}})", "", "strings to strings"},
        {" {" + ok + "}", "xy", "does not start with '{'"},
        {"{" + ok + "}\n", "xy", "does not end with '}'"},
        {"{" + ok, "xy", "the header is not JSON"},
        {"", "", "does not start with '{'"},
        {"{" + ok + std::string("}\0 }", 4), "xy", "a zero byte"},
        {R"({"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}})", "",
         "does not fit 63 bits"},
    };
    const Folder folder;
    for (const Case& c : cases) {
      CAPTURE(c.header);
      const auto path = folder.write("t", file_of(c.header, c.data));
      std::string message;
      try {
        const SafetensorsFile file(path);
      } catch (const FormatError& error) {
        message = error.what();
      }
      CAPTURE(message);
      CHECK(message.find(c.reason) != std::string::npos);
    }
  }

  TEST_CASE("a file cut at any byte is refused") {
    const Folder folder;
    write_safetensors(folder / "t", some_bundle());
    const std::string whole = testing::read_all(folder / "t");
    for (std::size_t size = 0; size < whole.size(); ++size) {
      CAPTURE(size);
      CHECK_THROWS_AS(SafetensorsFile(folder.write("cut", whole.substr(0, size))), FormatError);
    }
  }
}
