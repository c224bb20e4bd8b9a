#pragma once

#include "lib/entangle/fit_product.hpp"

namespace sememe::samples {

/// Products of two terms.
inline ProductForm quick_form(Index order, Index free) {
  ProductForm form{.order = order, .rank = 2, .free = free};
  if (order == 1) form.leaf = {5};
  return form;
}

/// A short training.
inline ProductOptions quick_training(Precision precision) {
  ProductOptions options;
  options.precision = precision;
  options.alternating.rounds = 2;
  options.adam.epochs = 2;
  return options;
}

}  // namespace sememe::samples
