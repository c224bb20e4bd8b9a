#include "lib/base/tensor_bundle.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>

#include "lib/base/error.hpp"

using namespace sememe;

TEST_SUITE("lib/base/tensor_bundle") {
  TEST_CASE("element types have the sizes and names of safetensors") {
    CHECK(dtype_bytes(Dtype::u8) == 1);
    CHECK(dtype_bytes(Dtype::bf16) == 2);
    CHECK(dtype_bytes(Dtype::i32) == 4);
    CHECK(dtype_bytes(Dtype::f64) == 8);
    CHECK(dtype_name(Dtype::u8) == "U8");
    CHECK(dtype_name(Dtype::bf16) == "BF16");
    CHECK(dtype_name(Dtype::f64) == "F64");
  }

  TEST_CASE("a tensor is found by name, and its absence names what is there") {
    const std::array<std::int32_t, 2> values = {5, 6};
    TensorBundle bundle;
    bundle.tensors.push_back(make_tensor<std::int32_t>("a", Dtype::i32, {2}, values));
    bundle.tensors.push_back(make_tensor<std::int32_t>("b", Dtype::i32, {1, 2}, values));
    bundle.metadata["format"] = "x";
    TensorBundleView seen = view(bundle);
    seen.path = "t.safetensors";
    CHECK(seen.at("b").shape == std::vector<std::int64_t>{1, 2});
    CHECK(seen.at("b").bytes.size() == 8);
    CHECK(seen.find("c") == nullptr);
    CHECK(seen.text("format") == "x");
    CHECK_THROWS_WITH_AS(seen.at("c"),
                         "t.safetensors: byte 0: no tensor named 'c'; the file has: a, b",
                         FormatError);
    CHECK_THROWS_AS(seen.text("other"), FormatError);
  }
}
