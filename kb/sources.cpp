#include "kb/sources.hpp"

#include "kb/statement.hpp"

namespace sememe::kb {

std::vector<SourceInfo> sources(const Database& database) {
  std::vector<SourceInfo> found;
  Statement read(database,
                 "SELECT rowid, name, version, language, license, url, citation, checksum FROM "
                 "sources ORDER BY rowid");
  Statement counts(database, "SELECT what, count FROM source_counts WHERE source = ?");
  while (read.step()) {
    SourceInfo& source = found.emplace_back();
    source.id = static_cast<SourceId>(read.integer(0));
    source.record = {std::string(read.text(1)), std::string(read.text(2)),
                     std::string(read.text(3)), std::string(read.text(4)),
                     std::string(read.text(5)), std::string(read.text(6)),
                     std::string(read.text(7))};
    for (counts.bind(1, read.integer(0)); counts.step();)
      source.rows[std::string(counts.text(0))] = counts.integer(1);
  }
  return found;
}

}  // namespace sememe::kb
