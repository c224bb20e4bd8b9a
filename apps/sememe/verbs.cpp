#include "apps/sememe/verbs.hpp"

namespace sememe::apps {

void add_verbs(CLI::App& app, Context& context) {
  add_import(app, context);
  add_sources(app, context);
  add_query(app, context);
  add_sememes(app, context);
  add_uses(app, context);
  add_relations(app, context);
  add_taxonomy(app, context);
  add_similarity(app, context);
  add_nearest(app, context);
  add_translate(app, context);
  add_identify(app, context);
  add_forget(app, context);
  add_add(app, context);
  add_remove(app, context);
  add_check(app, context);
  add_dump(app, context);
  add_compose(app, context);
  add_explain(app, context);
  add_coverage(app, context);
  add_predict(app, context);
  add_train(app, context);
  add_fit(app, context);
  add_cut(app, context);
  add_extend(app, context);
  add_export(app, context);
  add_verify(app, context);
  add_inspect(app, context);
}

}  // namespace sememe::apps
