#include "lib/base/bundle_checksum.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <vector>

using namespace sememe;

namespace {

TensorBundle some_bundle() {
  const std::array<std::int16_t, 6> values = {5, 6, -7, 8, 9, 10};
  TensorBundle bundle;
  bundle.tensors.push_back(make_tensor<std::int16_t>("a", Dtype::i16, {2, 3}, values));
  bundle.tensors.push_back(make_tensor<std::int16_t>("b", Dtype::i16, {6}, values));
  bundle.metadata = {{"format", "x"}, {"rank", "2"}};
  return bundle;
}

}  // namespace

TEST_SUITE("lib/base/bundle_checksum") {
  TEST_CASE("anything else in a bundle is another checksum") {
    const std::string whole = bundle_checksum(view(some_bundle()));
    CHECK(whole.size() == 16);
    CHECK(whole == bundle_checksum(view(some_bundle())));
    const std::vector<std::function<void(TensorBundle&)>> changes = {
        [](TensorBundle& b) { b.tensors[0].bytes[3] ^= std::byte{1}; },
        [](TensorBundle& b) { b.tensors[1].bytes.back() ^= std::byte{128}; },
        [](TensorBundle& b) { std::swap(b.tensors[0].bytes[0], b.tensors[0].bytes[2]); },
        [](TensorBundle& b) { std::swap(b.tensors[0].name, b.tensors[1].name); },
        [](TensorBundle& b) { b.tensors[1].name = "c"; },
        [](TensorBundle& b) {
          b.tensors[0].shape = {3, 2};
        },
        [](TensorBundle& b) {
          b.tensors[0].shape = {2, 3, 1};
        },
        [](TensorBundle& b) { b.tensors[0].dtype = Dtype::f16; },
        [](TensorBundle& b) { b.tensors.pop_back(); },
        [](TensorBundle& b) { b.metadata["rank"] = "3"; },
        [](TensorBundle& b) { b.metadata["more"] = ""; },
        [](TensorBundle& b) { b.metadata.erase("rank"); },
        [](TensorBundle& b) {
          b.metadata = {{"format", "xrank2"}};
        },
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
      CAPTURE(i);
      TensorBundle bundle = some_bundle();
      changes[i](bundle);
      CHECK(bundle_checksum(view(bundle)) != whole);
    }
  }

  TEST_CASE("a sealed bundle says its own checksum, in any order of its tensors") {
    TensorBundle bundle = some_bundle();
    const std::string unsealed = bundle_checksum(view(bundle));
    seal(bundle);
    CHECK(bundle.metadata.at(kBundleChecksum) == unsealed);
    CHECK(bundle_checksum(view(bundle)) == unsealed);
    std::reverse(bundle.tensors.begin(), bundle.tensors.end());
    CHECK(bundle_checksum(view(bundle)) == unsealed);
    bundle.metadata["more"] = "1";
    seal(bundle);
    CHECK(bundle.metadata.at(kBundleChecksum) != unsealed);
  }
}
