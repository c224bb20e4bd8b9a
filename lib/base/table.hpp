#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace sememe {

/// Anything that gives a vector of dims() floats for each of tokens() tokens: what an encoder reads
/// its target from, and what every reader gives back. Kinds: mapped files of any element type
/// (lib/formats), matrices in memory and factorised forms (lib/tensor), tables of floats
/// (lib/prior), packed tables (lib/packed). Immutable; every call may be made from several threads
/// at once. A table in a file of any kind is opened by open_table() of lib/table/open.hpp.
class Table {
 public:
  Table() = default;
  Table(const Table&) = default;
  Table& operator=(const Table&) = default;
  virtual ~Table() = default;

  virtual std::int64_t tokens() const = 0;
  virtual std::int64_t dims() const = 0;

  /// Writes rows [first, first + count) row-major to out.
  /// @pre 0 <= first, first + count <= tokens(), out.size() == count * dims()
  virtual void rows(std::int64_t first, std::int64_t count, std::span<float> out) const = 0;
  /// Writes one row. @pre 0 <= token < tokens(), out.size() == dims()
  void row(std::int64_t token, std::span<float> out) const { rows(token, 1, out); }
  /// Writes rows of any tokens, in the order asked for.
  /// @param threads  at most, the caller's among them; 0: all the machine has. Never changes the
  /// result
  /// @pre every token is in [0, tokens()), out.size() == tokens.size() * dims()
  virtual void gather(std::span<const std::int64_t> tokens, std::span<float> out,
                      int threads = 1) const;

  /// Bytes at rest, everything a reader needs inside, a file's header aside. What is stored in no
  /// form of its own counts 4 an element.
  virtual std::int64_t bytes() const { return 4 * tokens() * dims(); }
  /// Heap held while serving, beside mapped bytes.
  virtual std::int64_t resident_bytes() const { return 0; }
  /// What the table's file says of itself; empty for tables without a file of ours.
  virtual const std::map<std::string, std::string>& metadata() const;
};

}  // namespace sememe
