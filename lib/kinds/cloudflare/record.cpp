#include "kinds/cloudflare/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <set>

#include "base/text.h"
#include "kinds/cloudflare/api.h"
#include "kinds/cloudflare/record_perform.h"
#include "kinds/cloudflare/record_value.h"
#include "model/owner_comment.h"

namespace aegis {
namespace {

constexpr std::string_view k_name = "record";
constexpr std::chrono::minutes k_timeout{10};

constexpr AttributeRule values_of(std::string_view type) {
  AttributeRule rule;
  rule.path = type;
  rule.compare = Compare::as_set;
  rule.note = "what was asked before is answered from elsewhere until the TTL ends";
  return rule;
}

constexpr std::array k_rules{values_of("A"),
                             values_of("AAAA"),
                             values_of("CAA"),
                             values_of("CNAME"),
                             values_of("MX"),
                             values_of("SRV"),
                             values_of("TXT"),
                             AttributeRule{.path = "ttl"},
                             AttributeRule{.path = "proxied"},
                             AttributeRule{.path = "comment"}};

Result<std::string> zone_id(const Scope& scope, const Replies& replies) {
  const std::string given = text_or(scope.settings, "zone_id");
  if (!given.empty()) return given;
  const auto found = replies.find(cloudflare::zone_query(scope));
  if (found == replies.end()) return Error{ErrorCode::outcome_unknown, "it was not asked"};
  const auto answer = cloudflare::read_answer(found->second);
  if (!answer) return answer.error();
  const Json& zones = get(*answer, "result");
  if (zones.size() == 1) return text_or(zones[0], "id");
  return Error{ErrorCode::forbidden,
               fmt::format("Cloudflare shows this token no zone {}. It needs the permissions Zone "
                           "Read and DNS Edit for it; with `zone_id`, DNS Edit alone.",
                           text_or(scope.settings, "zone"))};
}

int pages_of(const Json& answer) {
  return static_cast<int>(as_integer(get(get(answer, "result_info"), "total_pages")).value_or(1));
}

std::vector<Query> queries(const Batch& batch, const Replies& replies) {
  std::vector<Query> queries;
  if (text_or(batch.scope.settings, "zone_id").empty()) {
    queries.push_back(cloudflare::zone_query(batch.scope));
  }
  const auto id = zone_id(batch.scope, replies);
  if (!id) return queries;
  queries.push_back(cloudflare::records_query(batch.scope, *id, 1));
  const auto first = replies.find(queries.back());
  if (first == replies.end()) return queries;
  const auto answer = cloudflare::read_answer(first->second);
  for (int page = 2; answer && page <= pages_of(*answer); ++page) {
    queries.push_back(cloudflare::records_query(batch.scope, *id, page));
  }
  return queries;
}

// All records that can be declared, by their full name.
Result<std::map<std::string, std::vector<Json>>> records_by_name(const Scope& scope,
                                                                 const std::string& id,
                                                                 const Replies& replies) {
  std::map<std::string, std::vector<Json>> records;
  int pages = 1;
  for (int page = 1; page <= pages; ++page) {
    const auto found = replies.find(cloudflare::records_query(scope, id, page));
    if (found == replies.end()) return Error{ErrorCode::outcome_unknown, "it was not asked"};
    const auto answer = cloudflare::read_answer(found->second);
    if (!answer) return answer.error();
    pages = pages_of(*answer);
    for (const Json& record : get(*answer, "result")) {
      if (cloudflare::is_declarable(text_or(record, "type"))) {
        records[to_lower(text_or(record, "name"))].push_back(record);
      }
    }
  }
  return records;
}

bool is_ours(const Json& record) {
  return is_owned_comment(text_or(record, "comment"));
}

// One value where all agree, else the list of those that there are, which nothing wanted equals.
Json agreed(const std::set<Json>& values) {
  return values.size() == 1 ? *values.begin() : Json(values);
}

Json attributes_of(const std::vector<Json>& records) {
  Json attributes = Json::object();
  std::set<Json> ttls;
  std::set<Json> proxied;
  std::set<Json> comments;
  for (const Json& record : records) {
    const std::string type = text_or(record, "type");
    attributes[type].push_back(cloudflare::value_of(record));
    const bool is_proxied = get(record, "proxied") == true;
    if (cloudflare::is_proxiable(type)) proxied.insert(is_proxied);
    if (!is_proxied) ttls.insert(get(record, "ttl"));
    comments.insert(std::string(without_owner(text_or(record, "comment"))));
  }
  for (const std::string_view type : cloudflare::k_record_types) {
    if (attributes.contains(type)) std::sort(attributes[type].begin(), attributes[type].end());
  }
  if (!ttls.empty()) attributes["ttl"] = agreed(ttls);
  if (!proxied.empty()) attributes["proxied"] = agreed(proxied);
  if (comments != std::set<Json>{""}) attributes["comment"] = agreed(comments);
  return attributes;
}

std::string full_name(const Scope& scope, const std::string& name) {
  const std::string zone = text_or(scope.settings, "zone");
  return name == "@" ? zone : fmt::format("{}.{}", name, zone);
}

// What is at the name, without what is somebody else's: of types that are not declared here.
std::vector<Json> concerned(const std::vector<Json>& records, const Json& spec) {
  std::vector<Json> concerned;
  for (const Json& record : records) {
    if (is_ours(record) || get(spec, "types").contains(text_or(record, "type"))) {
      concerned.push_back(record);
    }
  }
  return concerned;
}

Observation observe(Address address,
                    const Scope& scope,
                    const std::string& id,
                    const std::vector<Json>& records) {
  Observation seen;
  seen.address = std::move(address);
  seen.scope = scope.name;
  seen.context = {{"zone", id}};
  seen.exists = !records.empty();
  if (!seen.exists) return seen;
  seen.owned = std::all_of(records.begin(), records.end(), is_ours);
  seen.attributes = attributes_of(records);
  return seen;
}

Result<std::vector<Observation>> interpret(const Batch& batch, const Replies& replies, Vault&) {
  const auto id = zone_id(batch.scope, replies);
  if (!id) return id.error();
  auto records = records_by_name(batch.scope, *id, replies);
  if (!records) return records.error();
  std::vector<Observation> observations;
  for (const Resource* resource : batch.resources) {
    const std::string name = full_name(batch.scope, resource->address.name);
    observations.push_back(
        observe(resource->address, batch.scope, *id, concerned((*records)[name], resource->spec)));
    records->erase(name);
  }
  const std::string zone = text_or(batch.scope.settings, "zone");
  for (const auto& [name, all] : *records) {
    const auto ours = concerned(all, Json());
    if (ours.empty()) continue;
    const std::string short_name =
        name == zone ? "@" : name.substr(0, name.size() - zone.size() - 1);
    observations.push_back(
        observe({batch.scope.name, std::string(k_name), short_name}, batch.scope, *id, ours));
  }
  return observations;
}

Json normalize(const Resource& resource, const Observation&) {
  Json wanted = Json::object();
  const bool is_proxied = get(resource.spec, "proxied") == true;
  bool has_ttl = false;
  bool can_be_proxied = false;
  const Json& types = get(resource.spec, "types");
  for (const auto& [type, values] : types.items()) {
    for (const Json& value : values) {
      wanted[type].push_back(cloudflare::canonical_value(type, as_text(value)));
    }
    std::sort(wanted[type].begin(), wanted[type].end());
    can_be_proxied = can_be_proxied || cloudflare::is_proxiable(type);
    has_ttl = has_ttl || !is_proxied || !cloudflare::is_proxiable(type);
  }
  if (has_ttl) wanted["ttl"] = get(resource.spec, "ttl");
  if (can_be_proxied) wanted["proxied"] = is_proxied;
  const std::string comment = text_or(resource.spec, "comment");
  if (!comment.empty()) wanted["comment"] = comment;
  return wanted;
}

std::vector<Step> lower(const Lowering& lowering) {
  const Change& change = lowering.change;
  const std::string name = full_name(lowering.scope, change.address.name);
  const bool ends = change.action == Action::remove;
  Step step;
  step.id = 1;
  step.address = change.address;
  step.operation = ends ? "remove" : "set";
  step.title = fmt::format("{} the records of {}", step.operation, name);
  step.timeout = k_timeout;
  step.input = {{"endpoint", text_or(lowering.scope.settings, "endpoint")},
                {"token", get(lowering.scope.settings, "token")},
                {"zone", text_or(lowering.live.context, "zone")},
                {"name", name},
                {"types", Json::object()}};
  if (ends) return {std::move(step)};
  for (const std::string_view type : cloudflare::k_record_types) {
    if (lowering.wanted.contains(type)) step.input["types"][type] = lowering.wanted[type];
  }
  step.input["ttl"] = get(lowering.desired->spec, "ttl");
  step.input["proxied"] = get(lowering.wanted, "proxied") == true;
  step.input["comment"] = owned_comment(text_or(lowering.wanted, "comment"));
  step.input["adopt"] = change.action == Action::adopt;
  return {std::move(step)};
}

}  // namespace

const Kind& record_kind() {
  static const Kind k_kind{.name = k_name,
                           .scope_type = "dns",
                           .schema = "zones",
                           .rules = k_rules,
                           .queries = queries,
                           .interpret = interpret,
                           .normalize = normalize,
                           .refine = nullptr,
                           .lower = lower,
                           .perform = cloudflare::perform_record};
  return k_kind;
}

}  // namespace aegis
