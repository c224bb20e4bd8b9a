#pragma once

#include <memory>
#include <vector>

#include "lib/entangle/fit.hpp"
#include "lib/entangle/prior_options.hpp"
#include "lib/prior/prior.hpp"

namespace sememe {

/// The candidates make_fit trains from the fit's composition; none if it has none.
std::vector<std::shared_ptr<const Prior>> train_priors(const Fit& fit, const PriorOptions& options);

}  // namespace sememe
