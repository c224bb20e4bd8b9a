#include "kb/edit.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <string>
#include <vector>

#include "kb/schema.hpp"
#include "lib/base/error.hpp"

namespace sememe::kb {
namespace {

std::filesystem::path folder_of(const std::filesystem::path& file) {
  return file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
}

void sync(const std::filesystem::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) throw IoError("open", path, errno);
  const int code = ::fsync(descriptor);
  const int number = errno;
  ::close(descriptor);
  if (code != 0) throw IoError("fsync", path, number);
}

void remove_with_companions(const std::filesystem::path& file) noexcept {
  for (const char* suffix : {"", "-journal", "-wal", "-shm"})
    ::unlink((file.string() + suffix).c_str());
}

/// The process that made "<prefix><digits>", or 0 if the name is not of that form.
pid_t builder_of(const std::string& name, const std::string& prefix) {
  if (!name.starts_with(prefix)) return 0;
  pid_t process = 0;
  const char* end = name.data() + name.size();
  const auto parsed = std::from_chars(name.data() + prefix.size(), end, process);
  return parsed.ec == std::errc() && parsed.ptr == end && process > 0 ? process : 0;
}

}  // namespace

int remove_leftovers(const std::filesystem::path& file) {
  const std::string prefix = file.filename().string() + ".tmp-";
  std::vector<std::filesystem::path> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder_of(file), ignored)) {
    const pid_t process = builder_of(entry.path().filename().string(), prefix);
    if (process != 0 && process != ::getpid() && ::kill(process, 0) != 0 && errno == ESRCH)
      found.push_back(entry.path());
  }
  for (const auto& path : found) remove_with_companions(path);
  return static_cast<int>(found.size());
}

Edit::Edit(const std::filesystem::path& file) : file_(file) {
  remove_leftovers(file);
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) {
    database_.emplace(file, Database::Mode::update);
    transaction_ = std::make_unique<Transaction>(*database_);
    return;
  }
  if (!std::filesystem::is_directory(folder_of(file), ignored))
    throw CreateError("create (its folder is not there)", file, ENOENT);
  temporary_ = file.string() + ".tmp-" + std::to_string(::getpid());
  remove_with_companions(temporary_);
  try {
    database_.emplace(temporary_, Database::Mode::build);
    database_->run(schema_tables());
    database_->run("BEGIN");
  } catch (...) {
    discard();
    throw;
  }
}

Edit::~Edit() { discard(); }

void Edit::discard() noexcept {
  transaction_.reset();
  database_.reset();
  if (!temporary_.empty()) remove_with_companions(temporary_);
}

void Edit::commit() {
  if (!is_new()) {
    transaction_->commit();
    return;
  }
  database_->run("COMMIT");
  database_->run("PRAGMA journal_mode = WAL");
  database_.reset();
  sync(temporary_, O_RDWR);
  // link() refuses to replace: two processes that build the same file cannot lose either's work.
  if (::link(temporary_.c_str(), file_.c_str()) != 0) {
    if (errno == EEXIST)
      throw DatabaseLockedError(file_.string() +
                                ": another process created it meanwhile; try again");
    if (::rename(temporary_.c_str(), file_.c_str()) != 0)
      throw CreateError("rename to", file_, errno);
  }
  ::unlink(temporary_.c_str());
  sync(folder_of(file_), O_RDONLY | O_DIRECTORY);
}

}  // namespace sememe::kb
