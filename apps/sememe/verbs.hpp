#pragma once

namespace CLI {
class App;
}

namespace sememe::apps {

struct Context;

/// Each verb adds itself as a subcommand of `app`; `context` must outlive the parse. One file per
/// verb, named after it.
void add_import(CLI::App& app, Context& context);
void add_sources(CLI::App& app, Context& context);
void add_query(CLI::App& app, Context& context);
void add_sememes(CLI::App& app, Context& context);
void add_uses(CLI::App& app, Context& context);
void add_relations(CLI::App& app, Context& context);
void add_taxonomy(CLI::App& app, Context& context);
void add_similarity(CLI::App& app, Context& context);
void add_nearest(CLI::App& app, Context& context);
void add_translate(CLI::App& app, Context& context);
void add_identify(CLI::App& app, Context& context);
void add_forget(CLI::App& app, Context& context);
void add_add(CLI::App& app, Context& context);
void add_remove(CLI::App& app, Context& context);
void add_check(CLI::App& app, Context& context);
void add_dump(CLI::App& app, Context& context);
void add_compose(CLI::App& app, Context& context);
void add_explain(CLI::App& app, Context& context);
void add_coverage(CLI::App& app, Context& context);
void add_predict(CLI::App& app, Context& context);
void add_train(CLI::App& app, Context& context);
void add_fit(CLI::App& app, Context& context);
void add_cut(CLI::App& app, Context& context);
void add_extend(CLI::App& app, Context& context);
void add_export(CLI::App& app, Context& context);
void add_verify(CLI::App& app, Context& context);
void add_inspect(CLI::App& app, Context& context);

/// All of them, in the order the help lists them.
void add_verbs(CLI::App& app, Context& context);

}  // namespace sememe::apps
