#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "importers/reader.hpp"
#include "lib/base/progress.hpp"

namespace sememe::importers {

/// What a user may say about an input that the input does not say itself. Empty: the format's own.
struct OpenOptions {
  std::string name;      ///< of the source
  std::string version;   ///< edition; also what lets two editions stand side by side
  std::string language;  ///< BCP-47 of the lemmas
  std::string license;
  Progress progress = {};  ///< of readers that go over their input before the first record
};

/// One input format: a row of the registry. A new format is a folder below importers and one line
/// in registry.cpp.
struct Format {
  std::string_view name;     ///< as on the command line: "wordnet"
  std::string_view summary;  ///< one line for the help
  /// Is `path` (a file or a folder) of this format? Looks at names and at the first bytes only.
  bool (*detects)(const std::filesystem::path& path);
  /// @throws MissingInputError, IoError, InputError, FormatError
  std::unique_ptr<Reader> (*open)(const std::filesystem::path& path, const OpenOptions& options);
};

/// All formats, in the order detection tries them.
std::span<const Format> formats();

/// The format of that name, or null.
const Format* find_format(std::string_view name);

/// The first format that recognises `path`, or null.
/// @throws MissingInputError if there is nothing at `path`.
const Format* detect_format(const std::filesystem::path& path);

}  // namespace sememe::importers
