#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "kb/key_hash.hpp"

namespace sememe::kb {

/// Rows by name while an import runs: complete until `limit` names are known, a part of the truth
/// afterwards. About 100 bytes per name.
class RowCache {
 public:
  explicit RowCache(std::size_t limit) : limit_(limit) {}

  /// The row of `name`, 0 if it is not known here.
  std::int64_t find(std::string_view name) const {
    const auto found = rows_.find(name);
    return found == rows_.end() ? 0 : found->second;
  }
  void add(std::string_view name, std::int64_t row) {
    if (rows_.size() < limit_) {
      rows_.emplace(name, row);
    } else {
      complete_ = false;
    }
  }
  bool is_complete() const { return complete_; }  ///< what find() does not know was never added

 private:
  std::size_t limit_;
  bool complete_ = true;
  std::unordered_map<std::string, std::int64_t, KeyHash, std::equal_to<>> rows_;
};

}  // namespace sememe::kb
