#include "apps/sememe/target.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "lib/base/error.hpp"
#include "lib/codec/packed_table.hpp"
#include "lib/entangle/make_fit.hpp"
#include "lib/entangle/trained_table.hpp"
#include "lib/formats/safetensors.hpp"
#include "lib/formats/table_file.hpp"

namespace sememe::apps {
namespace {

constexpr std::string_view kTableFormat = "sememe.table.";

/// A table of ours, decoded as it is read.
class PackedRows final : public RowSource {
 public:
  explicit PackedRows(const std::filesystem::path& path) : file_(path), table_(file_.bundle()) {}

  std::int64_t tokens() const override { return table_.tokens(); }
  std::int64_t dims() const override { return table_.dims(); }
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override {
    table_.rows(first, count, out);
  }

 private:
  formats::SafetensorsFile file_;
  PackedTable table_;
};

/// A table of ours that is floats alone; it copies what it needs.
class TrainedRows final : public RowSource {
 public:
  explicit TrainedRows(const TensorBundleView& bundle) : table_(bundle) {}

  std::int64_t tokens() const override { return table_.tokens(); }
  std::int64_t dims() const override { return table_.dims(); }
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override {
    table_.rows(first, count, out);
  }

 private:
  TrainedTable table_;
};

/// The table if it is one of ours, else null.
std::unique_ptr<RowSource> open_own(const formats::TableName& name) {
  if (!name.tensor.empty() || !formats::is_safetensors(name.file)) return nullptr;
  const formats::SafetensorsFile file(name.file);
  const auto format = file.bundle().metadata.find("format");
  if (format == file.bundle().metadata.end() || !format->second.starts_with(kTableFormat))
    return nullptr;
  if (TrainedTable::is_in(file.bundle())) return std::make_unique<TrainedRows>(file.bundle());
  return std::make_unique<PackedRows>(name.file);
}

}  // namespace

std::unique_ptr<RowSource> open_rows(std::string_view file_and_tensor) {
  const formats::TableName name = formats::split_table_name(file_and_tensor);
  std::unique_ptr<RowSource> own = open_own(name);
  return own ? std::move(own) : formats::open_table(name);
}

Vocabulary read_vocabulary_of(const std::filesystem::path& path, std::int64_t tokens,
                              std::string_view table_name) {
  if (path.empty()) return {};
  Vocabulary vocabulary = read_vocabulary(path);
  if (vocabulary.size() > tokens)
    throw std::invalid_argument(
        fmt::format("{} has {} tokens but {} has {} rows; they are not of the same model",
                    path.string(), vocabulary.size(), table_name, tokens));
  return vocabulary;
}

std::string token_text(const Vocabulary& vocabulary, std::int64_t token) {
  if (token >= vocabulary.size()) return "";
  return vocabulary.tokens[static_cast<std::size_t>(token)].text;
}

void require_finite(const RowSource& rows, std::string_view name, const Vocabulary& vocabulary,
                    int threads) {
  try {
    check_finite(
        rows, [&](std::int64_t token) { return "token '" + token_text(vocabulary, token) + "'"; },
        threads);
  } catch (const NumericError& error) {
    throw NumericError(fmt::format("{}: {}", name, error.what()));
  }
}

void require_different(const std::filesystem::path& input, const std::filesystem::path& output) {
  std::error_code ignored;
  if (std::filesystem::equivalent(input, output, ignored))
    throw std::invalid_argument("--out " + output.string() + " is the input " + input.string() +
                                "; name another file");
}

}  // namespace sememe::apps
