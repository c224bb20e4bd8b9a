#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace sememe::importers {

/// Name and value, as written: prefixes such as "dc:" stay.
using XmlAttributes = std::vector<std::pair<std::string_view, std::string_view>>;

/// Takes what XmlParser finds. Views live only during the call.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void start(std::string_view element, const XmlAttributes& attributes) = 0;
  virtual void end(std::string_view element) = 0;
  virtual void characters(std::string_view text) = 0;
};

/// A push parser of XML that only takes what data files need: a DOCTYPE may name a DTD (never
/// fetched), but declaring an entity is refused, and so are tags and texts without end and nesting
/// deeper than 16. Memory: about 4 MiB at most. Use from one thread.
///
/// Source: XML 1.0, through expat.
class XmlParser {
 public:
  /// The handler must outlive the parser. @param path  for messages
  XmlParser(std::filesystem::path path, XmlHandler& handler);
  ~XmlParser();
  XmlParser(const XmlParser&) = delete;
  XmlParser& operator=(const XmlParser&) = delete;

  /// Parses the next bytes of the document; none: that was the end.
  /// @throws InputError where the document is not well-formed or passes a limit, and whatever the
  ///         handler throws
  void feed(std::span<const std::byte> bytes);

  std::int64_t line() const;  ///< of the event being handled, 1-based

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sememe::importers
