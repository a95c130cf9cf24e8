#include "kinds/cloudflare/record_perform.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "kinds/cloudflare/api.h"
#include "kinds/cloudflare/record_value.h"
#include "model/owner_comment.h"

namespace aegis::cloudflare {
namespace {

constexpr int k_automatic = 1;

bool is_ours(const Json& record) {
  return is_owned_comment(text_or(record, "comment"));
}

Json fields_of(const std::string& type, const std::string& value, const Json& input) {
  Json fields = value_fields(type, value);
  const bool is_proxied = is_proxiable(type) && get(input, "proxied") == true;
  fields["ttl"] = is_proxied ? Json(k_automatic) : get(input, "ttl");
  fields["comment"] = get(input, "comment");
  if (is_proxiable(type)) fields["proxied"] = is_proxied;
  return fields;
}

/// What has to be told to Cloudflare so that a name has what is wanted.
class Difference {
 public:
  explicit Difference(const Json& input) : input_(input) {}

  // What is wanted and there needs no more than its other fields; what is left of one type becomes
  // what is missing of it, and keeps its id.
  Json between(const std::vector<Json>& live) {
    std::vector<const Json*> rest;
    auto missing = wanted();
    for (const Json& record : live) {
      auto& values = missing[text_or(record, "type")];
      const auto same = std::find(values.begin(), values.end(), value_of(record));
      if (same == values.end()) {
        rest.push_back(&record);
        continue;
      }
      patch(record, *same);
      values.erase(same);
    }
    for (const Json* record : rest) {
      auto& values = missing[text_or(*record, "type")];
      if (values.empty()) {
        batch_["deletes"].push_back({{"id", text_or(*record, "id")}});
      } else {
        patch(*record, values.front());
        values.erase(values.begin());
      }
    }
    for (const auto& [type, values] : missing) {
      for (const std::string& value : values) post(type, value);
    }
    return std::move(batch_);
  }

 private:
  [[nodiscard]] std::map<std::string, std::vector<std::string>> wanted() const {
    std::map<std::string, std::vector<std::string>> wanted;
    const Json& types = get(input_, "types");
    for (const auto& [type, values] : types.items()) {
      for (const Json& value : values) wanted[type].push_back(as_text(value));
    }
    return wanted;
  }

  void patch(const Json& record, const std::string& value) {
    const std::string type = text_or(record, "type");
    Json patch = {{"id", text_or(record, "id")}};
    const Json fields = fields_of(type, value, input_);
    const bool is_other = value_of(record) != value;
    for (const auto& [name, field] : fields.items()) {
      const bool says_value = name == "content" || name == "data" || name == "priority";
      if (says_value ? is_other : get(record, name) != field) patch[name] = field;
    }
    if (patch.size() > 1) batch_["patches"].push_back(std::move(patch));
  }

  void post(const std::string& type, const std::string& value) {
    Json record = fields_of(type, value, input_);
    record["type"] = type;
    record["name"] = get(input_, "name");
    batch_["posts"].push_back(std::move(record));
  }

  const Json& input_;
  Json batch_ = Json::object();
};

// Those that the step is about: of other types only our own.
Result<std::vector<Json>> concerned(const Step& step, const Json& records) {
  std::vector<Json> concerned;
  for (const Json& record : records) {
    const std::string type = text_or(record, "type");
    const bool is_declared = get(step.input, "types").contains(type);
    if (!is_declarable(type) || !(is_ours(record) || is_declared)) continue;
    if (!is_ours(record) && get(step.input, "adopt") != true) {
      return Error{ErrorCode::conflict,
                   fmt::format("somebody added {} {} since this was planned: plan again",
                               type,
                               text_or(step.input, "name"))};
    }
    concerned.push_back(record);
  }
  return concerned;
}

Result<Json> attempt(const Step& step, Effects& effects) {
  const ZoneClient zone(step, effects);
  const auto records = zone.records_of(text_or(step.input, "name"));
  if (!records) return records.error();
  const auto live = concerned(step, *records);
  if (!live) return live.error();
  const Json batch = Difference(step.input).between(*live);
  if (batch.empty()) return Json::object();
  const auto done = zone.change(batch);
  if (!done) return done.error();
  return Json::object();
}

}  // namespace

Result<Json> perform_record(const Step& step, const Outputs&, Effects& effects) {
  auto done = attempt(step, effects);
  if (done || done.error().code != ErrorCode::outcome_unknown) return done;
  return attempt(step, effects);
}

}  // namespace aegis::cloudflare
