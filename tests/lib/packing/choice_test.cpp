#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

#include "lib/entangle/fit_file.hpp"
#include "lib/entangle/make_fit.hpp"
#include "lib/entangle/train_priors.hpp"
#include "lib/packing/encode.hpp"
#include "tests/lib/entangle/samples.hpp"
#include "tests/lib/packing/samples.hpp"

using namespace sememe;
using namespace sememe::samples;

namespace {

constexpr Index kTokens = 300;

/// One atom a slot, all pairs (triples) of them about equally often.
Composition one_atom_slots(Index tokens, Index atoms, Index slots, std::uint64_t seed) {
  Random random(seed);
  Composition result;
  for (Index a = 0; a < atoms * slots; ++a)
    result.atoms.push_back({AtomKind::sememe, "atom" + std::to_string(a)});
  result.slots.resize(static_cast<std::size_t>(slots));
  for (Index t = 0; t < tokens; ++t) {
    result.route.push_back(Route::exact);
    for (Index j = 0; j < slots; ++j)
      add_row(result.slots[static_cast<std::size_t>(j)],
              {static_cast<std::int32_t>(j * atoms + static_cast<Index>(random.below(
                                                         static_cast<std::uint64_t>(atoms))))});
  }
  return result;
}

/// The Kronecker product of a vector of each slot's atom, by the definition, and a little noise.
Matrix product_table(const Composition& composition, Index leaf, float noise, std::uint64_t seed) {
  const auto atoms = static_cast<Index>(composition.atoms.size());
  const Matrix leaves = normal_matrix(atoms, leaf, seed);
  Index dims = 1;
  for (std::size_t j = 0; j < composition.slots.size(); ++j) dims *= leaf;
  Matrix table(composition.tokens(), dims);
  for (Index t = 0; t < table.rows(); ++t)
    for (Index d = 0; d < dims; ++d) {
      float value = 1;
      Index rest = d;
      for (std::size_t j = composition.slots.size(); j-- > 0; rest /= leaf)
        value *= leaves(composition.slots[j].columns_of(t)[0], rest % leaf);
      table(t, d) = value;
    }
  return table + noise * normal_matrix(table.rows(), dims, seed + 1);
}

/// @param order  of the only product among the candidates, after two additive ones
Fit product_fit(Index slots, Index leaf, Index order) {
  const Composition composition = one_atom_slots(kTokens, 8, slots, 3);
  FitOptions options;
  options.priors.order = order;
  options.priors.threads = 1;
  return make_fit(std::make_shared<const DenseTable>(product_table(composition, leaf, 0.05F, 5)),
                  &composition, {}, {}, options);
}

Matrix target_of(const Fit& fit) {
  Matrix rows(fit.target.tokens(), fit.target.dims());
  fit.target.rows(0, rows.rows(), {rows.data(), static_cast<std::size_t>(rows.size())});
  return rows;
}

const Attempt& kept(const EncodeReport& report) {
  return *std::find_if(report.attempts.begin(), report.attempts.end(),
                       [](const auto& attempt) { return attempt.is_kept; });
}

/// The bytes of every tensor, and the metadata.
void check_same(const Encoded& a, const Encoded& b) {
  REQUIRE(a.bundle.tensors.size() == b.bundle.tensors.size());
  for (std::size_t i = 0; i < a.bundle.tensors.size(); ++i) {
    CHECK(a.bundle.tensors[i].name == b.bundle.tensors[i].name);
    CHECK(a.bundle.tensors[i].bytes == b.bundle.tensors[i].bytes);
  }
  CHECK(a.bundle.metadata == b.bundle.metadata);
}

}  // namespace

TEST_SUITE("lib/packing/encode, choice of the prior") {
  TEST_CASE("a table that is a product of two slots is coded with that product, always the same") {
    const Fit fit = product_fit(2, 3, 2);
    const Budget budget = {Budget::Kind::ratio, 8};
    const Encoded encoded = encode(fit, budget, options(1));
    const EncodeReport& report = encoded.report;
    REQUIRE(fit.priors.size() == 3);
    REQUIRE(report.attempts.size() == 4);
    CHECK(report.prior == "product");
    CHECK(report.form.starts_with("order 2, rank 2, leaf 3 x 3, "));
    CHECK(report.file_bytes <= kTokens * 9 * 4 / 8);
    CHECK(kept(report).file_bytes == report.file_bytes);
    CHECK(kept(report).relative_error == report.relative_error);
    CHECK(report.attempts[0].prior == "none");
    for (std::size_t i = 0; i < 3; ++i) {
      CAPTURE(i);
      CHECK(report.attempts[i].file_bytes > 0.98 * report.file_bytes);
      CHECK(report.relative_error < 0.3 * report.attempts[i].relative_error);
    }
    const TensorBundleView seen = view(encoded.bundle);
    CHECK(relative_error(target_of(fit), read_all(PackedTable(seen))) ==
          doctest::Approx(report.relative_error).epsilon(1e-3));

    const TensorBundle bundle = to_bundle(fit);
    check_same(encode(fit_from_bundle(view(bundle)), budget, options(2)), encoded);
    const Attempt alone = attempt_with(fit, *fit.priors[2], report.attempts[0], budget, options(1));
    CHECK(alone.file_bytes == report.attempts[3].file_bytes);
    CHECK(alone.weighted_error == report.attempts[3].weighted_error);
  }

  TEST_CASE("a table that is a product of three slots is coded with a product of order 3") {
    const EncodeReport report =
        encode(product_fit(3, 2, 3), {Budget::Kind::bits_per_token, 45}, options(1)).report;
    CHECK(report.prior == "product");
    CHECK(report.form.starts_with("order 3, rank 2, leaf 2 x 2 x 2, "));
    CHECK(report.file_bytes * 8 <= 45 * kTokens);
    CHECK(report.relative_error < 0.3 * report.attempts[0].relative_error);
  }

  TEST_CASE("an error is met with the product in fewer bytes") {
    Fit fit = product_fit(2, 3, 2);
    fit.priors = {fit.priors[2]};
    const EncodeReport report = encode(fit, {Budget::Kind::max_error, 0.02}, options(1)).report;
    CHECK(report.prior == "product");
    CHECK(report.relative_error <= 0.02);
    CHECK(report.attempts[0].relative_error <= 0.02);
    CHECK(report.file_bytes < 0.75 * report.attempts[0].file_bytes);
  }

  TEST_CASE("what no composition explains is coded without a prior") {
    Fit fit = product_fit(2, 3, 2);
    fit.target = Target(std::make_shared<const DenseTable>(normal_matrix(kTokens, 9, 8)));
    PriorOptions training;
    training.threads = 1;
    fit.priors = train_priors(fit, training);
    REQUIRE(fit.priors.size() == 4);
    fit.priors = {fit.priors[0], fit.priors[2]};
    const EncodeReport report = encode(fit, {Budget::Kind::ratio, 6}, options(1)).report;
    CHECK(report.prior == "none");
    CHECK(report.form.empty());
    CHECK(report.attempts[0].is_kept);
  }

  TEST_CASE("a prior too large for the budget is told with its bytes instead of cut") {
    const Fit fit = product_fit(2, 3, 2);
    std::vector<std::int64_t> bytes;
    for (const auto& prior : fit.priors) {
      TensorBundle own;
      prior->store(own);
      bytes.push_back(options(1).file_bytes(own));
    }
    const std::int64_t limit = *std::max_element(bytes.begin(), bytes.end()) - 1;
    const EncodeReport report =
        encode(fit, {Budget::Kind::bytes, static_cast<double>(limit)}, options(1)).report;
    for (std::size_t i = 0; i < fit.priors.size(); ++i) {
      const Attempt& attempt = report.attempts[i + 1];
      CHECK(attempt.prior == fit.priors[i]->kind());
      CHECK(attempt.form == fit.priors[i]->form());
      CHECK(attempt.prior_bytes + 200 == bytes[i]);
      CHECK(attempt.is_cut == (bytes[i] <= limit));
      if (attempt.is_cut) continue;
      CHECK_FALSE(attempt.is_kept);
      CHECK(attempt.file_bytes == 0);
      CHECK(attempt.why_not == "takes " + std::to_string(bytes[i]) +
                                   " bytes before anything is coded, and " + std::to_string(limit) +
                                   " are allowed");
    }
  }

  TEST_CASE("under a budget of error a prior larger than the whole table without it is not cut") {
    const EncodeReport report =
        encode(product_fit(2, 3, 2), {Budget::Kind::max_error, 0.97}, options(1)).report;
    CHECK(report.prior == "none");
    for (std::size_t i = 1; i < report.attempts.size(); ++i) {
      CHECK_FALSE(report.attempts[i].is_cut);
      CHECK(report.attempts[i].why_not.ends_with(" are enough with prior none"));
    }
  }
}
