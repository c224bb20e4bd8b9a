#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "lib/base/tensor_bundle.hpp"
#include "lib/entangle/fit.hpp"
#include "lib/entangle/measures.hpp"
#include "lib/entangle/prior_options.hpp"
#include "lib/entangle/table_form.hpp"

namespace sememe {

struct TrainedOptions {
  /// prior: none (a low-rank pair alone), additive, product, or automatic (the best measured);
  /// order 0: 2 and 3 are tried; rank, leaf and max_atoms 0: chosen by short trainings.
  PriorOptions training;
  bool low_rank = false;  ///< a low-rank residual of floats beside the prior
  SizeLimit limit;        ///< at least one is set
  FileBytes file_bytes;   ///< of the file that will hold the bundle
};

/// What was chosen, and how well it stands for the target, measured on the table as it is read
/// back.
struct TrainedReport {
  TableForm form;
  std::string residual;    ///< "none", "low-rank"
  std::string prior;       ///< "none", "additive", "product"
  std::int64_t atoms = 0;  ///< leaves kept, over all factors, the blanks with them
  std::int64_t file_bytes = 0;
  std::int64_t composition_bytes = 0;  ///< of them, what a knowledge base could give again
  std::int64_t parameters = 0;
  std::string formula;  ///< of the parameters
  TableErrors errors;
};

struct TrainedCut {
  TensorBundle bundle;  ///< readable by TrainedTable
  TrainedReport report;
};

/// Trains a table of floats alone to a size: shapes are set so that the file is as large as the
/// limits allow, the candidates are trained shortly, and the best of them (by weighted error)
/// fully. Same inputs and options give the same bytes for any thread count.
/// @throws std::invalid_argument if no form fits (naming the smallest table there is), if the fit
/// has no composition for its prior, or prior none comes without a low-rank residual; else as
/// fit_additive and fit_product
TrainedCut cut_trained(const Fit& fit, const TrainedOptions& options);

}  // namespace sememe
