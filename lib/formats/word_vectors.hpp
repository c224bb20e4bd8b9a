#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lib/base/file.hpp"
#include "lib/base/table.hpp"

namespace sememe::formats {

/// Word vectors as word2vec, GloVe and fastText write them: row i is the i-th word.
///
///   text    [V D '\n'] then lines "word number ... number"; GloVe leaves the first line out
///   binary  V D '\n' then V times: word, ' ', D float32, '\n' or nothing
///
/// A text line's numbers are its last D fields, since GloVe's words may hold spaces; spaces and
/// tabs at the end of a line (fastText) do not count. The structure is checked when the file is
/// opened, numbers when they are read. Memory is half a byte per row; the file is mapped.
/// Immutable; safe to share. Source: gensim, keyedvectors.py.
class WordVectors final : public Table {
 public:
  /// @throws MissingInputError, IoError; InputError for a line with too few fields or too many
  ///         lines; FormatError if a binary file ends early or late, or a count does not fit the
  ///         file's size.
  explicit WordVectors(const std::filesystem::path& path);
  /// The same for bytes in memory, which must outlive it; `path` appears in messages only.
  WordVectors(std::span<const std::byte> bytes, std::filesystem::path path);

  std::int64_t tokens() const override { return tokens_; }
  std::int64_t dims() const override { return dims_; }
  /// @throws InputError at a field that is no number.
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override;

  /// The words in the order of rows, any bytes: views of the file. Time is that of reading it.
  std::vector<std::string_view> words() const;
  bool is_binary() const { return binary_; }

 private:
  void index();
  void index_text(std::size_t start);
  void index_binary(std::size_t start);
  std::size_t place_of(std::int64_t row) const;
  std::size_t after(std::size_t place) const;
  void read_line(std::size_t place, std::int64_t row, std::span<float> out) const;

  std::optional<MappedFile> file_;
  std::string_view bytes_;
  std::filesystem::path path_;
  std::vector<std::size_t> place_;  ///< of every 16th row
  std::int64_t tokens_ = 0;
  std::int64_t dims_ = 0;
  std::int64_t header_lines_ = 0;
  bool binary_ = false;
};

/// True if a file beginning so can be word vectors: its first line is two counts, or a word and at
/// least two numbers.
bool looks_like_word_vectors(std::string_view start);

}  // namespace sememe::formats
