#include "apps/sememe/verbs.hpp"

namespace sememe::apps {

void add_verbs(CLI::App& app, Context& context) {
  add_import(app, context);
  add_sources(app, context);
  add_query(app, context);
  add_compose(app, context);
  add_train(app, context);
  add_export(app, context);
  add_verify(app, context);
  add_inspect(app, context);
}

}  // namespace sememe::apps
