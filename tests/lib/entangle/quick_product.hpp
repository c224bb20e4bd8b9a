#pragma once

#include "lib/entangle/fit_product.hpp"

namespace sememe::samples {

/// A training of two terms, short.
inline ProductOptions quick_product(Index order, Index free, Precision precision) {
  ProductOptions options;
  options.order = order;
  options.rank = 2;
  options.free = free;
  options.precision = precision;
  options.alternating.rounds = 2;
  options.adam.epochs = 2;
  if (order == 1) options.leaf = {5};
  return options;
}

}  // namespace sememe::samples
