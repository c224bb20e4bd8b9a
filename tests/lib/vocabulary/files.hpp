#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "lib/base/file.hpp"
#include "lib/vocabulary/vocabulary.hpp"

namespace sememe::tests {

/// A file that is gone at the end of the scope.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view bytes, std::string_view name = "vocabulary") {
    static int made = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("sememe-test-" + std::to_string(::getpid()) + "-" + std::to_string(++made) + "-" +
             std::string(name));
    OutputFile out(path_);
    out.write(bytes);
    out.commit();
  }
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// What read_vocabulary makes of a file of these bytes.
inline Vocabulary read_bytes(std::string_view bytes, std::string_view name = "vocabulary") {
  const TemporaryFile file(bytes, name);
  return read_vocabulary(file.path());
}

}  // namespace sememe::tests
