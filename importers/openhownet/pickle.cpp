#include "importers/openhownet/pickle.hpp"

#include <charconv>
#include <cstdio>
#include <cstring>
#include <utility>

#include "importers/openhownet/pickle_strings.hpp"
#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/text/utf8.hpp"

// A pickle is a program for a stack machine. This one knows only the opcodes that push, group and
// repeat data. When the outermost container takes members and nothing else is on the stack, those
// members are handed out and all containers below it are let go: only the memo, whose strings lie
// in the file, lives on. A memo entry that names a container let go is an error if used.
namespace sememe::importers {
namespace {

constexpr std::uint64_t kFreeBytes = std::uint64_t{64} << 20;
constexpr std::uint64_t kMemoGap = 1'024;  // how far a memo index may run ahead
constexpr std::uint32_t kOutermost = 0;    // generation of containers_[0]

struct Refused {
  unsigned char opcode;
  std::string_view name;
};
constexpr Refused kRefused[] = {
    {'c', "GLOBAL"},    {0x93, "STACK_GLOBAL"}, {'R', "REDUCE"},          {'b', "BUILD"},
    {'i', "INST"},      {'o', "OBJ"},           {0x81, "NEWOBJ"},         {0x92, "NEWOBJ_EX"},
    {0x82, "EXT1"},     {0x83, "EXT2"},         {0x84, "EXT4"},           {'P', "PERSID"},
    {'Q', "BINPERSID"}, {0x97, "NEXT_BUFFER"},  {0x98, "READONLY_BUFFER"}};

}  // namespace

PickleReader::PickleReader(std::span<const std::byte> bytes, std::filesystem::path path)
    : bytes_(bytes), path_(std::move(path)), containers_(1) {}

void PickleReader::fail(const std::string& message) const {
  throw FormatError(path_, static_cast<std::int64_t>(start_), message);
}

void PickleReader::charge(std::uint64_t& account, std::uint64_t count) {
  account += count;
  if (lasting_bytes_ + item_bytes_ > kFreeBytes + 2 * bytes_.size()) {
    fail("this pickle needs more than 64 MiB and twice its size in memory; it is not a lexicon");
  }
}

std::string_view PickleReader::take(std::uint64_t count, std::string_view what) {
  if (count > bytes_.size() - at_) {
    fail("got " + std::to_string(bytes_.size() - at_) + " bytes, expected " +
         std::to_string(count) + " of " + std::string(what) + "; the file is cut or damaged");
  }
  const auto taken = bytes_.subspan(at_, static_cast<std::size_t>(count));
  at_ += static_cast<std::size_t>(count);
  return as_text(taken);
}

std::uint64_t PickleReader::number(int count) {
  std::uint64_t value = 0;
  const std::string_view from = take(static_cast<std::uint64_t>(count), "a number");
  std::memcpy(&value, from.data(), from.size());
  return value;
}

std::string_view PickleReader::line() {
  const std::string_view rest = as_text(bytes_.subspan(at_));
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) fail("got no line end behind this opcode");
  at_ += end + 1;
  return rest.substr(0, end);
}

void PickleReader::push(PickleValue value) {
  if (stack_.size() == stack_.capacity()) charge(lasting_bytes_, sizeof value * stack_.size());
  stack_.push_back(value);
}

PickleValue PickleReader::pop() {
  const std::size_t floor = marks_.empty() ? 0 : marks_.back();
  if (stack_.size() <= floor) fail("the stack is empty here; the file is damaged");
  const PickleValue value = stack_.back();
  stack_.pop_back();
  return value;
}

/// Index of the first value behind the last mark, which is forgotten.
std::size_t PickleReader::pop_mark() {
  if (marks_.empty()) fail("there is no mark here; the file is damaged");
  const std::size_t first = marks_.back();
  marks_.pop_back();
  return first;
}

void PickleReader::push_view(Kind kind, std::string_view in_file) {
  if (in_file.size() > UINT32_MAX) fail("got a string of more than 4 GiB");
  const auto* base = reinterpret_cast<const char*>(bytes_.data());
  push({kind, false, static_cast<std::uint32_t>(in_file.size()),
        in_file.empty() ? 0 : static_cast<std::uint64_t>(in_file.data() - base)});
}

void PickleReader::push_decoded(std::string text) {
  if (text.size() > UINT32_MAX) fail("got a string of more than 4 GiB");
  charge(lasting_bytes_, 2 * text.size());
  push({Kind::text, true, static_cast<std::uint32_t>(text.size()), decoded_.size()});
  decoded_ += text;
}

void PickleReader::push_big_integer(std::string_view little_endian) {
  if (little_endian.size() > 8) {
    push({Kind::big_integer, false, 0, 0});
    return;
  }
  const bool negative = !little_endian.empty() && (little_endian.back() & 0x80) != 0;
  std::uint64_t value = negative ? ~std::uint64_t{0} : 0;
  std::memcpy(&value, little_endian.data(), little_endian.size());
  push({Kind::integer, false, 0, value});
}

/// A container of the values from stack_[first] on.
void PickleReader::push_container(Kind kind, std::size_t first) {
  const std::size_t count = stack_.size() - first;
  if (kind == Kind::dict && count % 2 != 0) fail("got a key without a value");
  charge(item_bytes_, 2 * sizeof(containers_[0]) + count * sizeof(PickleValue));
  std::vector<PickleValue> members(stack_.begin() + static_cast<std::ptrdiff_t>(first),
                                   stack_.end());
  stack_.resize(first);
  if (!has_outermost_ && stack_.empty() && marks_.empty()) {
    has_outermost_ = true;
    containers_[0] = std::move(members);
    push({kind, false, kOutermost, 0});
    return;
  }
  containers_.push_back(std::move(members));
  push({kind, false, generation_, containers_.size() - 1});
}

/// Adds the values from stack_[first] on to the container below them.
void PickleReader::extend(Kind kind, std::size_t first) {
  const std::size_t floor = marks_.empty() ? 0 : marks_.back();
  if (first == 0 || first - 1 < floor || first > stack_.size()) {
    fail("the stack is empty here; the file is damaged");
  }
  const PickleValue target = stack_[first - 1];
  if (target.kind != kind) {
    fail("got members for " + std::string(kind_name(kind)) + ", found " +
         std::string(kind_name(target.kind)) + " below them");
  }
  const std::size_t count = stack_.size() - first;
  if (kind == Kind::dict && count % 2 != 0) fail("got a key without a value");
  const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(first);
  if (first == 1 && marks_.empty() && target.length == kOutermost) {
    batch_.assign(begin, stack_.end());
    given_ = 0;
    batch_has_keys_ = kind == Kind::dict;
    stack_.resize(first);
    return;
  }
  if (target.length != kOutermost && target.length != generation_) {
    fail("got members for a container that was complete before");
  }
  std::vector<PickleValue>& members = containers_[target.bits];
  if (members.size() + count > members.capacity()) {
    charge(item_bytes_, 2 * sizeof(PickleValue) * (members.size() + count));
  }
  members.insert(members.end(), begin, stack_.end());
  stack_.resize(first);
}

void PickleReader::put(std::uint64_t index) {
  if (stack_.empty()) fail("the stack is empty here; the file is damaged");
  if (index > memo_.size() + kMemoGap) {
    fail("memo index " + std::to_string(index) + " is far past the " +
         std::to_string(memo_.size()) + " used so far");
  }
  while (memo_.size() <= index) {
    charge(lasting_bytes_, sizeof(PickleValue));
    memo_.push_back({Kind::absent, false, 0, 0});
  }
  memo_[index] = stack_.back();
}

void PickleReader::get(std::uint64_t index) {
  if (index >= memo_.size() || memo_[index].kind == Kind::absent) {
    fail("memo index " + std::to_string(index) + " was never stored");
  }
  push(memo_[index]);
}

bool PickleReader::push_scalar(unsigned char opcode) {
  switch (opcode) {
    case 'N':
      push({Kind::none, false, 0, 0});
      return true;
    case 0x88:
    case 0x89:
      push({Kind::boolean, false, 0, opcode == 0x88 ? 1U : 0U});
      return true;
    case 'K':
      push({Kind::integer, false, 0, number(1)});
      return true;
    case 'M':
      push({Kind::integer, false, 0, number(2)});
      return true;
    case 'J':
      push_big_integer(take(4, "an int"));
      return true;
    case 0x8A:
      push_big_integer(take(number(1), "an int"));
      return true;
    case 0x8B:
      push_big_integer(take(number(4), "an int"));
      return true;
    case 'G':
      push({Kind::real, false, 0, number(8)});
      return true;
    case 'F':
      line();
      push({Kind::real, false, 0, 0});
      return true;
    case 'I':
    case 'L': {
      std::string_view digits = line();
      if (opcode == 'I' && (digits == "00" || digits == "01")) {
        push({Kind::boolean, false, 0, digits == "01" ? 1U : 0U});
        return true;
      }
      if (digits.ends_with('L')) digits.remove_suffix(1);
      std::int64_t value = 0;
      const auto [end, error] =
          std::from_chars(digits.data(), digits.data() + digits.size(), value);
      if (end != digits.data() + digits.size()) fail("got an int that is no number");
      const bool fits = error == std::errc();
      push({fits ? Kind::integer : Kind::big_integer, false, 0, static_cast<std::uint64_t>(value)});
      return true;
    }
    default:
      return false;
  }
}

bool PickleReader::push_string(unsigned char opcode) {
  switch (opcode) {
    case 0x8C:
      push_view(Kind::text, take(number(1), "a str"));
      return true;
    case 'X':
      push_view(Kind::text, take(number(4), "a str"));
      return true;
    case 0x8D:
      push_view(Kind::text, take(number(8), "a str"));
      return true;
    case 'C':
    case 'U':
      push_view(Kind::bytes, take(number(1), "bytes"));
      return true;
    case 'B':
    case 'T':
      push_view(Kind::bytes, take(number(4), "bytes"));
      return true;
    case 0x8E:
    case 0x96:
      push_view(Kind::bytes, take(number(8), "bytes"));
      return true;
    case 'V': {
      const std::string_view body = line();
      if (text::is_ascii(body) && body.find('\\') == std::string_view::npos) {
        push_view(Kind::text, body);
      } else {
        push_decoded(from_raw_unicode(body));
      }
      return true;
    }
    case 'S': {
      const std::string_view body = line();
      const bool quoted = body.size() >= 2 && (body.front() == '\'' || body.front() == '"') &&
                          body.back() == body.front();
      if (!quoted) fail("got a string without its quotes");
      push_decoded(from_string_literal(body.substr(1, body.size() - 2)));
      return true;
    }
    default:
      return false;
  }
}

bool PickleReader::build(unsigned char opcode) {
  switch (opcode) {
    case '}':
      push_container(Kind::dict, stack_.size());
      return true;
    case ']':
      push_container(Kind::list, stack_.size());
      return true;
    case ')':
      push_container(Kind::tuple, stack_.size());
      return true;
    case 0x8F:
      push_container(Kind::set, stack_.size());
      return true;
    case 'd':
      push_container(Kind::dict, pop_mark());
      return true;
    case 'l':
      push_container(Kind::list, pop_mark());
      return true;
    case 't':
      push_container(Kind::tuple, pop_mark());
      return true;
    case 0x91:
      push_container(Kind::set, pop_mark());
      return true;
    case 0x85:
    case 0x86:
    case 0x87: {
      const std::size_t count = opcode - 0x84U;
      const std::size_t floor = marks_.empty() ? 0 : marks_.back();
      if (stack_.size() < floor + count) fail("the stack is empty here; the file is damaged");
      push_container(Kind::tuple, stack_.size() - count);
      return true;
    }
    case 'a':
      extend(Kind::list, stack_.size() - (stack_.empty() ? 0 : 1));
      return true;
    case 'e':
      extend(Kind::list, pop_mark());
      return true;
    case 's':
      extend(Kind::dict, stack_.size() - (stack_.size() < 2 ? stack_.size() : 2));
      return true;
    case 'u':
      extend(Kind::dict, pop_mark());
      return true;
    case 0x90:
      extend(Kind::set, pop_mark());
      return true;
    default:
      return false;
  }
}

bool PickleReader::remember(unsigned char opcode) {
  const auto index_of_line = [this] {
    const std::string_view digits = line();
    std::uint64_t index = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (error != std::errc() || end != digits.data() + digits.size()) {
      fail("got a memo index that is no number");
    }
    return index;
  };
  switch (opcode) {
    case 0x94:
      put(memo_.size());
      return true;
    case 'q':
      put(number(1));
      return true;
    case 'r':
      put(number(4));
      return true;
    case 'p':
      put(index_of_line());
      return true;
    case 'h':
      get(number(1));
      return true;
    case 'j':
      get(number(4));
      return true;
    case 'g':
      get(index_of_line());
      return true;
    default:
      return false;
  }
}

/// Executes one opcode.
void PickleReader::step() {
  start_ = at_;
  if (at_ == bytes_.size()) fail("the file ends before its STOP; it is cut or no pickle");
  const auto opcode = static_cast<unsigned char>(bytes_[at_++]);
  if (push_scalar(opcode) || push_string(opcode) || build(opcode) || remember(opcode)) return;
  switch (opcode) {
    case 0x80:
      if (const std::uint64_t protocol = number(1); protocol > 5) {
        fail("got pickle protocol " + std::to_string(protocol) + ", expected at most 5");
      }
      return;
    case 0x95:
      if (number(8) > bytes_.size() - at_) fail("got a frame that is longer than the file");
      return;
    case '(':
      if (marks_.size() == marks_.capacity()) charge(lasting_bytes_, 8 * marks_.size());
      marks_.push_back(stack_.size());
      return;
    case '0':
      if (!marks_.empty() && marks_.back() == stack_.size()) {
        pop_mark();
      } else {
        pop();
      }
      return;
    case '1':
      stack_.resize(pop_mark());
      return;
    case '2': {
      const PickleValue top = pop();
      push(top);
      push(top);
      return;
    }
    case '.':
      if (stack_.size() != 1 || !marks_.empty()) fail("got STOP with values left over");
      stopped_ = true;
      return;
    default:
      break;
  }
  for (const Refused& refused : kRefused) {
    if (refused.opcode == opcode) {
      fail("got opcode " + std::string(refused.name) +
           ", which could run code; only plain data is read. Do not load this file with Python");
    }
  }
  char hex[16];
  std::snprintf(hex, sizeof hex, "0x%02X", opcode);
  fail(std::string("got ") + hex + ", which is no pickle opcode; the file is damaged or no pickle");
}

std::optional<PickleReader::Item> PickleReader::next() {
  while (given_ == batch_.size()) {
    if (stopped_) return std::nullopt;
    if (!batch_.empty()) {
      // The outermost container has what it was given: everything below it may go.
      batch_.clear();
      given_ = 0;
      item_bytes_ = 0;
      containers_.resize(1);
      ++generation_;
    }
    step();
    if (!stopped_) continue;
    const PickleValue root = stack_.front();
    if (!is_container(root.kind)) {
      fail("got " + std::string(kind_name(root.kind)) + ", expected a dict or a list");
    }
    if (root.length != kOutermost) fail("got several values, expected one dict or one list");
    const std::span<const PickleValue> rest = members(root);
    batch_.assign(rest.begin(), rest.end());
    batch_has_keys_ = root.kind == Kind::dict;
  }
  Item item;
  if (batch_has_keys_) item.key = batch_[given_++];
  item.value = batch_[given_++];
  return item;
}

}  // namespace sememe::importers
