#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <utility>

#include "lib/base/bytes.hpp"
#include "lib/base/file.hpp"
#include "lib/formats/safetensors.hpp"

namespace sememe::formats {
namespace {

constexpr std::int64_t kBundleAlignment = 8;

std::string quoted(const std::string& text) {
  try {
    return nlohmann::json(text).dump();
  } catch (const nlohmann::json::type_error&) {
    throw std::invalid_argument("a safetensors name or text is not UTF-8: " + text.substr(0, 40));
  }
}

std::int64_t size_of(Dtype dtype, const std::vector<std::int64_t>& shape, const std::string& name) {
  const auto elements = checked_product(shape);
  const auto size = elements ? checked_product(*elements, dtype_bytes(dtype)) : std::nullopt;
  if (!size) throw std::invalid_argument("tensor '" + name + "': its shape does not fit 63 bits");
  return *size;
}

void put_in_file_order(std::vector<const Tensor*>& tensors) {
  std::sort(tensors.begin(), tensors.end(), [](const Tensor* a, const Tensor* b) {
    return std::pair(-dtype_bytes(a->dtype), std::string_view(a->name)) <
           std::pair(-dtype_bytes(b->dtype), std::string_view(b->name));
  });
}

/// The tensors as they lie in the file: the widest element type first, so that all are aligned.
std::vector<const Tensor*> in_file_order(const TensorBundle& bundle) {
  std::vector<const Tensor*> order;
  for (const Tensor& tensor : bundle.tensors) {
    if (size_of(tensor.dtype, tensor.shape, tensor.name) !=
        static_cast<std::int64_t>(tensor.bytes.size()))
      throw std::invalid_argument("tensor '" + tensor.name +
                                  "': " + std::to_string(tensor.bytes.size()) +
                                  " bytes do not fit its shape");
    order.push_back(&tensor);
  }
  put_in_file_order(order);
  return order;
}

std::string header_of(const std::vector<const Tensor*>& order,
                      const std::map<std::string, std::string>& metadata) {
  std::vector<TensorShape> shapes;
  for (const Tensor* tensor : order) shapes.push_back({tensor->name, tensor->dtype, tensor->shape});
  return safetensors_header(shapes, metadata, kBundleAlignment);
}

}  // namespace

std::string safetensors_header(std::span<const TensorShape> tensors,
                               const std::map<std::string, std::string>& metadata,
                               std::int64_t alignment) {
  std::string json = "{";
  const auto separate = [&json] {
    if (json.size() > 1) json += ',';
  };
  if (!metadata.empty()) {
    json += "\"__metadata__\":{";
    std::string_view comma;
    for (const auto& entry : metadata) {
      json.append(comma).append(quoted(entry.first)).append(":").append(quoted(entry.second));
      comma = ",";
    }
    json += '}';
  }
  std::set<std::string_view> names;
  std::int64_t offset = 0;
  for (const TensorShape& tensor : tensors) {
    if (!names.insert(tensor.name).second || tensor.name == "__metadata__")
      throw std::invalid_argument("two tensors named '" + tensor.name + "'");
    const std::int64_t size = size_of(tensor.dtype, tensor.shape, tensor.name);
    separate();
    json += quoted(tensor.name) + R"(:{"dtype":")" + std::string(dtype_name(tensor.dtype)) +
            R"(","shape":[)";
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
      if (i > 0) json += ',';
      json += std::to_string(tensor.shape[i]);
    }
    json += R"(],"data_offsets":[)" + std::to_string(offset) + ',' + std::to_string(offset + size) +
            "]}";
    offset += size;
  }
  json += '}';
  const auto step = static_cast<std::size_t>(alignment);
  json.append((step - (json.size() + 8) % step) % step, ' ');
  ByteWriter length;
  length.value(static_cast<std::uint64_t>(json.size()));
  return std::string(as_text(length.bytes())) + json;
}

void write_safetensors(const std::filesystem::path& path, const TensorBundle& bundle) {
  const std::vector<const Tensor*> order = in_file_order(bundle);
  const std::string header = header_of(order, bundle.metadata);
  OutputFile out(path);
  out.write(header);
  for (const Tensor* tensor : order) out.write(tensor->bytes);
  out.commit();
}

void write_safetensors(const std::filesystem::path& path, const TensorBundle& bundle,
                       const std::string& name, const Table& rows) {
  constexpr std::int64_t kTileFloats = std::int64_t{1} << 21;
  const Tensor table{name, Dtype::f32, {rows.tokens(), rows.dims()}, {}};
  std::vector<const Tensor*> order = in_file_order(bundle);
  order.push_back(&table);
  put_in_file_order(order);
  const std::string header = header_of(order, bundle.metadata);
  OutputFile out(path);
  out.write(header);
  const std::int64_t step =
      std::max<std::int64_t>(1, kTileFloats / std::max<std::int64_t>(1, rows.dims()));
  std::vector<float> tile;
  for (const Tensor* tensor : order) {
    out.write(tensor->bytes);
    for (std::int64_t first = 0; tensor == &table && first < rows.tokens(); first += step) {
      const std::int64_t count = std::min(step, rows.tokens() - first);
      tile.resize(static_cast<std::size_t>(count * rows.dims()));
      rows.rows(first, count, tile);
      out.write(std::as_bytes(std::span<const float>(tile)));
    }
  }
  out.commit();
}

std::int64_t safetensors_bytes(const TensorBundle& bundle) {
  return safetensors_bytes_with(bundle, {});
}

std::int64_t safetensors_bytes_with(const TensorBundle& bundle,
                                    const std::map<std::string, std::string>& more) {
  const std::vector<const Tensor*> order = in_file_order(bundle);
  std::map<std::string, std::string> metadata = bundle.metadata;
  metadata.insert(more.begin(), more.end());
  auto size = static_cast<std::int64_t>(header_of(order, metadata).size());
  for (const Tensor* tensor : order) size += static_cast<std::int64_t>(tensor->bytes.size());
  return size;
}

}  // namespace sememe::formats
