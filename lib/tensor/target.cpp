#include "lib/tensor/target.hpp"

#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "lib/tensor/dense_table.hpp"
#include "lib/tensor/moments.hpp"
#include "lib/tensor/symmetric.hpp"

namespace sememe {

namespace {

/// A value made by the first who asks.
template <class T>
class Lazy {
 public:
  template <class Make>
  const T& get(const Make& make) {
    std::call_once(once_, [&] { value_ = make(); });
    return value_;
  }

 private:
  std::once_flag once_;
  T value_{};
};

class Difference final : public Table {
 public:
  Difference(std::shared_ptr<const Table> table, const Table& predicted)
      : table_(std::move(table)), predicted_(predicted) {}
  std::int64_t tokens() const override { return table_->tokens(); }
  std::int64_t dims() const override { return table_->dims(); }
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override {
    table_->rows(first, count, out);
    std::vector<float> predicted(out.size());
    predicted_.rows(first, count, predicted);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] -= predicted[i];
  }

 private:
  std::shared_ptr<const Table> table_;
  const Table& predicted_;
};

class SomeRows final : public Table {
 public:
  SomeRows(std::shared_ptr<const Table> table, Index every)
      : table_(std::move(table)), every_(every) {}
  std::int64_t tokens() const override { return (table_->tokens() + every_ - 1) / every_; }
  std::int64_t dims() const override { return table_->dims(); }
  void rows(std::int64_t first, std::int64_t count, std::span<float> out) const override {
    const auto width = static_cast<std::size_t>(dims());
    for (std::int64_t i = 0; i < count; ++i)
      table_->row((first + i) * every_, out.subspan(static_cast<std::size_t>(i) * width, width));
  }

 private:
  std::shared_ptr<const Table> table_;
  Index every_;
};

/// A pointer that owns nothing.
std::shared_ptr<const Table> borrowed(const Table& table) {
  return {std::shared_ptr<const Table>(), &table};
}

}  // namespace

struct Target::Metric {
  MatrixD matrix;
  Lazy<MatrixD> root, inverse_root;
};

struct Target::Sums {
  Lazy<VectorD> mean, plain_mean;
  Lazy<double> variance;
};

Target::Target(int threads, std::shared_ptr<const Table> table,
               std::shared_ptr<const Vector> weight, std::shared_ptr<Metric> metric)
    : table_(std::move(table)),
      weight_(std::move(weight)),
      metric_(std::move(metric)),
      sums_(std::make_shared<Sums>()),
      threads_(threads) {}

Target::Target() : Target(std::make_shared<const DenseTable>(Matrix())) {}

Target::Target(const Table& table, Vector weight, MatrixD metric, int threads)
    : Target(borrowed(table), std::move(weight), std::move(metric), threads) {}

Target::Target(std::shared_ptr<const Table> table, Vector weight, MatrixD metric, int threads)
    : Target(threads, std::move(table), std::make_shared<const Vector>(std::move(weight)),
             std::make_shared<Metric>()) {
  if (weight_->size() != 0 && weight_->size() != tokens())
    throw std::invalid_argument("there are " + std::to_string(weight_->size()) +
                                " token weights for " + std::to_string(tokens()) + " tokens");
  if (metric.size() != 0 && (metric.rows() != dims() || metric.cols() != dims()))
    throw std::invalid_argument("the metric is (" + std::to_string(metric.rows()) + ", " +
                                std::to_string(metric.cols()) + ") for " + std::to_string(dims()) +
                                " dims");
  metric_->matrix = std::move(metric);
}

Target Target::with_threads(int threads) const {
  Target other = *this;
  other.threads_ = threads;
  return other;
}

Target Target::less(const Table& predicted) const {
  return {threads_, std::make_shared<const Difference>(table_, predicted), weight_, metric_};
}

Target Target::every(Index n) const {
  const auto some = std::make_shared<const SomeRows>(table_, n);
  Vector weight(weight_->size() == 0 ? 0 : some->tokens());
  for (Index i = 0; i < weight.size(); ++i) weight[i] = (*weight_)[i * n];
  return {threads_, some, std::make_shared<const Vector>(std::move(weight)), metric_};
}

Vector Target::full_weight() const {
  return weight_->size() == 0 ? Vector(Vector::Ones(tokens())) : *weight_;
}

double Target::weight_sum() const {
  return weight_->size() == 0 ? static_cast<double>(tokens()) : weight_->cast<double>().sum();
}

const MatrixD& Target::metric() const { return metric_->matrix; }

const MatrixD& Target::root() const {
  return metric_->root.get([&] { return symmetric_power(metric(), 0.5); });
}

const MatrixD& Target::inverse_root() const {
  return metric_->inverse_root.get([&] { return symmetric_power(metric(), -0.5); });
}

MatrixD Target::full_root() const {
  return has_metric() ? root() : MatrixD(MatrixD::Identity(dims(), dims()));
}

const VectorD& Target::mean() const {
  return sums_->mean.get([&] { return column_means(*table_, *weight_, threads_); });
}

const VectorD& Target::plain_mean() const {
  if (weight_->size() == 0) return mean();
  return sums_->plain_mean.get([&] { return column_means(*table_, {}, threads_); });
}

MatrixD Target::moment() const { return second_moment(*table_, *weight_, mean(), threads_); }

double Target::variance() const {
  return sums_->variance.get(
      [&] { return has_metric() ? metric().cwiseProduct(moment()).sum() : moment().trace(); });
}

}  // namespace sememe
