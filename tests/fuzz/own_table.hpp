#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/formats/safetensors.hpp"
#include "lib/packed/packed_code.hpp"
#include "lib/packed/packed_table.hpp"
#include "lib/packed/section_checks.hpp"
#include "lib/prior/trained_table.hpp"
#include "tests/fuzz/input_file.hpp"
#include "tests/fuzz/table_file.hpp"

namespace sememe::fuzz {

/// Sets the checksums in a packed code (packed_code.hpp) to what its bytes give, so that what is
/// damaged is met by the code behind them. Leaves alone what is not laid out as one.
inline void mend_code(std::span<std::byte> code) {
  const auto put = [](std::uint64_t sum, std::span<std::byte> to) {
    std::memcpy(to.data(), &sum, sizeof(sum));
  };
  constexpr std::size_t kChecked = 9;  // after the version and the checksum
  try {
    ByteReader in(code, "fuzz");
    in.take(kChecked, "version and checksum");
    for (int i = 0; i < 4; ++i) in.varint("shape");
    in.take(8, "step and unit");
    for (int i = 0; i < 3; ++i) in.varint("length");
    const std::uint64_t blocks = in.varint("bytes of blocks");
    if (blocks > static_cast<std::uint64_t>(in.remaining())) return;
    const std::size_t before = code.size() - static_cast<std::size_t>(blocks);
    const std::vector<std::byte> sums = SectionChecks::store(code.subspan(before));
    if (before < static_cast<std::size_t>(in.offset()) + sums.size()) return;
    std::copy(sums.begin(), sums.end(), code.subspan(before - sums.size()).begin());
    put(short_checksum(code.subspan(kChecked, before - kChecked)), code.subspan(1));
  } catch (const FormatError&) {
  }
}

/// Any bytes as one of our own tables with its checksums mended.
inline void own_table(std::string_view input) {
  const InputFile file(input);
  try {
    const formats::SafetensorsFile tensors(file.path());
    TensorBundleView mended = tensors.bundle();
    std::vector<std::byte> code;
    for (TensorView& tensor : mended.tensors) {
      if (tensor.name != kResidualTensor) continue;
      code.assign(tensor.bytes.begin(), tensor.bytes.end());
      mend_code(code);
      tensor.bytes = code;
    }
    if (TrainedTable::is_in(mended)) {
      mended.metadata[kChecksumKey] = "none";
      read_some(TrainedTable(mended));
    } else {
      mended.metadata[kChecksumKey] = rest_checksum(mended);
      read_some(PackedTable(mended));
    }
  } catch (const Error&) {
  } catch (const std::invalid_argument&) {
  }
}

}  // namespace sememe::fuzz
