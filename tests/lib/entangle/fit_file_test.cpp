#include "lib/entangle/fit_file.hpp"

#include <doctest/doctest.h>

#include "lib/base/error.hpp"
#include "lib/entangle/make_fit.hpp"
#include "lib/tensor/dense_table.hpp"
#include "tests/lib/entangle/samples.hpp"

using namespace sememe;
using samples::all_rows;

namespace {

Fit sample_fit() {
  Composition composition = samples::composition(300, 40, 2, 3);
  composition.vocabulary_checksum = "xxh128:1";
  composition.provenance = {"wordnet@3.0 xxh128:2", "definitions@1 xxh128:3"};
  const Vector w = samples::normal_matrix(300, 1, 5).cwiseAbs() + Matrix::Constant(300, 1, 0.2F);
  const Matrix hidden = samples::normal_matrix(99, 12, 6);
  return make_fit(std::make_shared<const DenseTable>(samples::normal_matrix(300, 12, 1)),
                  &composition, w, make_metric(DenseTable(hidden), 12, 0.2, 1), {});
}

}  // namespace

TEST_SUITE("lib/entangle/fit_file") {
  TEST_CASE("a fit read back is the fit that was written") {
    const Fit fit = sample_fit();
    const TensorBundle bundle = to_bundle(fit);
    const Fit loaded = fit_from_bundle(view(bundle));
    CHECK(all_rows(loaded.target) == all_rows(fit.target));
    CHECK(loaded.target.weight() == fit.target.weight());
    CHECK(loaded.target.metric() == fit.target.metric());
    CHECK(loaded.vocabulary_checksum == fit.vocabulary_checksum);
    CHECK(loaded.provenance == fit.provenance);
    REQUIRE(loaded.priors.size() == fit.priors.size());
    for (std::size_t i = 0; i < fit.priors.size(); ++i) {
      TensorBundle a;
      TensorBundle b;
      fit.priors[i]->store(a);
      loaded.priors[i]->store(b);
      REQUIRE(a.tensors.size() == b.tensors.size());
      for (std::size_t k = 0; k < a.tensors.size(); ++k)
        CHECK(a.tensors[k].bytes == b.tensors[k].bytes);
      CHECK(a.metadata == b.metadata);
    }
  }

  TEST_CASE("a bundle that is not a fit, or whose parts do not fit, is refused") {
    const TensorBundle bundle = to_bundle(sample_fit());
    for (std::size_t i = 0; i < bundle.tensors.size(); ++i) {
      CAPTURE(bundle.tensors[i].name);
      TensorBundle damaged = bundle;
      damaged.tensors[i].bytes.resize(damaged.tensors[i].bytes.size() / 2);
      CHECK_THROWS_AS(fit_from_bundle(view(damaged)), FormatError);
    }
    TensorBundle other = bundle;
    other.metadata["format"] = "sememe.table.1";
    CHECK_THROWS_WITH_AS(fit_from_bundle(view(other)),
                         "(bundle in memory): byte 0: its format is 'sememe.table.1'; expected "
                         "'sememe.fit.1', as `sememe fit` writes",
                         FormatError);
    other = bundle;
    other.metadata["priors"] = "99";
    CHECK_THROWS_AS(fit_from_bundle(view(other)), FormatError);
  }
}
