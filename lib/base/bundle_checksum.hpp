#pragma once

#include <string>

#include "lib/base/tensor_bundle.hpp"

namespace sememe {

/// Where a bundle's checksum lies in its metadata.
inline constexpr const char* kBundleChecksum = "checksum";

/// 16 hex digits over all that a bundle holds: metadata (but the checksum itself), and names,
/// types, shapes and bytes of its tensors, whatever their order. One pass over the bytes, at about
/// the speed memory is read. Source: XXH3-128 (lib/base/file.hpp), its first half.
std::string bundle_checksum(const TensorBundleView& bundle);

/// Writes the checksum into the metadata, in place of an older one. What is added to the bundle
/// afterwards makes it another: sealing comes last. The checksum's length is always the same.
void seal(TensorBundle& bundle);

}  // namespace sememe
