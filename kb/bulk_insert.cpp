#include "kb/bulk_insert.hpp"

#include <algorithm>
#include <cassert>

namespace sememe::kb {
namespace {

constexpr std::int64_t kRowsAtOnce = 64;

}  // namespace

BulkInsert::BulkInsert(const Database& database, std::string_view into)
    : database_(database),
      into_(into),
      columns_(static_cast<std::size_t>(std::count(into.begin(), into.end(), ',')) + 1) {}

std::string BulkInsert::sql(std::int64_t rows) const {
  std::string place = "(?";
  for (std::size_t i = 1; i < columns_; ++i) place += ", ?";
  place += ')';
  std::string text = into_ + " VALUES " + place;
  for (std::int64_t i = 1; i < rows; ++i) text += ", " + place;
  return text;
}

BulkInsert& BulkInsert::row() {
  assert(values_.size() == static_cast<std::size_t>(rows_) * columns_);
  if (rows_ == kRowsAtOnce) flush();
  ++rows_;
  return *this;
}

BulkInsert& BulkInsert::add(std::int64_t value) {
  values_.push_back({Kind::integer, value, 0});
  return *this;
}

BulkInsert& BulkInsert::add(Kind kind, std::string_view bytes) {
  values_.push_back({kind, static_cast<std::int64_t>(bytes_.size()), bytes.size()});
  bytes_ += bytes;
  return *this;
}

void BulkInsert::write(Statement& statement, std::size_t first, std::size_t count) {
  const std::string_view bytes = bytes_;
  for (std::size_t i = 0; i < count; ++i) {
    const Value& value = values_[first + i];
    const int parameter = static_cast<int>(i) + 1;
    const auto at = static_cast<std::size_t>(value.integer);
    switch (value.kind) {
      case Kind::integer:
        statement.bind(parameter, value.integer);
        break;
      case Kind::text:
        statement.bind(parameter, bytes.substr(at, value.size));
        break;
      case Kind::blob:
        statement.bind_blob(parameter, bytes.substr(at, value.size));
        break;
      case Kind::null:
        statement.bind_null(parameter);
        break;
    }
  }
  written_ += statement.change();
}

void BulkInsert::flush() {
  assert(values_.size() == static_cast<std::size_t>(rows_) * columns_);
  if (rows_ == kRowsAtOnce) {
    if (!many_) many_.emplace(database_, sql(kRowsAtOnce));
    write(*many_, 0, values_.size());
  } else if (rows_ > 0) {
    if (!single_) single_.emplace(database_, sql(1));
    for (std::size_t first = 0; first < values_.size(); first += columns_)
      write(*single_, first, columns_);
  }
  rows_ = 0;
  values_.clear();
  bytes_.clear();
}

}  // namespace sememe::kb
