#include "lib/entangle/fit_file.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <string>

#include "lib/base/error.hpp"
#include "lib/base/spill.hpp"
#include "lib/prior/stored.hpp"

namespace sememe {

namespace {

constexpr std::string_view kFormat = "sememe.fit.1";

/// Rows of float32 borrowed from a mapped file, whatever their alignment.
class BorrowedRows final : public Table {
 public:
  static constexpr std::size_t kRunBytes = 256 << 10;
  BorrowedRows(const TensorView& tensor, bool is_mapped)
      : tokens_(tensor.shape[0]),
        dims_(tensor.shape[1]),
        bytes_(tensor.bytes),
        is_mapped_(is_mapped) {}
  std::int64_t tokens() const override { return tokens_; }
  std::int64_t dims() const override { return dims_; }
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override {
    assert(first >= 0 && count >= 0 && first + count <= tokens_);
    (void)count;
    assert(static_cast<std::int64_t>(out.size()) == count * dims_);
    const std::span<const std::byte> run =
        bytes_.subspan(static_cast<std::size_t>(first * dims_ * 4), out.size() * sizeof(float));
    if (!run.empty()) std::memcpy(out.data(), run.data(), run.size());
    // A run of rows of a file as large as memory is not read again soon.
    if (is_mapped_ && static_cast<std::int64_t>(bytes_.size()) > kStayResidentBytes &&
        run.size() >= kRunBytes)
      release_pages(run);
  }

 private:
  std::int64_t tokens_;
  std::int64_t dims_;
  std::span<const std::byte> bytes_;
  bool is_mapped_;
};

std::string prior_prefix(std::size_t number) { return "fit." + std::to_string(number) + "."; }

constexpr std::string_view kCompositionPrefix = "fit.composition.";

/// Adds all of `own`, each name and key after a prefix.
void add_below(TensorBundle own, const std::string& prefix, TensorBundle& bundle) {
  for (Tensor& tensor : own.tensors) {
    tensor.name = prefix + tensor.name;
    bundle.tensors.push_back(std::move(tensor));
  }
  for (const auto& entry : own.metadata) bundle.metadata[prefix + entry.first] = entry.second;
}

void store_prior(const Prior& prior, std::size_t number, TensorBundle& bundle) {
  TensorBundle own;
  prior.store(own);
  add_below(std::move(own), prior_prefix(number), bundle);
}

/// The part of a bundle under a prefix, the prefix taken off.
TensorBundleView below(const TensorBundleView& bundle, const std::string& prefix) {
  TensorBundleView part;
  part.path = bundle.path;
  for (const TensorView& tensor : bundle.tensors)
    if (tensor.name.starts_with(prefix)) {
      part.tensors.push_back(tensor);
      part.tensors.back().name.erase(0, prefix.size());
    }
  for (const auto& entry : bundle.metadata)
    if (entry.first.starts_with(prefix))
      part.metadata[entry.first.substr(prefix.size())] = entry.second;
  return part;
}

Vector read_weight(const TensorBundleView& bundle, std::int64_t tokens) {
  if (bundle.find("fit.weight") == nullptr) return {};
  const std::vector<float> values = values_of<float>(stored(bundle, "fit.weight", Dtype::f32, 1));
  if (static_cast<std::int64_t>(values.size()) != tokens)
    throw FormatError(bundle.path, 0,
                      "fit.weight has " + std::to_string(values.size()) + " weights for " +
                          std::to_string(tokens) + " tokens");
  for (const float value : values)
    if (!(value > 0) || !std::isfinite(value))
      throw FormatError(bundle.path, 0, "fit.weight holds " + std::to_string(value));
  return Eigen::Map<const Vector>(values.data(), tokens);
}

MatrixD read_metric(const TensorBundleView& bundle, std::int64_t dims) {
  if (bundle.find("fit.metric") == nullptr) return {};
  const TensorView& tensor = stored(bundle, "fit.metric", Dtype::f64, 2);
  if (tensor.shape[0] != dims || tensor.shape[1] != dims)
    throw FormatError(bundle.path, 0, "fit.metric does not fit " + std::to_string(dims) + " dims");
  const std::vector<double> values = values_of<double>(tensor);
  MatrixD metric = Eigen::Map<const MatrixD>(values.data(), dims, dims);
  if (!metric.allFinite()) throw FormatError(bundle.path, 0, "fit.metric is not finite");
  return metric;
}

}  // namespace

TensorBundle to_bundle(const Fit& fit) {
  TensorBundle bundle = to_bundle_without_target(fit);
  const std::int64_t tokens = fit.target.tokens();
  const std::int64_t dims = fit.target.dims();
  Tensor target{std::string(kFitTarget), Dtype::f32, {tokens, dims}, {}};
  target.bytes.resize(static_cast<std::size_t>(tokens * dims) * sizeof(float));
  std::vector<float> tile;
  constexpr std::int64_t kTile = 1024;
  for (std::int64_t first = 0; first < tokens; first += kTile) {
    const std::int64_t count = std::min(kTile, tokens - first);
    tile.resize(static_cast<std::size_t>(count * dims));
    fit.target.rows(first, count, tile);
    std::memcpy(target.bytes.data() + first * dims * 4, tile.data(), tile.size() * sizeof(float));
  }
  bundle.tensors.push_back(std::move(target));
  return bundle;
}

TensorBundle to_bundle_without_target(const Fit& fit) {
  TensorBundle bundle;
  const std::int64_t tokens = fit.target.tokens();
  const std::int64_t dims = fit.target.dims();
  if (fit.target.weight().size() != 0)
    bundle.tensors.push_back(
        make_tensor<float>("fit.weight", Dtype::f32, {tokens},
                           {fit.target.weight().data(), static_cast<std::size_t>(tokens)}));
  if (fit.target.has_metric())
    bundle.tensors.push_back(
        make_tensor<double>("fit.metric", Dtype::f64, {dims, dims},
                            {fit.target.metric().data(), static_cast<std::size_t>(dims * dims)}));
  for (std::size_t i = 0; i < fit.priors.size(); ++i) store_prior(*fit.priors[i], i, bundle);
  if (fit.composition)
    add_below(to_bundle(*fit.composition), std::string(kCompositionPrefix), bundle);
  bundle.metadata["format"] = kFormat;
  bundle.metadata["priors"] = std::to_string(fit.priors.size());
  bundle.metadata["vocabulary_checksum"] = fit.vocabulary_checksum;
  std::string lines;
  for (const std::string& line : fit.provenance) lines.append(line).append("\n");
  bundle.metadata["provenance"] = lines;
  return bundle;
}

Fit fit_from_bundle(const TensorBundleView& bundle, bool is_mapped) {
  const std::string& format = bundle.text("format");
  if (format != kFormat)
    throw FormatError(bundle.path, 0,
                      "its format is '" + format.substr(0, 40) + "'; expected '" +
                          std::string(kFormat) + "', as `sememe fit` writes");
  Fit fit;
  const TensorView& target = stored(bundle, kFitTarget, Dtype::f32, 2);
  if (target.shape[0] < 1 || target.shape[1] < 1)
    throw FormatError(bundle.path, 0, "fit.target is empty");
  fit.target = Target(std::make_shared<const BorrowedRows>(target, is_mapped),
                      read_weight(bundle, target.shape[0]), read_metric(bundle, target.shape[1]));
  const std::int64_t priors = stored_number(bundle, "priors");
  for (std::int64_t i = 0; i < priors; ++i) {
    std::unique_ptr<Prior> prior =
        load_prior(below(bundle, prior_prefix(static_cast<std::size_t>(i))));
    if (!prior || prior->tokens() != target.shape[0] || prior->dims() != target.shape[1])
      throw FormatError(
          bundle.path, 0,
          "prior " + std::to_string(i) + " is missing or of another shape than the target");
    fit.priors.push_back(std::move(prior));
  }
  if (const TensorBundleView own = below(bundle, std::string(kCompositionPrefix));
      !own.tensors.empty()) {
    auto composition = std::make_shared<Composition>(composition_from_bundle(own));
    if (composition->tokens() != target.shape[0])
      throw FormatError(bundle.path, 0, "the composition has other tokens than the target");
    fit.composition = std::move(composition);
  }
  fit.vocabulary_checksum = bundle.text("vocabulary_checksum");
  const std::string& lines = bundle.text("provenance");
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', at), lines.size());
    fit.provenance.push_back(lines.substr(at, end - at));
    at = end + 1;
  }
  return fit;
}

}  // namespace sememe
