#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace sememe::kb {

/// Lets a map with std::string keys (and std::equal_to<>) be asked with a view, without a copy.
struct KeyHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view key) const { return std::hash<std::string_view>()(key); }
};

}  // namespace sememe::kb
