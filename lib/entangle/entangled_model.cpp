#include "lib/entangle/entangled_model.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>
#include <string>

namespace sememe {

EntangledModel::EntangledModel(std::vector<AtomRows> slots, std::vector<Index> leaf, Index rank,
                               Index dims, Index free)
    : slots_(std::move(slots)), leaf_(std::move(leaf)), rank_(rank), dims_(dims), free_(free) {
  if (slots_.empty() || static_cast<Index>(slots_.size()) > kMaxOrder ||
      leaf_.size() != slots_.size())
    throw std::invalid_argument("there are " + std::to_string(slots_.size()) + " slots and " +
                                std::to_string(leaf_.size()) +
                                " leaf sizes; expected 1 to 4 of each");
  if (rank < 1 || dims < 1 || free < 0)
    throw std::invalid_argument("rank " + std::to_string(rank) + ", dims " + std::to_string(dims) +
                                " and free " + std::to_string(free) + " make no table");
  Index covered = 1;
  Index at = 0;
  for (std::size_t j = 0; j < slots_.size(); ++j) {
    if (leaf_[j] < 1) throw std::invalid_argument("leaf " + std::to_string(j) + " is below 1");
    if (slots_[j].tokens() != slots_[0].tokens())
      throw std::invalid_argument("slot " + std::to_string(j) + " has " +
                                  std::to_string(slots_[j].tokens()) + " tokens, slot 0 " +
                                  std::to_string(slots_[0].tokens()));
    covered *= leaf_[j];
    leaves_at_.push_back(at);
    at += slots_[j].atoms * rank * leaf_[j];
  }
  if (slots_.size() > 1 && covered < dims)
    throw std::invalid_argument("leaves make " + std::to_string(covered) + " dims, fewer than " +
                                std::to_string(dims));
  free_at_ = at;
  map_at_ = free_at_ + tokens() * free;
  bias_at_ = map_at_ + (order() == 1 ? rank * leaf_[0] * dims : 0);
  free_map_at_ = bias_at_ + dims;
  values = VectorD::Zero(free_map_at_ + free * dims);
}

void EntangledModel::row(Index token, Scratch& scratch, std::span<double> out, Part part) const {
  assert(static_cast<Index>(out.size()) == dims_);
  for (std::size_t j = 0; j < slots_.size(); ++j) {
    const AtomRows& rows = slots_[j];
    const Index width = rank_ * leaf_[j];
    scratch.g[j].assign(static_cast<std::size_t>(width), 0.0);
    for (std::int64_t e = rows.row_start[static_cast<std::size_t>(token)];
         e < rows.row_start[static_cast<std::size_t>(token) + 1]; ++e) {
      const auto entry = static_cast<std::size_t>(e);
      const double c = rows.weight[entry] * static_cast<double>(AtomRows::kWeightStep);
      const double* from = values.data() + leaves_at_[j] + rows.column[entry] * width;
      for (Index i = 0; i < width; ++i) scratch.g[j][static_cast<std::size_t>(i)] += c * from[i];
    }
  }
  Eigen::Map<Eigen::RowVectorXd> row(out.data(), dims_);
  if (part == Part::all)
    row = values.segment(bias_at_, dims_).transpose();
  else
    row.setZero();
  if (order() == 1) {
    const Index width = rank_ * leaf_[0];
    const Eigen::Map<const MatrixD> map(values.data() + map_at_, width, dims_);
    for (Index i = 0; i < width; ++i) row += scratch.g[0][static_cast<std::size_t>(i)] * map.row(i);
  } else {
    scratch.prefix.resize(static_cast<std::size_t>(rank_));
    for (Index r = 0; r < rank_; ++r) {
      std::array<const double*, kMaxOrder> g{};
      for (std::size_t j = 0; j < slots_.size(); ++j) g[j] = scratch.g[j].data() + r * leaf_[j];
      add_product(g, leaf_, out, scratch.prefix[static_cast<std::size_t>(r)]);
    }
  }
  if (part == Part::all)
    for (Index k = 0; k < free_; ++k)
      row += values[free_at_ + token * free_ + k] *
             values.segment(free_map_at_ + k * dims_, dims_).transpose();
}

void EntangledModel::gradient(Index token, Scratch& scratch, std::span<const double> d_out,
                              std::span<double> shared, std::span<double> d_free) const {
  assert(static_cast<Index>(shared.size()) == values.size() - map_at_);
  const Eigen::Map<const Eigen::RowVectorXd> d_row(d_out.data(), dims_);
  for (std::size_t j = 0; j < slots_.size(); ++j)
    scratch.d_g[j].assign(static_cast<std::size_t>(rank_ * leaf_[j]), 0.0);
  Eigen::Map<Eigen::RowVectorXd>(shared.data() + (bias_at_ - map_at_), dims_) += d_row;
  if (order() == 1) {
    const Index width = rank_ * leaf_[0];
    const Eigen::Map<const MatrixD> map(values.data() + map_at_, width, dims_);
    Eigen::Map<MatrixD> d_map(shared.data(), width, dims_);
    for (Index i = 0; i < width; ++i) {
      scratch.d_g[0][static_cast<std::size_t>(i)] = map.row(i).dot(d_row);
      d_map.row(i) += scratch.g[0][static_cast<std::size_t>(i)] * d_row;
    }
  } else {
    for (Index r = 0; r < rank_; ++r) {
      std::array<const double*, kMaxOrder> g{};
      std::array<double*, kMaxOrder> d_g{};
      for (std::size_t j = 0; j < slots_.size(); ++j) {
        g[j] = scratch.g[j].data() + r * leaf_[j];
        d_g[j] = scratch.d_g[j].data() + r * leaf_[j];
      }
      add_product_gradient(g, leaf_, d_out, d_g, scratch.prefix[static_cast<std::size_t>(r)],
                           scratch.d_prefix);
    }
  }
  for (Index k = 0; k < free_; ++k) {
    const Eigen::Map<const Eigen::RowVectorXd> map(values.data() + free_map_at_ + k * dims_, dims_);
    d_free[static_cast<std::size_t>(k)] = map.dot(d_row);
    Eigen::Map<Eigen::RowVectorXd>(shared.data() + (free_map_at_ - map_at_) + k * dims_, dims_) +=
        values[free_at_ + token * free_ + k] * d_row;
  }
}

void EntangledModel::scatter(Index token, Index slot, std::span<const double> d_g,
                             VectorD& gradient) const {
  const AtomRows& rows = slots_[static_cast<std::size_t>(slot)];
  const Index width = rank_ * leaf_[static_cast<std::size_t>(slot)];
  for (std::int64_t e = rows.row_start[static_cast<std::size_t>(token)];
       e < rows.row_start[static_cast<std::size_t>(token) + 1]; ++e) {
    const auto entry = static_cast<std::size_t>(e);
    const double c = rows.weight[entry] * static_cast<double>(AtomRows::kWeightStep);
    double* to = gradient.data() + leaves_at(slot) + rows.column[entry] * width;
    for (Index i = 0; i < width; ++i) to[i] += c * d_g[static_cast<std::size_t>(i)];
  }
}

std::vector<Index> leaf_sizes(Index dims, Index order) {
  assert(dims >= 1 && order >= 1);
  std::vector<Index> leaf;
  Index left = dims;
  for (Index j = order; j > 0; --j) {
    // The smallest size whose j-th power covers what is left.
    Index size = 1;
    const auto power = [j](Index base) {
      Index product = 1;
      for (Index i = 0; i < j; ++i) product *= base;
      return product;
    };
    while (power(size) < left) ++size;
    leaf.push_back(size);
    left = (left + size - 1) / size;
  }
  return leaf;
}

AtomRows with_blank(AtomRows rows) {
  AtomRows result;
  result.atoms = rows.atoms + 1;
  for (Index t = 0; t < rows.tokens(); ++t) {
    const auto first = rows.row_start[static_cast<std::size_t>(t)];
    const auto last = rows.row_start[static_cast<std::size_t>(t) + 1];
    result.column.insert(result.column.end(), rows.column.begin() + first,
                         rows.column.begin() + last);
    result.weight.insert(result.weight.end(), rows.weight.begin() + first,
                         rows.weight.begin() + last);
    if (first == last) {
      result.column.push_back(static_cast<std::int32_t>(rows.atoms));
      result.weight.push_back(static_cast<std::uint8_t>(1 / AtomRows::kWeightStep));
    }
    result.row_start.push_back(static_cast<std::int64_t>(result.column.size()));
  }
  return result;
}

}  // namespace sememe
