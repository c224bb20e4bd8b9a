#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace sememe {

/// How long work tells its caller how far it is; the library itself never prints. May be empty.
/// Called from the thread that called the work, in long stages up to thousands of times a second
/// with the same numbers, so it should cost little; may throw (Interrupted, say) to stop it.
/// @param stage  what is being done, a few words; @param done, total  in the stage's own unit,
/// total 0 if unknown
using Progress = std::function<void(std::string_view stage, std::int64_t done, std::int64_t total)>;

}  // namespace sememe
