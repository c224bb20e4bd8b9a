#pragma once

#include <cassert>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "lib/base/half.hpp"
#include "lib/base/spill.hpp"
#include "lib/base/table.hpp"
#include "lib/base/tensor_bundle.hpp"

namespace sememe::formats {

/// The rows of a (tokens, dims) tensor of a floating type, widened to float32 as they are read.
/// Owns the mapped file `File` the tensor's bytes lie in. Safe to share between threads.
template <class File>
class MappedRows final : public Table {
 public:
  /// @param by_column  the bytes run along the tokens (Fortran order)
  /// @pre table.shape.size() == 2 and is_floating(table.dtype)
  MappedRows(File file, TensorView table, bool by_column)
      : file_(std::move(file)), table_(std::move(table)), by_column_(by_column) {}

  std::int64_t tokens() const override { return table_.shape[0]; }
  std::int64_t dims() const override { return table_.shape[1]; }

  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override {
    assert(first >= 0 && count >= 0 && first + count <= tokens());
    if (!by_column_) {
      const std::span<const std::byte> bytes = elements(first * dims(), count * dims());
      widen(table_.dtype, bytes, out);
      // A run of rows of a file as large as memory is not read again soon.
      if (static_cast<std::int64_t>(table_.bytes.size()) > kStayResidentBytes &&
          bytes.size() >= kRunBytes)
        release_pages(bytes);
      return;
    }
    std::vector<float> column(static_cast<std::size_t>(count));
    for (std::int64_t j = 0; j < dims(); ++j) {
      widen(table_.dtype, elements(j * tokens() + first, count), column);
      for (std::int64_t i = 0; i < count; ++i)
        out[static_cast<std::size_t>(i * dims() + j)] = column[static_cast<std::size_t>(i)];
    }
  }

 private:
  static constexpr std::size_t kRunBytes = 256 << 10;

  std::span<const std::byte> elements(std::int64_t first, std::int64_t count) const {
    const std::int64_t width = dtype_bytes(table_.dtype);
    return table_.bytes.subspan(static_cast<std::size_t>(first * width),
                                static_cast<std::size_t>(count * width));
  }

  File file_;
  TensorView table_;
  bool by_column_;
};

}  // namespace sememe::formats
