#include "apps/sememe/context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "lib/base/error.hpp"

namespace sememe::apps {
namespace {

std::atomic<int> pending_signal{0};

extern "C" void note_signal(int number) {
  pending_signal = number;
  std::signal(number, SIG_DFL);
}

/// The bar's memory between calls: nothing is drawn in a stage's first second, then ten times a
/// second at most.
class ProgressBar {
 public:
  void update(std::string_view stage, std::int64_t done, std::int64_t total) {
    const auto now = std::chrono::steady_clock::now();
    if (stage != stage_) {
      clear();
      stage_ = stage;
      started_ = now;
    }
    const std::chrono::duration<double> elapsed = now - started_;
    if (elapsed.count() < 1 || now - drawn_at_ < std::chrono::milliseconds(100)) return;
    drawn_at_ = now;
    draw(done, total, elapsed.count());
  }
  ~ProgressBar() { clear(); }

 private:
  void draw(std::int64_t done, std::int64_t total, double elapsed_s) {
    std::string line;
    if (total > 0) {
      constexpr int kWidth = 24;
      const double share =
          std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0);
      const int filled = static_cast<int>(share * kWidth);
      const double left_s = share > 0 ? elapsed_s * (1 - share) / share : 0;
      line = fmt::format("{} [{}{}] {:3.0f} % {:.0f} s left", stage_,
                         std::string(static_cast<std::size_t>(filled), '#'),
                         std::string(static_cast<std::size_t>(kWidth - filled), '.'), share * 100,
                         left_s);
    } else {
      line = fmt::format("{} {} ({:.0f} s)", stage_, grouped(done), elapsed_s);
    }
    fmt::print(stderr, "\r\x1b[K{}", line);
    std::fflush(stderr);
    drawn_ = true;
  }
  void clear() {
    if (drawn_) std::fputs("\r\x1b[K", stderr);
    drawn_ = false;
  }

  std::string stage_;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point drawn_at_;
  bool drawn_ = false;
};

}  // namespace

void Context::print(std::string_view text) const {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
    throw IoError("write", "standard output", errno);
}

void Context::say(std::string_view line) const {
  if (!quiet) fmt::print(stderr, "{}\n", line);
}

Progress Context::progress() const {
  const auto bar = terminal && !quiet ? std::make_shared<ProgressBar>() : nullptr;
  return [bar](std::string_view stage, std::int64_t done, std::int64_t total) {
    if (const int number = pending_signal; number != 0) throw Interrupted(number);
    if (bar) bar->update(stage, done, total);
  };
}

std::filesystem::path default_kb() {
  if (const char* named = std::getenv("SEMEME_KB"); named && *named) return named;
  if (const char* data = std::getenv("XDG_DATA_HOME"); data && *data)
    return std::filesystem::path(data) / "sememe" / "kb.db";
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home && *home ? home : ".") / ".local" / "share" / "sememe" /
         "kb.db";
}

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string human_bytes(std::int64_t bytes) {
  constexpr std::array kUnits = {"B", "kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1000 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

void watch_signals() {
  std::signal(SIGINT, note_signal);
  std::signal(SIGTERM, note_signal);
  std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace sememe::apps
