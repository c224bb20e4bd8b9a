#include "lib/entangle/checkpoint.hpp"

#include <cstring>
#include <string>

#include "lib/base/bytes.hpp"
#include "lib/base/error.hpp"
#include "lib/base/file.hpp"

namespace sememe {

namespace {

constexpr std::string_view kMagic = "SMTRAIN1";
constexpr std::size_t kChecksumBytes = 39;  // "xxh128:" and 32 digits

void put(ByteWriter& out, const VectorD& values) {
  out.value<std::int64_t>(values.size());
  out.append(std::as_bytes(
      std::span<const double>(values.data(), static_cast<std::size_t>(values.size()))));
}

VectorD take(ByteReader& in, Index expected) {
  const auto count = in.value<std::int64_t>("a vector's length");
  if (count != expected)
    in.fail("the checkpoint has " + std::to_string(count) + " values; this training has " +
            std::to_string(expected));
  const std::span<const std::byte> bytes = in.take(count * 8, "a vector");
  VectorD values(count);
  if (count > 0) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const TrainState& state) {
  ByteWriter out;
  out.append(as_bytes(kMagic));
  out.value(state.fingerprint);
  out.value(state.step);
  out.value<std::int64_t>(state.best_epoch);
  out.value<std::int64_t>(static_cast<std::int64_t>(state.losses.size()));
  out.append(std::as_bytes(std::span<const double>(state.losses)));
  for (const VectorD* values : {&state.values, &state.mean, &state.square, &state.best_values})
    put(out, *values);
  OutputFile file(path);
  file.write(out.bytes());
  file.write(checksum(out.bytes()));
  file.commit();
}

TrainState read_checkpoint(const std::filesystem::path& path, std::uint64_t fingerprint,
                           Index values) {
  const std::string text = read_file(path);
  if (text.size() < kMagic.size() + kChecksumBytes || !text.starts_with(kMagic))
    throw FormatError(path, 0, "not a checkpoint of training; remove it to start anew");
  const std::size_t body = text.size() - kChecksumBytes;
  const std::span<const std::byte> bytes = as_bytes(std::string_view(text).substr(0, body));
  if (checksum(bytes) != text.substr(body))
    throw FormatError(path, static_cast<std::int64_t>(body),
                      "the checkpoint is damaged (its checksum differs); remove it to start anew");
  ByteReader in(bytes.subspan(kMagic.size()), path, static_cast<std::int64_t>(kMagic.size()));
  TrainState state;
  state.fingerprint = in.value<std::uint64_t>("fingerprint");
  if (state.fingerprint != fingerprint)
    in.fail(
        "the checkpoint is of another training (other table, composition or options); remove it "
        "or name another file");
  state.step = in.value<std::int64_t>("step");
  state.best_epoch = static_cast<int>(in.value<std::int64_t>("best epoch"));
  const auto epochs = in.value<std::int64_t>("epochs");
  if (epochs < 0 || epochs > in.remaining() / 8 || state.best_epoch >= epochs)
    in.fail("the checkpoint counts " + std::to_string(epochs) + " epochs");
  for (std::int64_t i = 0; i < epochs; ++i) state.losses.push_back(in.value<double>("loss"));
  for (VectorD* vector : {&state.values, &state.mean, &state.square, &state.best_values})
    *vector = take(in, values);
  return state;
}

}  // namespace sememe
