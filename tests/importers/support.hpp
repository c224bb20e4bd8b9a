#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <variant>
#include <vector>

#include "importers/reader.hpp"
#include "lib/base/error.hpp"

namespace sememe::importers::testing {

/// A folder of its own for one test case; gone at its end.
class Folder {
 public:
  Folder() {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("sememe-importers-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }

  /// Writes `bytes` to a file of that name and gives its path.
  std::filesystem::path write(std::string_view name, std::string_view bytes) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

/// Everything a reader yields, sorted by kind, and its refusals as messages.
struct Drained {
  std::vector<SynsetRecord> synsets;
  std::vector<SenseRecord> senses;
  std::vector<SememeRecord> sememes;
  std::vector<SememeRelationRecord> sememe_relations;
  std::vector<RelationRecord> relations;
  std::vector<DefinitionRecord> definitions;
  std::vector<std::string> refusals;  ///< "line:column: message", the path cut off

  void keep(SynsetRecord&& r) { synsets.push_back(std::move(r)); }
  void keep(SenseRecord&& r) { senses.push_back(std::move(r)); }
  void keep(SememeRecord&& r) { sememes.push_back(std::move(r)); }
  void keep(SememeRelationRecord&& r) { sememe_relations.push_back(std::move(r)); }
  void keep(RelationRecord&& r) { relations.push_back(std::move(r)); }
  void keep(DefinitionRecord&& r) { definitions.push_back(std::move(r)); }
  void keep(ExceptionRecord&&) {}
};

/// One a line: a failed comparison then prints both sides.
inline std::string joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) (all += line) += '\n';
  return all;
}

inline Drained drain(Reader& reader) {
  Drained all;
  for (;;) {
    try {
      std::optional<Record> record = reader.next();
      if (!record) return all;
      std::visit([&all](auto& r) { all.keep(std::move(r)); }, *record);
    } catch (const InputError& error) {
      const std::string path = reader.position().path.string() + ':';
      const std::string what = error.what();
      all.refusals.push_back(what.starts_with(path) ? what.substr(path.size()) : what);
    }
  }
}

template <class R>
Drained drain_file(const std::filesystem::path& path) {
  R reader(path);
  return drain(reader);
}

/// A real lexicon file, or an empty path where this machine has none: such tests then say so.
inline std::filesystem::path real_file(std::string_view name) {
  const char* shared = std::getenv("SEMEME_SHARED");
  const std::filesystem::path root =
      shared != nullptr ? std::filesystem::path(shared)
                        : std::filesystem::path(SEMEME_SOURCE_DIR) / ".." / "shared" / "data";
  const std::filesystem::path path = root / "lexicons" / name;
  return std::filesystem::exists(path) ? path : std::filesystem::path();
}

}  // namespace sememe::importers::testing
