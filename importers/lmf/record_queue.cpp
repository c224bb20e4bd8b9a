#include "importers/lmf/record_queue.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "lib/base/bytes.hpp"

// A record is its line, a byte for its kind and its fields in order: numbers as LEB128, texts and
// lists behind their length. The bytes never leave this process.
namespace sememe::importers {
namespace {

constexpr std::int64_t kFirstChunk = 1 << 16;
constexpr std::int64_t kChunk = 1 << 24;

class Packer {
 public:
  explicit Packer(std::string& out) : out_(out) {}

  void number(std::int64_t value) {
    auto rest = static_cast<std::uint64_t>(value);
    for (; rest >= 0x80; rest >>= 7) out_ += static_cast<char>(rest | 0x80);
    out_ += static_cast<char>(rest);
  }
  void text(const std::string& value) {
    number(std::ssize(value));
    out_ += value;
  }
  void texts(const std::vector<std::string>& list) {
    number(std::ssize(list));
    for (const std::string& each : list) text(each);
  }
  void notes(const Metadata& list) {
    number(std::ssize(list));
    for (const auto& [key, value] : list) {
      text(key);
      text(value);
    }
  }

  void operator()(const SynsetRecord& r) {
    for (const std::string* each : {&r.id, &r.domain, &r.gloss, &r.ili}) text(*each);
    number(r.part_of_speech);
    texts(r.examples);
    notes(r.metadata);
  }
  void operator()(const SenseRecord& r) {
    for (const std::string* each :
         {&r.id, &r.lemma, &r.language, &r.written, &r.tag, &r.synset, &r.gloss, &r.definition})
      text(*each);
    number(r.part_of_speech);
    number(r.rank);
    number(r.frequency);
    texts(r.examples);
    texts(r.forms);
    notes(r.metadata);
  }
  void operator()(const RelationRecord& r) {
    for (const std::string* each : {&r.from, &r.relation, &r.to}) text(*each);
    number(static_cast<std::int64_t>(r.from_end));
    number(static_cast<std::int64_t>(r.to_end));
    notes(r.metadata);
  }
  void operator()(const std::string& reason) { text(reason); }

 private:
  std::string& out_;
};

class Unpacker {
 public:
  explicit Unpacker(ByteReader& in) : in_(in) {}

  std::int64_t number() { return static_cast<std::int64_t>(in_.varint("a number")); }
  std::string text() {
    const std::span<const std::byte> bytes = in_.take(number(), "a text");
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  std::vector<std::string> texts() {
    std::vector<std::string> list(static_cast<std::size_t>(number()));
    for (std::string& each : list) each = text();
    return list;
  }
  Metadata notes() {
    Metadata list(static_cast<std::size_t>(number()));
    for (auto& [key, value] : list) {
      key = text();
      value = text();
    }
    return list;
  }

  SynsetRecord synset() {
    SynsetRecord r;
    for (std::string* each : {&r.id, &r.domain, &r.gloss, &r.ili}) *each = text();
    r.part_of_speech = static_cast<char>(number());
    r.examples = texts();
    r.metadata = notes();
    return r;
  }
  SenseRecord sense() {
    SenseRecord r;
    for (std::string* each :
         {&r.id, &r.lemma, &r.language, &r.written, &r.tag, &r.synset, &r.gloss, &r.definition})
      *each = text();
    r.part_of_speech = static_cast<char>(number());
    r.rank = static_cast<std::int32_t>(number());
    r.frequency = number();
    r.examples = texts();
    r.forms = texts();
    r.metadata = notes();
    return r;
  }
  RelationRecord relation() {
    RelationRecord r;
    for (std::string* each : {&r.from, &r.relation, &r.to}) *each = text();
    r.from_end = static_cast<RelationRecord::End>(number());
    r.to_end = static_cast<RelationRecord::End>(number());
    r.metadata = notes();
    return r;
  }

 private:
  ByteReader& in_;
};

}  // namespace

void RecordQueue::push(const RecordOrRefusal& record) {
  scratch_.clear();
  Packer packer(scratch_);
  packer.number(record.line);
  packer.number(static_cast<std::int64_t>(record.what.index()));
  std::visit(packer, record.what);
  const std::int64_t size = std::ssize(scratch_);
  pushed_bytes_ += size;
  if (chunks_.empty() || chunks_.back().room.size() - chunks_.back().used < size) {
    if (!chunks_.empty()) chunks_.back().room.release(0, chunks_.back().used);
    const std::int64_t room = chunks_.empty() ? kFirstChunk : kChunk;
    chunks_.push_back({SpillBuffer(std::max(room, size), kFirstChunk), 0});
  }
  Chunk& chunk = chunks_.back();
  std::memcpy(chunk.room.data() + chunk.used, scratch_.data(), scratch_.size());
  chunk.used += size;
}

RecordOrRefusal RecordQueue::pop() {
  const Chunk& chunk = chunks_.front();
  ByteReader in({chunk.room.data() + read_, static_cast<std::size_t>(chunk.used - read_)},
                "a temporary file");
  Unpacker unpacker(in);
  RecordOrRefusal record;
  record.line = unpacker.number();
  switch (unpacker.number()) {
    case 0:
      record.what = unpacker.synset();
      break;
    case 1:
      record.what = unpacker.sense();
      break;
    case 2:
      record.what = unpacker.relation();
      break;
    default:
      record.what = unpacker.text();
  }
  read_ += in.offset();
  popped_bytes_ += in.offset();
  if (read_ == chunk.used) {
    chunks_.pop_front();
    read_ = 0;
  }
  return record;
}

}  // namespace sememe::importers
