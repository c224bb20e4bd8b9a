#include "importers/lmf/xml.hpp"

#include <expat.h>

#include <string>

#include "lib/base/error.hpp"

// Exceptions must not cross expat's C frames: the callbacks keep the first one, stop the parser,
// and feed() throws it.
namespace sememe::importers {
namespace {

constexpr int kMaxDepth = 16;                       // WN-LMF needs 5
constexpr XML_Index kMaxPending = 2 * 1024 * 1024;  // bytes of one tag or text

}  // namespace

struct XmlParser::State {
  std::filesystem::path path;
  XmlHandler* handler = nullptr;
  XML_Parser parser = nullptr;
  std::exception_ptr thrown;
  XmlAttributes attributes;
  int depth = 0;
  XML_Index fed = 0;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (parser != nullptr) XML_ParserFree(parser);
  }

  [[noreturn]] void refuse(const std::string& message) const {
    throw InputError(path, static_cast<std::int64_t>(XML_GetCurrentLineNumber(parser)),
                     static_cast<std::int64_t>(XML_GetCurrentColumnNumber(parser)) + 1, message);
  }

  template <class Work>
  void guarded(Work work) {
    if (thrown) return;
    try {
      work();
    } catch (...) {
      thrown = std::current_exception();
      XML_StopParser(parser, XML_FALSE);
    }
  }

  static State& of(void* data) { return *static_cast<State*>(data); }

  static void on_start(void* data, const XML_Char* name, const XML_Char** pairs) {
    State& s = of(data);
    s.guarded([&] {
      if (++s.depth > kMaxDepth) s.refuse("elements nest deeper than 16");
      s.attributes.clear();
      for (; *pairs != nullptr; pairs += 2) s.attributes.emplace_back(pairs[0], pairs[1]);
      s.handler->start(name, s.attributes);
    });
  }

  static void on_end(void* data, const XML_Char* name) {
    State& s = of(data);
    s.guarded([&] {
      --s.depth;
      s.handler->end(name);
    });
  }

  static void on_characters(void* data, const XML_Char* text, int length) {
    State& s = of(data);
    s.guarded(
        [&] { s.handler->characters(std::string_view(text, static_cast<std::size_t>(length))); });
  }

  static void on_entity(void* data, const XML_Char*, int, const XML_Char*, int, const XML_Char*,
                        const XML_Char*, const XML_Char*, const XML_Char*) {
    State& s = of(data);
    s.guarded([&] { s.refuse("got an entity declaration; a lexicon needs none"); });
  }
};

XmlParser::XmlParser(std::filesystem::path path, XmlHandler& handler)
    : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.path = std::move(path);
  s.handler = &handler;
  s.parser = XML_ParserCreate(nullptr);
  if (s.parser == nullptr) throw std::bad_alloc();
  XML_SetUserData(s.parser, &s);
  XML_SetElementHandler(s.parser, &State::on_start, &State::on_end);
  XML_SetCharacterDataHandler(s.parser, &State::on_characters);
  XML_SetEntityDeclHandler(s.parser, &State::on_entity);
}

XmlParser::~XmlParser() = default;

std::int64_t XmlParser::line() const {
  return static_cast<std::int64_t>(XML_GetCurrentLineNumber(state_->parser));
}

void XmlParser::feed(std::span<const std::byte> bytes) {
  State& s = *state_;
  s.fed += static_cast<XML_Index>(bytes.size());
  const XML_Status status =
      XML_Parse(s.parser, reinterpret_cast<const char*>(bytes.data()),
                static_cast<int>(bytes.size()), bytes.empty() ? XML_TRUE : XML_FALSE);
  if (s.thrown) std::rethrow_exception(s.thrown);
  if (status != XML_STATUS_OK) {
    s.refuse(std::string("not well-formed XML: ") + XML_ErrorString(XML_GetErrorCode(s.parser)));
  }
  if (s.fed - XML_GetCurrentByteIndex(s.parser) > kMaxPending) {
    s.refuse("a tag or text of more than 2 MiB");
  }
}

}  // namespace sememe::importers
