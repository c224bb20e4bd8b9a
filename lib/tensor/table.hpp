#pragma once

#include <concepts>
#include <cstdint>
#include <span>

namespace sememe {

/// Anything that gives a vector of dims() floats for each of tokens() tokens. Every kind of table
/// (dense, factorised, packed) satisfies it and passes tests/conformance. Tables are immutable;
/// row() may be called from several threads at once.
///   row(token, out)  writes row `token`;  @pre 0 <= token < tokens(), out.size() == dims()
///   bytes()          bytes needed to store the table, everything a reader needs inside
template <class T>
concept Table = requires(const T& table, std::int64_t token, std::span<float> out) {
  { table.tokens() } -> std::convertible_to<std::int64_t>;
  { table.dims() } -> std::convertible_to<std::int64_t>;
  { table.bytes() } -> std::convertible_to<std::int64_t>;
  {table.row(token, out)};
};

}  // namespace sememe
