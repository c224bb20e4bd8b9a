#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <string_view>

#include "apps/sememe/context.hpp"
#include "apps/sememe/verbs.hpp"
#include "lib/base/error.hpp"

namespace {

using namespace sememe::apps;  // NOLINT(google-build-using-namespace): this file is the command

int exit_code_of(const std::exception& error) {
  using namespace sememe;
  if (const auto* stopped = dynamic_cast<const Interrupted*>(&error)) return 128 + stopped->signal;
  if (dynamic_cast<const std::invalid_argument*>(&error)) return kUsage;
  if (dynamic_cast<const MissingInputError*>(&error)) return kNoInput;
  if (dynamic_cast<const CreateError*>(&error)) return kCannotCreate;
  if (dynamic_cast<const IoError*>(&error)) return kInputOutput;
  if (dynamic_cast<const DatabaseLockedError*>(&error)) return kLocked;
  if (dynamic_cast<const SchemaError*>(&error) || dynamic_cast<const InputError*>(&error) ||
      dynamic_cast<const FormatError*>(&error) || dynamic_cast<const NumericError*>(&error))
    return kBadData;
  if (dynamic_cast<const DatabaseError*>(&error)) return kInputOutput;
  return kInternal;
}

/// One line per layer that added context, outermost first; the code is the innermost's.
int report(const std::exception& error) {
  fmt::print(stderr, "sememe: {}\n", error.what());
  try {
    std::rethrow_if_nested(error);
  } catch (const std::exception& inner) {
    return report(inner);
  }
  return exit_code_of(error);
}

int run(int argc, char** argv) {
  Context context;
  const char* terminal = std::getenv("TERM");
  context.terminal =
      ::isatty(STDERR_FILENO) == 1 && !(terminal && std::string_view(terminal) == "dumb");

  CLI::App app{"Turns lexical knowledge into compact embedding tables for any transformer.",
               "sememe"};
  app.set_version_flag("--version", SEMEME_VERSION);
  app.require_subcommand(1);
  app.add_flag("-q,--quiet", context.quiet, "No talk on stderr but errors");
  app.get_formatter()->column_width(34);
  app.fallthrough();
  add_verbs(app, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& shown) {
    return app.exit(shown);
  } catch (const CLI::ParseError& error) {
    app.exit(error);
    return kUsage;
  }
  return context.exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  watch_signals();
  int code = kInternal;
  try {
    code = run(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fputs("sememe: out of memory\n", stderr);
  } catch (const std::exception& error) {
    code = report(error);
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    fmt::print(stderr, "sememe: write standard output: {}\n",
               "the other end is closed or the disk is full");
    return code == 0 ? kInputOutput : code;
  }
  return code;
}
