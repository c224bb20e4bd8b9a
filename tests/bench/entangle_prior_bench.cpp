// What knowledge predicts of a table, beside the same measurement with the composition's rows
// shuffled:
//   entangle_prior_bench TABLE COMPOSITION [COUNTS [MIN_TOKENS]]
// prints held-out variance explained, both ways, and each additive candidate's size and error.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>

#include "lib/composition/composition.hpp"
#include "lib/entangle/fit_additive.hpp"
#include "lib/entangle/held_out.hpp"
#include "lib/entangle/make_fit.hpp"
#include "lib/entangle/measures.hpp"
#include "lib/formats/safetensors.hpp"
#include "lib/table/open.hpp"

using namespace sememe;

namespace {

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Vector read_weights(const std::string& path, Index tokens) {
  std::ifstream in(path);
  std::vector<double> counts;
  for (std::string line; std::getline(in, line);)
    counts.push_back(std::stod(line.substr(line.rfind('\t') + 1)));
  counts.resize(static_cast<std::size_t>(tokens), 0);
  return token_weights(counts);
}

void print_held_out(const char* name, const Composition& composition, const Target& target,
                    const HeldOutOptions& options) {
  const double start = seconds();
  const HeldOut result = held_out_variance(composition, target, options);
  std::printf("%-22s explained %.4f, of covered tokens %.4f (%.1f s)\n", name, result.explained,
              result.explained_covered, seconds() - start);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s TABLE COMPOSITION [COUNTS [MIN_TOKENS]]\n", argv[0]);
    return 2;
  }
  const std::unique_ptr<Table> table = open_table(argv[1]);
  const formats::SafetensorsFile file(argv[2]);
  Composition composition = composition_from_bundle(file.bundle());
  composition.route.resize(static_cast<std::size_t>(table->tokens()), Route::special);
  for (SparseRows& slot : composition.slots)
    slot.row_start.resize(static_cast<std::size_t>(table->tokens()) + 1, slot.row_start.back());
  const Target target(*table, argc > 3 ? read_weights(argv[3], table->tokens()) : Vector());
  const std::int64_t dense = table->tokens() * table->dims() * 4;
  std::printf("%lld x %lld, %zu atoms, %lld tokens covered\n",
              static_cast<long long>(table->tokens()), static_cast<long long>(table->dims()),
              composition.atoms.size(), static_cast<long long>(composition.covered()));

  HeldOutOptions held;
  AtomLimits atoms;
  if (argc > 4) held.min_tokens = atoms.min_tokens = std::stoll(argv[4]);
  print_held_out("held out", composition, target, held);
  print_held_out("held out, shuffled", shuffled(composition, 1), target, held);

  const double start = seconds();
  const std::vector<AdditiveFit> fits =
      fit_additives(composition, target, atoms, {0, 4, 8, 16, 32, 64}, {});
  std::printf("fit of %zu candidates %.1f s, ridge %g\n", fits.size(), seconds() - start,
              fits.empty() ? 0 : fits[0].ridge);
  for (const AdditiveFit& fit : fits) {
    TensorBundle bundle;
    fit.prior->store(bundle);
    std::size_t bytes = 0;
    std::size_t rows = 0;
    for (const Tensor& tensor : bundle.tensors) {
      bytes += tensor.bytes.size();
      if (tensor.name == "prior.rows") rows = tensor.bytes.size();
    }
    const TableErrors errors = measure(target, *fit.prior);
    std::printf(
        "leaf %3lld  bytes %7zu (rows %7zu, %.2f per token, ratio %6.1f)  held out %.4f  "
        "relative error %.4f  weighted %.4f  cosine %.4f\n",
        static_cast<long long>(fit.prior->leaf()), bytes, rows,
        static_cast<double>(rows) / static_cast<double>(table->tokens()),
        static_cast<double>(dense) / static_cast<double>(bytes), fit.explained,
        errors.relative_error, errors.weighted_error, errors.mean_cosine);
  }
  return 0;
}
