#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

#include "lib/entangle/fit.hpp"

namespace CLI {
class App;
}

namespace sememe::apps {

struct Context;

/// How a table is cut from a fit and told about, as named on the command line of `train` and `cut`.
struct TableCut {
  std::filesystem::path out;
  std::optional<double> ratio;
  std::optional<double> bytes;
  std::optional<double> max_error;
  std::optional<double> bits_per_token;
  bool json = false;
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
};

/// Adds --out, the sizes (exactly one must be given) and --json to a verb. `cut` must outlive the
/// parse.
void add_table_cut(CLI::App& verb, TableCut& cut);

/// Cuts the table, writes it and prints its size and errors.
/// @throws as encode and write_safetensors.
void write_table(const Fit& fit, const TableCut& cut, int threads, const Context& context);

}  // namespace sememe::apps
