#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "lib/base/progress.hpp"

namespace CLI {
class App;
}

namespace sememe::apps {

/// Exit codes, after sysexits.h. 0 is success.
enum ExitCode : int {
  kNoMatch = 1,        ///< looked up and not there, or a check that failed
  kUsage = 2,          ///< arguments that cannot be or do not fit each other
  kBadData = 65,       ///< an input breaks its format
  kNoInput = 66,       ///< an input is not there
  kInternal = 70,      ///< our own fault, or out of memory
  kCannotCreate = 73,  ///< an output cannot be created
  kInputOutput = 74,   ///< disk full, stdout closed, I/O error
  kLocked = 75         ///< the database is locked; try again
};

/// What every verb shares: where results go, what was asked for globally, and how the process will
/// end. stdout is data and only data; everything said to a person goes to stderr.
struct Context {
  int exit_code = 0;   ///< set by the verb that ran
  bool quiet = false;  ///< -q: no talk on stderr but errors
  bool terminal =
      false;  ///< stderr is a terminal that takes cursor movement (never with TERM=dumb)

  void print(std::string_view text) const;  ///< data: to stdout, as it is
  void say(std::string_view line) const;    ///< talk: one line to stderr unless quiet
  /// A bar on stderr for work over a second: silent unless `terminal` and not quiet. Also where a
  /// signal is noticed: throws Interrupted after SIGINT or SIGTERM, so long work should always be
  /// given one.
  Progress progress() const;
};

/// Where the knowledge base is when --kb is not given: $SEMEME_KB, else
/// $XDG_DATA_HOME/sememe/kb.db, else
/// ~/.local/share/sememe/kb.db.
std::filesystem::path default_kb();

/// A number with thousands separators: 117,659.
std::string grouped(std::int64_t number);
/// A byte count as a person reads it: "153.6 kB". Powers of 1000.
std::string human_bytes(std::int64_t bytes);

/// Starts noting SIGINT and SIGTERM (a second one ends the process at once), and ignores SIGXFSZ so
/// that a size limit is an ordinary I/O error.
void watch_signals();

}  // namespace sememe::apps
