#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "apps/sememe/context.hpp"
#include "apps/sememe/fit_inputs.hpp"
#include "apps/sememe/verbs.hpp"
#include "lib/entangle/fit_file.hpp"
#include "lib/formats/safetensors.hpp"

namespace sememe::apps {

void add_fit(CLI::App& app, Context& context) {
  struct Options {
    FitInputs inputs;
    std::filesystem::path out;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* const verb =
      app.add_subcommand("fit", "Train once, for tables of any size to be cut from");
  add_fit_inputs(*verb, options->inputs);
  verb->add_option("--out", options->out, "File to write; it holds the target too")->required();
  verb->footer(
      "Examples:\n"
      "  sememe fit --table model.safetensors --composition tokens.sememes --out model.fit\n"
      "  sememe fit --table model.gguf --prior none --counts counts.txt --out model.fit");
  verb->callback([options, &context] {
    const Fit fit = make_fit(options->inputs, options->out, true, context);
    formats::write_safetensors(options->out, to_bundle_without_target(fit), std::string(kFitTarget),
                               fit.target);
    const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(options->out));
    context.say(fmt::format("{}: {} rows of {} dims, {} candidate priors, {}",
                            options->out.string(), grouped(fit.target.tokens()), fit.target.dims(),
                            fit.priors.size(), human_bytes(bytes)));
    for (const auto& prior : fit.priors)
      context.say(fmt::format("  {}, {}", prior->kind(), prior->form()));
  });
}

}  // namespace sememe::apps
