#include "lib/entangle/train.hpp"

#include <doctest/doctest.h>
#include <unistd.h>
#include <unsupported/Eigen/KroneckerProduct>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "lib/base/error.hpp"
#include "lib/base/file.hpp"
#include "lib/entangle/alternate.hpp"
#include "lib/entangle/atom_choice.hpp"
#include "lib/entangle/atom_columns.hpp"
#include "lib/tensor/dense_table.hpp"
#include "tests/lib/entangle/samples.hpp"
#include "tests/oracle.hpp"

using namespace sememe;

namespace {

/// A model of random values over random rows.
EntangledModel sample_model(Index tokens, Index order, Index rank, Index dims, Index free,
                            std::uint64_t seed) {
  std::vector<AtomRows> slots;
  for (Index j = 0; j < order; ++j) {
    const Composition composition =
        samples::composition(tokens, 5 + j, 1, seed + static_cast<std::uint64_t>(j));
    slots.push_back(with_blank(atom_rows(composition, frequent_atoms(composition, 1), 0, 1)));
  }
  EntangledModel model(std::move(slots),
                       order == 1 ? std::vector<Index>{4} : leaf_sizes(dims, order), rank, dims,
                       free);
  Random random(seed);
  for (Index i = 0; i < model.values.size(); ++i) model.values[i] = random.normal();
  return model;
}

std::vector<Index> all_tokens(Index count) {
  std::vector<Index> tokens(static_cast<std::size_t>(count));
  std::iota(tokens.begin(), tokens.end(), Index{0});
  return tokens;
}

MatrixD rows_of(const EntangledModel& model) {
  MatrixD rows(model.tokens(), model.dims());
  EntangledModel::Scratch scratch;
  for (Index t = 0; t < model.tokens(); ++t)
    model.row(t, scratch, {rows.row(t).data(), static_cast<std::size_t>(model.dims())});
  return rows;
}

std::filesystem::path temporary(const char* name) {
  const auto path = std::filesystem::temp_directory_path() / (name + std::to_string(::getpid()));
  std::filesystem::remove(path);
  return path;
}

}  // namespace

TEST_SUITE("lib/entangle/entangled_model") {
  TEST_CASE("rows are the sum of dense Kronecker products, cut to the table's width") {
    for (Index order = 1; order <= 4; ++order) {
      CAPTURE(order);
      const Index dims = 11;
      const EntangledModel model = sample_model(20, order, 2, dims, 3, 5);
      const MatrixD rows = rows_of(model);
      for (Index t = 0; t < 20; ++t) {
        Eigen::VectorXd want = model.values.segment(model.bias_at(), dims);
        for (Index k = 0; k < 3; ++k)
          want += model.values[model.free_at() + 3 * t + k] *
                  model.values.segment(model.free_map_at() + k * dims, dims);
        std::vector<Eigen::VectorXd> g;
        for (Index j = 0; j < order; ++j) {
          const auto s = static_cast<std::size_t>(j);
          const AtomRows& slot = model.slots()[s];
          Eigen::VectorXd sum = Eigen::VectorXd::Zero(2 * model.leaf()[s]);
          for (auto e = static_cast<std::size_t>(slot.row_start[static_cast<std::size_t>(t)]);
               e < static_cast<std::size_t>(slot.row_start[static_cast<std::size_t>(t) + 1]); ++e)
            sum +=
                slot.weight[e] / 32.0 *
                model.values.segment(model.leaves_at(j) + slot.column[e] * sum.size(), sum.size());
          g.push_back(sum);
        }
        if (order == 1) {
          for (Index i = 0; i < g[0].size(); ++i)
            want += g[0][i] * model.values.segment(model.map_at() + i * dims, dims);
        } else {
          for (Index r = 0; r < 2; ++r) {
            Eigen::MatrixXd product = Eigen::MatrixXd::Ones(1, 1);
            for (std::size_t j = 0; j < g.size(); ++j)
              product = Eigen::MatrixXd(kroneckerProduct(
                  product, Eigen::MatrixXd(g[j].segment(r * model.leaf()[j], model.leaf()[j]))));
            want += product.topRows(dims);
          }
        }
        CHECK((rows.row(t).transpose() - want).norm() < 1e-12 * want.norm());
      }
    }
  }

  TEST_CASE("leaf sizes cover the width with little to spare") {
    CHECK(leaf_sizes(128, 2) == std::vector<Index>{12, 11});
    CHECK(leaf_sizes(256, 2) == std::vector<Index>{16, 16});
    CHECK(leaf_sizes(768, 3) == std::vector<Index>{10, 9, 9});
    CHECK(leaf_sizes(1, 4) == std::vector<Index>{1, 1, 1, 1});
    for (Index dims = 1; dims < 300; ++dims)
      for (Index order = 1; order <= 4; ++order) {
        Index product = 1;
        for (const Index size : leaf_sizes(dims, order)) product *= size;
        CHECK(product >= dims);
      }
  }
}

TEST_SUITE("lib/entangle/train") {
  TEST_CASE("gradients equal finite differences for every loss and order") {
    const Index tokens = 12;
    const Index dims = 7;
    const DenseTable target(samples::normal_matrix(tokens, dims, 21));
    const Vector weight =
        samples::normal_matrix(tokens, 1, 22).cwiseAbs() + Matrix::Constant(tokens, 1, 0.2F);
    const MatrixD a = samples::normal_matrix(dims, dims, 23).cast<double>();
    const MatrixD metric = a.transpose() * a + MatrixD::Identity(dims, dims);
    std::vector<Objective> objectives(5);
    objectives[1] = {.squares = 0, .cosine = 1};
    objectives[2] = {.squares = 0, .absolute = 1, .power = 0.7};
    objectives[3] = direction_objective();
    objectives[4] = {.squares = 0.7, .cosine = 0.4, .absolute = 0.3, .power = 1.3, .ridge = 0.5};
    for (Index order = 1; order <= 4; ++order)
      for (std::size_t o = 0; o < objectives.size(); ++o)
        for (const bool measured : {false, true}) {
          CAPTURE(order);
          CAPTURE(o);
          CAPTURE(measured);
          EntangledModel model = sample_model(tokens, order, 2, dims, 2, 31);
          const Target weighed(target, weight, measured ? metric : MatrixD(), 2);
          const auto loss = [&](VectorD* gradient) {
            return loss_of(model, weighed, objectives[o], objectives[o].power, all_tokens(tokens),
                           gradient);
          };
          VectorD gradient;
          loss(&gradient);
          double worst = 0;
          for (Index i = 0; i < model.values.size(); i += 3) {
            const double kept = model.values[i];
            const double h = 1e-5;
            model.values[i] = kept + h;
            const double up = loss(nullptr);
            model.values[i] = kept - h;
            const double down = loss(nullptr);
            model.values[i] = kept;
            const double slope = (up - down) / (2 * h);
            worst = std::max(worst, std::abs(slope - gradient[i]) /
                                        (std::abs(slope) + 1e-2 * gradient.norm() + 1e-9));
          }
          CHECK(worst < 1e-5);
        }
  }

  TEST_CASE("each slot of a product is solved as dense least squares would") {
    const Index tokens = 40;
    const Index dims = 6;
    EntangledModel model = sample_model(tokens, 2, 1, dims, 0, 41);
    const DenseTable target(samples::normal_matrix(tokens, dims, 42));
    const Vector weight =
        samples::normal_matrix(tokens, 1, 43).cwiseAbs() + Matrix::Constant(tokens, 1, 0.2F);
    // One round with one slot: compare slot 1's solution, solved last, slot 0 as it then is.
    alternate(model, Target(target, weight, {}, 2), {.ridge = 0.4, .rounds = 1, .steps = 400});
    const Index width = model.leaf()[1];
    const Index size = model.slots()[1].atoms * width;
    EntangledModel probe = model;
    Eigen::MatrixXd design(tokens * dims + size, size);
    Eigen::VectorXd right = Eigen::VectorXd::Zero(tokens * dims + size);
    probe.values.segment(model.leaves_at(1), size).setZero();
    const MatrixD base = rows_of(probe);
    for (Index i = 0; i < size; ++i) {
      probe.values[model.leaves_at(1) + i] = 1;
      const MatrixD rows = rows_of(probe) - base;
      probe.values[model.leaves_at(1) + i] = 0;
      for (Index t = 0; t < tokens; ++t)
        design.col(i).segment(t * dims, dims) =
            std::sqrt(static_cast<double>(weight[t])) * rows.row(t).transpose();
    }
    design.bottomRows(size) = std::sqrt(0.4) * Eigen::MatrixXd::Identity(size, size);
    for (Index t = 0; t < tokens; ++t)
      right.segment(t * dims, dims) =
          std::sqrt(static_cast<double>(weight[t])) *
          (target.matrix().row(t).cast<double>() - base.row(t)).transpose();
    const Eigen::VectorXd want = testing::least_squares(design, right);
    CHECK((model.values.segment(model.leaves_at(1), size) - want).norm() < 1e-3 * want.norm());
  }

  TEST_CASE("alternating least squares never gets worse and finds a planted product") {
    EntangledModel planted = sample_model(80, 2, 1, 6, 0, 51);
    const DenseTable target(rows_of(planted).cast<float>());
    EntangledModel model = planted;
    Random random(52);
    for (Index i = 0; i < model.free_at(); ++i) model.values[i] = random.normal();
    const std::vector<double> errors =
        alternate(model, Target(target), {.ridge = 1e-6, .rounds = 12, .steps = 60});
    for (std::size_t i = 1; i < errors.size(); ++i) CHECK(errors[i] <= errors[i - 1] + 1e-6);
    CHECK(errors.back() < 0.02);
  }

  TEST_CASE("training lowers the loss, and any number of threads gives the same bits") {
    const DenseTable target(samples::normal_matrix(90, 6, 61));
    VectorD first;
    for (const int threads : {1, 2, 4}) {
      EntangledModel model = sample_model(90, 2, 2, 6, 1, 62);
      TrainOptions options;
      options.epochs = 12;
      options.batch = 32;
      const TrainReport report = train(model, Target(target, {}, {}, threads), options);
      CHECK(report.losses.back() < 0.7 * report.losses.front());
      if (threads == 1)
        first = model.values;
      else
        CHECK(model.values == first);
    }
  }

  TEST_CASE("a training stopped anywhere goes on from its checkpoint to the same bits") {
    const DenseTable target(samples::normal_matrix(60, 6, 71));
    TrainOptions options;
    options.epochs = 8;
    options.batch = 16;
    options.held_out = 0.2;
    options.patience = 3;
    EntangledModel whole = sample_model(60, 2, 1, 6, 1, 72);
    const TrainReport wanted = train(whole, Target(target), options);
    for (const int stop : {0, 1, 4, 6}) {
      CAPTURE(stop);
      options.checkpoint = temporary("sememe_train_test");
      options.progress = [&](std::string_view, std::int64_t done, std::int64_t) {
        if (done == stop) throw Interrupted(2);
      };
      EntangledModel model = sample_model(60, 2, 1, 6, 1, 72);
      CHECK_THROWS_AS(train(model, Target(target, {}, {}, 1 + stop % 3), options), Interrupted);
      options.progress = {};
      EntangledModel again = sample_model(60, 2, 1, 6, 1, 72);
      const TrainReport report = train(again, Target(target), options);
      CHECK(report.resumed == (stop > 0));
      CHECK(report.losses == wanted.losses);
      CHECK(again.values == whole.values);
      std::filesystem::remove(options.checkpoint);
    }
  }

  TEST_CASE("a checkpoint that is damaged or of another training is refused") {
    const DenseTable target(samples::normal_matrix(30, 6, 81));
    TrainOptions options;
    options.epochs = 1;
    options.checkpoint = temporary("sememe_train_test");
    EntangledModel model = sample_model(30, 2, 1, 6, 0, 82);
    train(model, Target(target), options);
    TrainOptions other = options;
    other.learning_rate = 0.5;
    EntangledModel fresh = sample_model(30, 2, 1, 6, 0, 82);
    CHECK_THROWS_AS(train(fresh, Target(target), other), FormatError);
    std::string bytes = read_file(options.checkpoint);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    std::ofstream(options.checkpoint, std::ios::binary) << bytes;
    CHECK_THROWS_AS(train(fresh, Target(target), options), FormatError);
    std::ofstream(options.checkpoint, std::ios::binary) << bytes.substr(0, 20);
    CHECK_THROWS_AS(train(fresh, Target(target), options), FormatError);
    std::filesystem::remove(options.checkpoint);
  }

  TEST_CASE("options out of range are refused by name") {
    TrainOptions options;
    options.batch = 0;
    CHECK_THROWS_WITH_AS(options.check(), "batch is 0.000000; expected 1 or more",
                         std::invalid_argument);
    options = {};
    options.objective = {.squares = 0};
    CHECK_THROWS_WITH_AS(options.check(), "squares, cosine and absolute are all 0",
                         std::invalid_argument);
    options = {};
    options.objective.end_power = 0;
    CHECK_THROWS_AS(options.check(), std::invalid_argument);
  }
}
