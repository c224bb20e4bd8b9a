#include <CLI/CLI.hpp>
#include <memory>

#include "apps/sememe/context.hpp"
#include "apps/sememe/fit_inputs.hpp"
#include "apps/sememe/table_cut.hpp"
#include "apps/sememe/verbs.hpp"

namespace sememe::apps {

void add_train(CLI::App& app, Context& context) {
  struct Options {
    FitInputs inputs;
    TableCut cut;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* const verb =
      app.add_subcommand("train", "Train a compact table that stands for a dense one");
  add_fit_inputs(*verb, options->inputs);
  add_table_cut(*verb, options->cut);
  verb->footer(
      "Examples:\n"
      "  sememe train --table model.safetensors --composition tokens.sememes --ratio 40 \\\n"
      "    --out table.safetensors\n"
      "  sememe train --table model.safetensors:lm_head --composition tokens.sememes \\\n"
      "    --prior product --order 3 --residual none --parameter-ratio 20 --out see.safetensors");
  verb->callback([options, &context] {
    const Fit fit = make_fit(options->inputs, options->cut.out,
                             options->cut.residual == Residual::packed, context);
    write_table(fit, options->cut, options->inputs.options.priors, context);
  });
}

}  // namespace sememe::apps
