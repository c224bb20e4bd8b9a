// Pure entangled tables, beside the same with the composition's rows shuffled:
//   entangle_train_bench TABLE COMPOSITION COUNTS|- ORDER RANK LEAF FREE EPOCHS [MIN_TOKENS
//   [MAX_ATOMS]]
// LEAF 0: as few floats as cover the dims. Prints parameters, bytes and errors of both.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>

#include "lib/composition/composition.hpp"
#include "lib/entangle/fit_product.hpp"
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
  if (path == "-") return {};
  std::ifstream in(path);
  std::vector<double> counts;
  for (std::string line; std::getline(in, line);)
    counts.push_back(std::stod(line.substr(line.rfind('\t') + 1)));
  counts.resize(static_cast<std::size_t>(tokens), 0);
  return token_weights(counts);
}

void report(const char* name, const Composition& composition, const Target& target,
            const ProductForm& form, const ProductOptions& options) {
  const double start = seconds();
  const ProductFit fit = fit_product(composition, target, form, options);
  const double spent = seconds() - start;
  TensorBundle bundle;
  fit.prior->store(bundle);
  std::size_t bytes = 0;
  for (const Tensor& tensor : bundle.tensors) bytes += tensor.bytes.size();
  const TableErrors errors = measure(target, *fit.prior);
  const double dense = static_cast<double>(target.tokens() * target.dims());
  std::printf(
      "%-9s parameters %8lld (%6.1fx)  bytes %8zu (%6.1fx)  alternating %.4f  Adam %.4f  relative "
      "error "
      "%.4f  weighted %.4f  cosine %.4f  %.1f s\n",
      name, static_cast<long long>(fit.prior->parameters()),
      dense / static_cast<double>(fit.prior->parameters()), bytes,
      4 * dense / static_cast<double>(bytes), fit.alternating.empty() ? 0 : fit.alternating.back(),
      fit.adam.loss(), errors.relative_error, errors.weighted_error, errors.mean_cosine, spent);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 9) {
    std::fprintf(stderr,
                 "usage: %s TABLE COMPOSITION COUNTS|- ORDER RANK LEAF FREE EPOCHS [MIN_TOKENS "
                 "[MAX_ATOMS]]\n",
                 argv[0]);
    return 2;
  }
  const std::unique_ptr<Table> table = open_table(argv[1]);
  const formats::SafetensorsFile file(argv[2]);
  Composition composition = composition_from_bundle(file.bundle());
  composition.route.resize(static_cast<std::size_t>(table->tokens()), Route::special);
  for (SparseRows& slot : composition.slots)
    slot.row_start.resize(static_cast<std::size_t>(table->tokens()) + 1, slot.row_start.back());
  const Target target(*table, read_weights(argv[3], table->tokens()));
  ProductForm form;
  form.order = std::stoll(argv[4]);
  form.rank = std::stoll(argv[5]);
  const Index leaf = std::stoll(argv[6]);
  if (leaf > 0) form.leaf.assign(static_cast<std::size_t>(form.order), leaf);
  form.free = std::stoll(argv[7]);
  ProductOptions options;
  options.adam.epochs = std::stoi(argv[8]);
  options.precision = Precision::i8;
  if (argc > 9) form.atoms.min_tokens = std::stoll(argv[9]);
  if (argc > 10) form.atoms.max_atoms = std::stoll(argv[10]);
  report("sememes", composition, target, form, options);
  report("shuffled", shuffled(composition, 1), target, form, options);
  return 0;
}
