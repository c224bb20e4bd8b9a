#include "importers/load.hpp"

#include <chrono>

#include "kb/edit.hpp"
#include "kb/writer.hpp"
#include "lib/base/error.hpp"

namespace sememe::importers {
namespace {

constexpr std::int64_t kRecordsPerTick = 4096;
constexpr std::size_t kQuotedBytes = 200;

/// The message of an InputError without the place, which a Rejection holds by itself.
std::string reason_of(const InputError& error) {
  const std::string message = error.what();
  std::string place = ':' + std::to_string(error.line);
  if (error.column != 0) place += ':' + std::to_string(error.column);
  place += ": ";
  const std::size_t at = message.find(place);
  return at == std::string::npos ? message : message.substr(at + place.size());
}

class Loader {
 public:
  Loader(Reader& reader, const LoadOptions& options, ImportReport& report)
      : reader_(reader), options_(options), report_(report) {}

  void run(kb::Writer& writer) {
    for (std::int64_t count = 0;; ++count) {
      if (count % kRecordsPerTick == 0 && options_.progress)
        options_.progress("importing", reader_.done_bytes(), reader_.total_bytes());
      try {
        const std::optional<Record> record = reader_.next();
        if (!record) break;
        try {
          if (auto refusal = writer.add(*record))
            reject(reader_.position(), 0, std::move(*refusal));
        } catch (const InputError& error) {  // a definition inside the record
          reject(reader_.position(), error.column, reason_of(error));
        }
      } catch (const InputError& error) {
        auto position = reader_.position();
        position.line = error.line;
        reject(position, error.column, reason_of(error));
      }
    }
    if (options_.progress) options_.progress("indexing", 0, 0);
    writer.finish();
  }

 private:
  void reject(const Reader::Position& position, std::int64_t column, std::string reason) {
    Rejection rejection{position.path.string(), position.line, column, std::move(reason),
                        std::string(position.text.substr(0, kQuotedBytes))};
    ++report_.rejected;
    if (options_.on_rejection) options_.on_rejection(rejection);
    if (report_.rejected <= options_.kept_rejections)
      report_.rejections.push_back(std::move(rejection));
  }

  Reader& reader_;
  const LoadOptions& options_;
  ImportReport& report_;
};

/// Has this been imported? @throws SchemaError if another edition goes by the same name and
/// version.
bool is_known(const kb::Database& database, const SourceRecord& source) {
  if (kb::find_source_by_checksum(database, source.checksum)) return true;
  if (kb::find_source(database, source.name, source.version))
    throw SchemaError(database.path().string() + ": holds another " + source.name + ' ' +
                      source.version +
                      "; give this one another --edition, or first: sememe forget " + source.name +
                      '@' + source.version);
  return false;
}

}  // namespace

ImportReport load(Reader& reader, const std::filesystem::path& kb, const LoadOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  ImportReport report;
  report.source = reader.source();
  if (std::filesystem::exists(kb) &&
      is_known(kb::Database(kb, kb::Database::Mode::read), report.source)) {
    report.unchanged = true;
    return report;
  }
  kb::Edit edit(kb);
  if (is_known(edit.database(), report.source)) {
    report.unchanged = true;
    return report;
  }
  {
    kb::Writer writer(edit.database(), report.source);
    Loader(reader, options, report).run(writer);
    report.rows = writer.rows();
  }
  for (const auto& each : report.rows) report.total_rows += each.second;
  if (report.total_rows == 0) {
    const Rejection first = report.rejections.empty() ? Rejection{} : report.rejections.front();
    throw InputError(
        first.path.empty() ? reader.position().path : std::filesystem::path(first.path),
        std::max<std::int64_t>(first.line, 1), first.column,
        first.reason.empty() ? "nothing to import was found" : first.reason);
  }
  edit.commit();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  report.seconds = elapsed.count();
  return report;
}

}  // namespace sememe::importers
