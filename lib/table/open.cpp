#include "lib/table/open.hpp"

#include <utility>

#include "lib/formats/safetensors.hpp"
#include "lib/packed/packed_table.hpp"
#include "lib/prior/trained_table.hpp"

namespace sememe {

namespace {

constexpr std::string_view kTableFormat = "sememe.table.";

/// The table if it is one of ours, else null.
std::unique_ptr<Table> open_own(const formats::TableName& name) {
  if (!name.tensor.empty() || !formats::is_safetensors(name.file)) return nullptr;
  const auto file = std::make_shared<const formats::SafetensorsFile>(name.file);
  const auto format = file->bundle().metadata.find("format");
  if (format == file->bundle().metadata.end() || !format->second.starts_with(kTableFormat))
    return nullptr;
  if (TrainedTable::is_in(file->bundle())) return std::make_unique<TrainedTable>(file->bundle());
  return std::make_unique<PackedTable>(file->bundle(), file);
}

}  // namespace

std::unique_ptr<Table> open_table(const formats::TableName& name) {
  std::unique_ptr<Table> own = open_own(name);
  return own ? std::move(own) : formats::open_dense(name);
}

std::unique_ptr<Table> open_table(std::string_view file_and_tensor) {
  return open_table(formats::split_table_name(file_and_tensor));
}

}  // namespace sememe
