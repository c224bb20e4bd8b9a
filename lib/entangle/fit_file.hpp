#pragma once

#include <string_view>

#include "lib/base/tensor_bundle.hpp"
#include "lib/entangle/fit.hpp"

namespace sememe {

/// A fit as named arrays, everything inside (metadata "format": "sememe.fit.1"):
///   fit.target F32 (tokens, dims)   fit.weight F32 (tokens), if any   fit.metric F64 (dims, dims),
///   if any fit.N.prior.* : what candidate N stores, each name and metadata key after "fit.N."
///   fit.composition.* : the composition, if any, as to_bundle(Composition) names it
/// so that cutting needs no other file. The target's rows are copied into the bundle.
TensorBundle to_bundle(const Fit& fit);
/// The same without kFitTarget, for a writer that copies the target's rows itself.
TensorBundle to_bundle_without_target(const Fit& fit);
inline constexpr std::string_view kFitTarget = "fit.target";

/// The same fit. Its target borrows the bundle's bytes, which must outlive it.
/// @param is_mapped  the bytes lie in a map of a file: rows read leave resident memory if it is
/// large
/// @throws FormatError if it is not one or its parts do not fit
Fit fit_from_bundle(const TensorBundleView& bundle, bool is_mapped = false);

}  // namespace sememe
