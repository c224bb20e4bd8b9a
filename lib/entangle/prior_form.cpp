#include "lib/entangle/prior_form.hpp"

#include <stdexcept>
#include <string>

#include "lib/prior/kron_kernel.hpp"

namespace sememe {

namespace {

void require(bool holds, const char* name, Index value, const char* expected) {
  if (!holds)
    throw std::invalid_argument(std::string(name) + " is " + std::to_string(value) + "; " +
                                expected);
}

}  // namespace

void AtomLimits::check() const {
  require(min_tokens >= 1, "min_tokens", min_tokens, "at least 1");
  require(most_atoms >= 0, "most_atoms", most_atoms, "0 or more");
  require(max_atoms >= 0, "max_atoms", max_atoms, "0 or more");
}

void AdditiveForm::check() const {
  require(leaf >= 0 && leaf <= 4096, "leaf", leaf, "0 to 4096");
  atoms.check();
}

void ProductForm::check() const {
  require(order >= 1 && order <= kMaxOrder, "order", order, "expected 1 to 4");
  require(rank >= 1, "rank", rank, "at least 1");
  if (!leaf.empty() && static_cast<Index>(leaf.size()) != order)
    throw std::invalid_argument("there are " + std::to_string(leaf.size()) +
                                " leaf sizes for order " + std::to_string(order));
  require(free >= 0, "free", free, "0 or more");
  atoms.check();
}

AtomLimits* atoms_of(PriorForm& form) {
  if (auto* additive = std::get_if<AdditiveForm>(&form)) return &additive->atoms;
  if (auto* product = std::get_if<ProductForm>(&form)) return &product->atoms;
  return nullptr;
}

}  // namespace sememe
