#include "lib/prior/prior.hpp"

#include "lib/base/error.hpp"
#include "lib/prior/additive_prior.hpp"
#include "lib/prior/product_prior.hpp"

namespace sememe {

std::int64_t Prior::bytes() const {
  TensorBundle bundle;
  store(bundle);
  return bundle.tensor_bytes();
}

std::unique_ptr<Prior> load_prior(const TensorBundleView& bundle) {
  const auto kind = bundle.metadata.find("prior");
  if (kind == bundle.metadata.end() || kind->second == "none") return nullptr;
  if (kind->second == "additive") return AdditivePrior::load(bundle);
  if (kind->second == "product") return ProductPrior::load(bundle);
  throw FormatError(bundle.path, 0,
                    "metadata 'prior' is '" + kind->second.substr(0, 40) +
                        "'; expected none, additive or product");
}

}  // namespace sememe
