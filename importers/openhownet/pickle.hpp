#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sememe::importers {

/// One value of a pickle: 16 bytes that point into the file or into the reader they came from.
struct PickleValue {
  enum class Kind : std::uint8_t {
    none,
    boolean,
    integer,
    real,
    text,   ///< str
    bytes,  ///< bytes, and str of Python 2
    list,
    tuple,
    set,
    dict,
    big_integer,  ///< an integer of more than 64 bits; its value is not kept
    absent        ///< no value: an unused place of the memo
  };
  Kind kind = Kind::none;
  bool decoded = false;      ///< text that does not lie in the file as it is
  std::uint32_t length = 0;  ///< of text or bytes; of a container its generation, 0 the outermost
  std::uint64_t bits = 0;    ///< the value itself, an offset, or an index
};

std::string_view kind_name(PickleValue::Kind kind);  ///< "a str", "a dict" ...
bool is_container(PickleValue::Kind kind);           ///< list, tuple, set or dict

/// Reads a pickle without ever calling anything: a file of Python's protocols 0 to 5 that holds
/// only data (None, bool, int, float, str, bytes, list, tuple, set, dict). Any opcode that would
/// import, call, build or fetch something is an error, as is all the protocol does not allow.
///
/// Gives the members of the outermost container as they are completed, so that a large file need
/// not be held:
///
///   PickleReader reader(file.bytes(), path);
///   while (auto item = reader.next()) use(reader.text(*item->key), item->value);
///
/// Containers inside an item live until the next call of next(); strings lie in the file, which
/// must outlive the reader. Memory: the memo (16 bytes for each entry the file makes) and the items
/// at hand; counted as it grows, and a file that needs more than 64 MiB + 2 bytes for each of its
/// bytes is refused. A container may hold itself: go only as deep as you expect.
///
/// Source: PEP 307, PEP 3154, PEP 574 and the opcode table of Python's pickletools.
class PickleReader {
 public:
  struct Item {
    std::optional<PickleValue> key;  ///< of a dict
    PickleValue value;
  };

  /// @param path  for messages
  PickleReader(std::span<const std::byte> bytes, std::filesystem::path path);

  /// The next member of the outermost dict, list, tuple or set; nullopt behind the last.
  /// @throws FormatError at the byte that is not allowed, or if the outermost value is no container
  std::optional<Item> next();

  /// The text of a str, or of a Python 2 str.
  /// @throws FormatError if the value is of another kind, or not well-formed UTF-8
  std::string_view text(const PickleValue& value) const;
  /// An int or bool. @throws FormatError if the value is of another kind
  std::int64_t integer(const PickleValue& value) const;
  /// Members of a list, tuple or set; of a dict its keys and values in turn.
  /// @throws FormatError if the value is no container, or one of an item given before
  std::span<const PickleValue> members(const PickleValue& value) const;
  /// The value of that key in a dict; the last one counts, as in Python.
  /// @throws FormatError as members()
  std::optional<PickleValue> find(const PickleValue& dict, std::string_view key) const;

  std::int64_t offset() const { return static_cast<std::int64_t>(at_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  using Kind = PickleValue::Kind;

  void step();
  bool push_scalar(unsigned char opcode);
  bool push_string(unsigned char opcode);
  bool build(unsigned char opcode);
  bool remember(unsigned char opcode);

  [[noreturn]] void fail(const std::string& message) const;
  std::uint64_t number(int count);
  std::string_view take(std::uint64_t count, std::string_view what);
  std::string_view line();
  void charge(std::uint64_t& account, std::uint64_t count);

  void push(PickleValue value);
  PickleValue pop();
  std::size_t pop_mark();
  void push_view(Kind kind, std::string_view in_file);
  void push_decoded(std::string text);
  void push_big_integer(std::string_view little_endian);
  void push_container(Kind kind, std::size_t first);
  void extend(Kind kind, std::size_t first);
  void put(std::uint64_t index);
  void get(std::uint64_t index);
  std::string_view raw(const PickleValue& value) const;

  std::span<const std::byte> bytes_;
  std::filesystem::path path_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;            ///< of the opcode being executed, for messages
  std::uint64_t lasting_bytes_ = 0;  ///< taken by stack, memo and decoded text
  std::uint64_t item_bytes_ = 0;     ///< by containers, until they are let go
  bool stopped_ = false;

  std::vector<PickleValue> stack_;
  std::vector<std::size_t> marks_;
  std::deque<PickleValue> memo_;
  std::vector<std::vector<PickleValue>> containers_;  ///< [0] is the outermost one
  bool has_outermost_ = false;
  std::uint32_t generation_ = 1;  ///< of containers_, but for [0]
  std::string decoded_;

  std::vector<PickleValue> batch_;  ///< members of the outermost container, to be given out
  std::size_t given_ = 0;
  bool batch_has_keys_ = false;
};

}  // namespace sememe::importers
