#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <variant>

#include "lib/base/spill.hpp"
#include "lib/lexicon/records.hpp"

namespace sememe::importers {

/// A record, or the reason why there is none; with its line.
struct RecordOrRefusal {
  std::int64_t line = 0;
  std::variant<SynsetRecord, SenseRecord, RelationRecord, std::string> what;
};

/// Records set aside until it is their turn, in the order pushed: in memory up to 64 KiB, beyond
/// that in temporary files of 16 MiB without a name, of which one at most is resident. Use from one
/// thread.
class RecordQueue {
 public:
  /// @throws IoError if there is no room for temporary files
  void push(const RecordOrRefusal& record);
  /// The oldest one. @pre !is_empty()
  RecordOrRefusal pop();
  bool is_empty() const { return chunks_.empty(); }
  std::int64_t pushed_bytes() const { return pushed_bytes_; }  ///< in all, as they are kept
  std::int64_t popped_bytes() const { return popped_bytes_; }

 private:
  struct Chunk {
    SpillBuffer room;
    std::int64_t used = 0;
  };
  std::deque<Chunk> chunks_;
  std::int64_t read_ = 0;  ///< bytes of the front chunk
  std::int64_t pushed_bytes_ = 0, popped_bytes_ = 0;
  std::string scratch_;
};

}  // namespace sememe::importers
