#pragma once

#include <memory>

#include "lib/base/table.hpp"
#include "lib/tensor/matrix.hpp"

namespace sememe {

/// A table to be rebuilt, and how errors of what stands for it count:
///
///   sum_t w_t |x_t - x^_t|^2_M ,   |e|^2_M = e' M e
///
/// What is needed of it again and again (roots of the metric, means, variance) is computed when it
/// is first asked for, and kept. Copies share all of it, so they are cheap; less() and every()
/// share what is the metric's: M and each of its roots take 8 dims^2 bytes, 512 MB at 8,192 dims.
/// Immutable; safe to share between threads.
class Target final : public Table {
 public:
  Target();  ///< of no tokens
  /// @param weight  (tokens), > 0: w; empty: all 1
  /// @param metric  (dims, dims), symmetric positive definite: M; empty: the identity
  /// @param threads  0: all; never changes a bit of anything made for the target
  /// @throws std::invalid_argument if they do not fit the table
  explicit Target(std::shared_ptr<const Table> table, Vector weight = {}, MatrixD metric = {},
                  int threads = 0);
  /// The same of a table that is borrowed: it must outlive the target and what is made of it.
  explicit Target(const Table& table, Vector weight = {}, MatrixD metric = {}, int threads = 0);

  Target with_threads(int threads) const;
  /// The rows minus those of `predicted`, which is borrowed; same weights and metric.
  Target less(const Table& predicted) const;
  /// Tokens 0, n, 2 n ... with their weights; same metric.
  Target every(Index n) const;

  std::int64_t tokens() const override { return table_->tokens(); }
  std::int64_t dims() const override { return table_->dims(); }
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override {
    table_->rows(first, count, out);
  }
  int threads() const { return threads_; }

  const Vector& weight() const { return *weight_; }  ///< (tokens), or empty
  double weight(Index token) const {
    return weight_->size() == 0 ? 1.0 : static_cast<double>((*weight_)[token]);
  }
  Vector full_weight() const;  ///< (tokens), ones if weight() is empty
  double weight_sum() const;

  const MatrixD& metric() const;  ///< (dims, dims), or empty
  bool has_metric() const { return metric().size() != 0; }
  const MatrixD& root() const;          ///< M^1/2. Time dims^3. @pre has_metric()
  const MatrixD& inverse_root() const;  ///< M^-1/2. Time dims^3. @pre has_metric()
  MatrixD full_root() const;            ///< M^1/2, the identity if metric() is empty

  const VectorD& mean() const;        ///< (dims), of the rows by weight
  const VectorD& plain_mean() const;  ///< (dims), of the rows, each counted once
  /// sum_t w_t (x_t - mean)(x_t - mean)' / sum_t w_t, (dims, dims). Not kept. Time tokens * dims^2.
  MatrixD moment() const;
  double variance() const;  ///< sum_t w_t |x_t - mean|^2_M / sum_t w_t. Time as moment()

 private:
  struct Metric;
  struct Sums;
  Target(int threads, std::shared_ptr<const Table> table, std::shared_ptr<const Vector> weight,
         std::shared_ptr<Metric> metric);

  std::shared_ptr<const Table> table_;
  std::shared_ptr<const Vector> weight_;
  std::shared_ptr<Metric> metric_;
  std::shared_ptr<Sums> sums_;
  int threads_ = 0;
};

}  // namespace sememe
