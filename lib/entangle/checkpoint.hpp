#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "lib/tensor/matrix.hpp"

namespace sememe {

/// Everything training needs to go on as if it had never stopped.
struct TrainState {
  std::uint64_t fingerprint = 0;  ///< of options, shapes, start values and target
  std::int64_t step = 0;          ///< Adam steps done
  int best_epoch = -1;
  std::vector<double> losses;  ///< by epoch done
  VectorD values;
  VectorD mean;    ///< Adam's first moment
  VectorD square;  ///< and second
  VectorD best_values;
};

/// Writes the state with a checksum, whole or not at all (see OutputFile). Layout: 8 bytes
/// "SMTRAIN1", the numbers above as u64, i64 and f64, vectors after their length, then the checksum
/// of all before it as text of 39 bytes. @throws CreateError, IoError
void write_checkpoint(const std::filesystem::path& path, const TrainState& state);

/// @param values  how many there must be
/// @throws FormatError if it is damaged, or its fingerprint is another training's
TrainState read_checkpoint(const std::filesystem::path& path, std::uint64_t fingerprint,
                           Index values);

}  // namespace sememe
