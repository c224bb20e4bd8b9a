#pragma once

#include <memory>
#include <vector>

#include "lib/entangle/fit.hpp"
#include "lib/entangle/make_fit.hpp"
#include "lib/prior/prior.hpp"

namespace sememe {

/// The candidates make_fit trains from the fit's composition; none if it has none.
std::vector<std::shared_ptr<const Prior>> train_priors(const Fit& fit, const FitOptions& options);

/// Whether the options ask for a prior of a certain shape: order, rank, leaf, max_atoms or free.
bool has_shape(const FitOptions& options);

}  // namespace sememe
