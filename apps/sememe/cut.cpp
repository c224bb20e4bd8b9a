#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>
#include <utility>

#include "apps/sememe/context.hpp"
#include "apps/sememe/fit_inputs.hpp"
#include "apps/sememe/table_cut.hpp"
#include "apps/sememe/target.hpp"
#include "apps/sememe/verbs.hpp"
#include "lib/entangle/fit_file.hpp"
#include "lib/entangle/train_priors.hpp"
#include "lib/formats/safetensors.hpp"

namespace sememe::apps {

void add_cut(CLI::App& app, Context& context) {
  struct Options {
    std::filesystem::path fit;
    TableCut cut;
    PriorOptions training;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* const verb = app.add_subcommand("cut", "Cut a table of any size from a fit");
  verb->add_option("fit", options->fit, "What `sememe fit` wrote")->required();
  add_table_cut(*verb, options->cut);
  add_prior_options(*verb, options->training);
  verb->add_option("--threads", options->training.threads,
                   "Threads; 0: all. Never changes the result")
      ->check(CLI::NonNegativeNumber);
  verb->footer(
      "Examples:\n"
      "  sememe cut model.fit --ratio 40 --out table.safetensors\n"
      "  sememe cut model.fit --bytes 1000000 --out table.safetensors --json\n\n"
      "The priors tried are those the fit holds. Where --order, --rank, --leaf, --max-atoms or\n"
      "--free ask for others, those are trained.");
  verb->callback([options, &context] {
    require_different(options->fit, options->cut.out);
    const formats::SafetensorsFile file(options->fit);
    Fit fit = fit_from_bundle(file.bundle(), true);
    if (!fit.composition && options->training.prior == PriorChoice::automatic)
      options->training.prior = PriorChoice::none;
    options->training.progress = context.progress();
    if (options->cut.residual == Residual::packed && options->training.has_shape())
      fit.priors = train_priors(fit, options->training);
    write_table(std::move(fit), options->cut, options->training, context);
  });
}

}  // namespace sememe::apps
