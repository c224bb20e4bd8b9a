#include "lib/formats/npy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>
#include <vector>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"

// The header is a Python literal; we read the one shape of it that numpy writes, with any white
// space, key order and kind of quote, by recursive descent over a view. Nothing is allocated for
// data: the size the header declares is held against the file's before anything else happens.

namespace sememe::formats {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::int64_t kMaxHeaderBytes = 10'000;
constexpr std::size_t kMaxDims = 32;

constexpr std::array<std::pair<std::string_view, Dtype>, 8> kTypes = {{
    {"<f4", Dtype::f32},
    {"<f2", Dtype::f16},
    {"<f8", Dtype::f64},
    {"|u1", Dtype::u8},
    {"|i1", Dtype::i8},
    {"<i2", Dtype::i16},
    {"<i4", Dtype::i32},
    {"<i8", Dtype::i64},
}};

struct Header {
  std::string_view descr;
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
};

class HeaderParser {
 public:
  HeaderParser(std::string_view text, const std::filesystem::path& path, std::int64_t base)
      : text_(text), path_(path), base_(base) {}

  Header parse() {
    Header header;
    bool has_descr = false;
    bool has_order = false;
    bool has_shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string_view key = quoted();
      expect(':');
      if (key == "descr" && !std::exchange(has_descr, true)) {
        header.descr = quoted();
      } else if (key == "fortran_order" && !std::exchange(has_order, true)) {
        header.fortran_order = boolean();
      } else if (key == "shape" && !std::exchange(has_shape, true)) {
        header.shape = tuple();
      } else {
        fail("the key '" + std::string(key) + "' is unknown or occurs twice");
      }
      if (!accept(',') && peek() != '}') fail("expected ',' or '}'");
    }
    if (!(has_descr && has_order && has_shape))
      fail("expected the keys 'descr', 'fortran_order' and 'shape'");
    if (text_.find_first_not_of(' ', at_) != text_.size() - 1 || text_.back() != '\n')
      fail("expected spaces and a line end after the header");
    return header;
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw FormatError(path_, base_ + static_cast<std::int64_t>(at_), "npy header: " + what);
  }

 private:
  char peek() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool accept(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail(std::string("expected '") + c + "'");
  }
  std::string_view quoted() {
    const char quote = peek();
    if (quote != '\'' && quote != '"')
      fail("expected a quoted text (structured types are refused)");
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) fail("a text without its closing quote");
    const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return inside;
  }
  bool boolean() {
    peek();
    for (const bool value : {false, true}) {
      const std::string_view word = value ? "True" : "False";
      if (text_.substr(at_, word.size()) == word) {
        at_ += word.size();
        return value;
      }
    }
    fail("expected True or False");
  }
  std::vector<std::int64_t> tuple() {
    std::vector<std::int64_t> numbers;
    bool comma = true;
    expect('(');
    while (!accept(')')) {
      if (!comma || numbers.size() == kMaxDims) fail("expected ')'");
      peek();
      std::int64_t value = 0;
      const char* const end = text_.data() + text_.size();
      const auto read = std::from_chars(text_.data() + at_, end, value);
      if (read.ec != std::errc() || value < 0) fail("expected a count of at most 2^63 - 1");
      at_ = static_cast<std::size_t>(read.ptr - text_.data());
      numbers.push_back(value);
      comma = accept(',');
    }
    if (numbers.size() == 1 && !comma) fail("expected ',' after the one number of a tuple");
    return numbers;
  }

  std::string_view text_;
  const std::filesystem::path& path_;
  std::int64_t base_;
  std::size_t at_ = 0;
};

}  // namespace

NpyFile::NpyFile(const std::filesystem::path& path) : file_(path) {
  ByteReader reader(file_.bytes(), path);
  if (as_text(reader.take(6, "npy magic")) != kMagic)
    throw FormatError(path, 0, "not an npy file: it does not start with \\x93NUMPY");
  const int major = reader.value<std::uint8_t>("npy version");
  const int minor = reader.value<std::uint8_t>("npy version");
  if (major < 1 || major > 3 || minor != 0)
    throw FormatError(path, 6,
                      "npy version " + std::to_string(major) + '.' + std::to_string(minor) +
                          "; versions 1.0, 2.0, 3.0 are read");
  const std::int64_t length = major == 1
                                  ? std::int64_t{reader.value<std::uint16_t>("npy header length")}
                                  : std::int64_t{reader.value<std::uint32_t>("npy header length")};
  if (length == 0 || length > kMaxHeaderBytes)
    throw FormatError(path, 8,
                      "npy header length " + std::to_string(length) + "; expected 1 to 10,000");
  const std::int64_t header_offset = reader.offset();
  HeaderParser parser(as_text(reader.take(length, "npy header")), path, header_offset);
  Header header = parser.parse();

  const auto* const type = std::find_if(
      kTypes.begin(), kTypes.end(), [&](const auto& known) { return known.first == header.descr; });
  if (type == kTypes.end())
    parser.fail("element type '" + std::string(header.descr) +
                "' is not read; expected <f4, <f2, <f8, |u1, |i1, <i2, <i4 or <i8");
  const auto elements = checked_product(header.shape);
  const auto size = elements ? checked_product(*elements, dtype_bytes(type->second)) : std::nullopt;
  if (!size || *size != reader.remaining())
    throw FormatError(path, reader.offset(),
                      "the shape asks for " + (size ? std::to_string(*size) : "over 2^63") +
                          " bytes of data, the file holds " + std::to_string(reader.remaining()));
  array_ = {"", type->second, std::move(header.shape), reader.take(*size, "npy data")};
  fortran_order_ = header.fortran_order;
}

std::string npy_header(Dtype dtype, std::span<const std::int64_t> shape) {
  const auto* const type = std::find_if(kTypes.begin(), kTypes.end(),
                                        [&](const auto& known) { return known.second == dtype; });
  if (type == kTypes.end())
    throw std::invalid_argument("npy has no element type " + std::string(dtype_name(dtype)) +
                                "; use F32 or F16");
  std::string text =
      "{'descr': '" + std::string(type->first) + "', 'fortran_order': False, 'shape': (";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (i > 0) text += ", ";
    text += std::to_string(shape[i]);
  }
  text += shape.size() == 1 ? ",), }" : "), }";
  constexpr std::size_t kPrefixBytes = 10;
  text.append(63 - (text.size() + kPrefixBytes) % 64, ' ');
  text += '\n';
  ByteWriter prefix;
  prefix.append(as_bytes(kMagic));
  prefix.value(std::uint8_t{1});
  prefix.value(std::uint8_t{0});
  prefix.value(static_cast<std::uint16_t>(text.size()));
  return std::string(as_text(prefix.bytes())) + text;
}

void write_npy(const std::filesystem::path& path, const TensorView& array) {
  const auto elements = checked_product(array.shape);
  const auto size = elements ? checked_product(*elements, dtype_bytes(array.dtype)) : std::nullopt;
  if (size != static_cast<std::int64_t>(array.bytes.size()))
    throw std::invalid_argument("npy: " + std::to_string(array.bytes.size()) +
                                " bytes do not fit the shape");
  const std::string header = npy_header(array.dtype, array.shape);
  OutputFile out(path);
  out.write(header);
  out.write(array.bytes);
  out.commit();
}

}  // namespace sememe::formats
