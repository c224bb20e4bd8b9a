#include "lib/base/error.hpp"

#include <cstring>

namespace sememe {
namespace {

std::string place(const std::filesystem::path& path, std::int64_t line, std::int64_t column) {
  std::string text = path.string() + ':' + std::to_string(line);
  if (column > 0) text += ':' + std::to_string(column);
  return text + ": ";
}

}  // namespace

InputError::InputError(const std::filesystem::path& path, std::int64_t at_line,
                       std::int64_t at_column, const std::string& message)
    : Error(place(path, at_line, at_column) + message), line(at_line), column(at_column) {}

FormatError::FormatError(const std::filesystem::path& path, std::int64_t at_offset,
                         const std::string& message)
    : Error(path.string() + ": byte " + std::to_string(at_offset) + ": " + message),
      offset(at_offset) {}

IoError::IoError(const std::string& operation, const std::filesystem::path& path, int error_number)
    : Error(operation + ' ' + path.string() + ": " + std::strerror(error_number)),
      code(error_number) {}

Interrupted::Interrupted(int signal_number)
    : Error("stopped by signal " + std::to_string(signal_number)), signal(signal_number) {}

}  // namespace sememe
