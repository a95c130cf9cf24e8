#include "kinds/proxmox/access/token.h"

#include <algorithm>

#include "kinds/proxmox/access/holder.h"
#include "kinds/proxmox/access/token_parts.h"
#include "kinds/proxmox/shared_objects.h"
#include "kinds/proxmox/survey_batch.h"

namespace aegis {
namespace {

using proxmox::Holder;

constexpr std::string_view k_section = "access.tokens";

std::vector<AttributeRule> make_rules() {
  std::vector<AttributeRule> rules(4);
  rules[0].path = "comment";
  rules[1].path = "expire";
  rules[2].path = "privsep";
  rules[3].path = "secret_file";
  rules[3].write_only = true;
  rules[3].note = "receives the secret of a new token; Proxmox tells it once";
  rules.push_back(proxmox::grants_rule());
  return rules;
}

std::vector<Query> queries(const Batch& batch, const Replies&) {
  if (!batch.manages(k_section)) return {};
  std::vector<Query> queries = proxmox::grant_queries(batch.scope);
  queries.push_back(proxmox::token_query(batch.scope));
  const proxmox::SharedObjects shared(batch.scope, "token");
  if (const auto query = shared.query(proxmox::HostQueries(batch.scope))) queries.push_back(*query);
  return queries;
}

Result<std::vector<Observation>> interpret(const Batch& batch, const Replies& replies, Vault&) {
  if (!batch.manages(k_section)) return std::vector<Observation>();
  auto observations = proxmox::interpret_tokens(batch, replies);
  if (!observations) return observations;
  const auto added = proxmox::add_live_grants(Holder::token, batch, replies, *observations);
  if (!added) return added.error();
  return observations;
}

std::map<std::string, Json> undeclared(const Batch& batch, const Replies& replies) {
  std::map<std::string, Json> tokens;
  for (const std::string& name : proxmox::token_names(batch.scope, replies)) {
    tokens[name] = Json::object();
  }
  for (const Resource* resource : batch.resources) tokens.erase(resource->address.name);
  return tokens;
}

std::vector<Query> survey(const Batch& batch, const Replies& replies) {
  const proxmox::SurveyBatch survey(batch.scope, "token", k_section, undeclared(batch, replies));
  return queries(survey.batch(), replies);
}

// What their secrets are in is not known: a `secret_file` is only needed for new ones.
Result<std::vector<Declaration>> declare(const Batch& batch, const Replies& replies) {
  const proxmox::SurveyBatch survey(batch.scope, "token", k_section, undeclared(batch, replies));
  auto declarations = survey.declarations(interpret, replies);
  if (declarations) proxmox::write_grants_as_specs(*declarations);
  return declarations;
}

Json normalize(const Resource& resource, const Observation&) {
  Json wanted{{"privsep", as_bool(get(resource.spec, "privsep")).value_or(true)}};
  const std::string comment = text_or(resource.spec, "comment");
  if (!comment.empty()) wanted["comment"] = comment;
  const auto expire = as_integer(get(resource.spec, "expire")).value_or(0);
  if (expire != 0) wanted["expire"] = expire;
  const std::string file = text_or(resource.spec, "secret_file");
  if (!file.empty()) wanted["secret_file"] = file;
  proxmox::add_wanted_grants(resource, wanted);
  return wanted;
}

std::vector<Step> lower(const Lowering& lowering) {
  const Change rest = proxmox::without_grants(lowering.change);
  std::vector<Step> steps;
  const bool only_grants = rest.action == Action::update && rest.attributes.empty();
  if (!only_grants) {
    steps = proxmox::lower_token(
        {rest, lowering.scope, lowering.desired, lowering.wanted, lowering.live});
  }
  proxmox::add_grant_steps(Holder::token, lowering, steps);
  return steps;
}

Result<Json> perform(const Step& step, const Outputs&, Effects& effects) {
  return proxmox::is_grant_step(step) ? proxmox::perform_grant(Holder::token, step, effects)
                                      : proxmox::perform_token(step, effects);
}

}  // namespace

const Kind& token_kind() {
  static const std::vector<AttributeRule> k_rules = make_rules();
  static const Kind k_kind{.name = "token",
                           .scope_type = "server",
                           .schema = "access",
                           .rules = k_rules,
                           .queries = queries,
                           .interpret = interpret,
                           .normalize = normalize,
                           .refine = nullptr,
                           .lower = lower,
                           .perform = perform,
                           .survey = survey,
                           .declare = declare};
  return k_kind;
}

}  // namespace aegis
