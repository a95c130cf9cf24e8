#include "plan/plan_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/secret.h"
#include "base/vault.h"

namespace aegis {
namespace {

constexpr std::string_view k_format_version = "1.0";

// A plan that was read back holds what was written in place of the seals.
bool is_sensitive(const Json& value) {
  if (is_sealed(value) || value == k_redacted) return true;
  return value.is_structured() && std::any_of(value.begin(), value.end(), is_sensitive);
}

Json to_json(const SourceSpan& span) {
  return {{"file", span.file.str()},
          {"line", span.line},
          {"column", span.column},
          {"length", span.length}};
}

std::optional<Severity> parse_severity(std::string_view text) {
  for (const Severity severity : {Severity::error, Severity::warning, Severity::note}) {
    if (to_string(severity) == text) return severity;
  }
  return std::nullopt;
}

Json to_json(const AttributeChange& attribute) {
  Json json{{"path", attribute.path},
            {"before", redacted(attribute.before)},
            {"after", redacted(attribute.after)},
            {"disruption", to_string(attribute.disruption)},
            {"door", to_string(attribute.door)}};
  if (attribute.forces_replace) json["forces_replace"] = true;
  if (!attribute.note.empty()) json["note"] = attribute.note;
  if (is_sensitive(attribute.before) || is_sensitive(attribute.after)) json["sensitive"] = true;
  return json;
}

Json to_json(const Change& change) {
  Json json{{"address", to_string(change.address)},
            {"action", to_string(change.action)},
            {"cause", change.cause},
            {"disruption", to_string(change.disruption)},
            {"destroys_data", change.destroys_data},
            {"attributes", Json::array()}};
  for (const AttributeChange& attribute : change.attributes)
    json["attributes"].push_back(to_json(attribute));
  if (!change.blocked.empty()) json["blocked"] = change.blocked;
  if (change.window) json["window"] = to_json(*change.window);
  if (change.where) json["where"] = to_json(*change.where);
  return json;
}

Json to_json(const Step& step) {
  Json json{{"id", step.id},
            {"address", to_string(step.address)},
            {"operation", step.operation},
            {"title", step.title},
            {"after", step.after},
            {"timeout_ms", step.timeout.count()},
            {"disruption", to_string(step.disruption)}};
  if (step.prepares) json["prepares"] = true;
  if (step.destroys_data) json["destroys_data"] = true;
  if (!step.lane.empty()) json["lane"] = step.lane;
  if (!step.group.empty()) json["group"] = step.group;
  if (!step.undo.empty()) json["undo"] = step.undo;
  return json;
}

Json summary_of(const Plan& plan) {
  Json counts = Json::object();
  for (const Action action :
       {Action::create, Action::update, Action::replace, Action::adopt, Action::remove}) {
    counts[std::string(to_string(action))] = 0;
  }
  int blocked = 0;
  for (const Change& change : plan.changes) {
    if (change.blocked.empty()) {
      counts[std::string(to_string(change.action))] =
          counts[std::string(to_string(change.action))].get<int>() + 1;
    } else {
      ++blocked;
    }
  }
  return {{"actions", counts}, {"blocked", blocked}, {"steps", plan.steps.size()}};
}

// Reading: the first thing that does not fit is remembered; the caller looks at it once, at the
// end.
class Reader {
 public:
  template <class Value>
  Value required(std::optional<Value> value, std::string_view what) {
    if (!value && problem_.empty())
      problem_ = fmt::format("its {} is missing or not understood", what);
    return value.value_or(Value{});
  }

  const Json& list(const Json& json, std::string_view key) {
    static const Json k_empty = Json::array();
    const Json& value = get(json, key);
    if (value.is_array()) return value;
    if (problem_.empty()) problem_ = fmt::format("its {} are missing or not a list", key);
    return k_empty;
  }

  Diagnostic read_note(const Json& json) {
    Diagnostic note;
    note.severity = required(parse_severity(text_or(json, "severity")), "note's severity");
    note.summary = text_or(json, "summary");
    note.detail = text_or(json, "detail");
    if (json.contains("where")) note.where = read_span(json.at("where"));
    if (json.contains("related")) note.related = read_span(json.at("related"));
    return note;
  }

  SourceSpan read_span(const Json& json) {
    return {text_or(json, "file"),
            static_cast<int>(as_integer(get(json, "line")).value_or(0)),
            static_cast<int>(as_integer(get(json, "column")).value_or(0)),
            static_cast<int>(as_integer(get(json, "length")).value_or(1))};
  }

  AttributeChange read_attribute(const Json& json) {
    AttributeChange attribute;
    attribute.path = text_or(json, "path");
    attribute.before = get(json, "before");
    attribute.after = get(json, "after");
    attribute.disruption =
        required(parse_disruption(text_or(json, "disruption")), "attribute's disruption");
    attribute.door = text_or(json, "door") == "root" ? Door::root : Door::api;
    attribute.forces_replace = as_bool(get(json, "forces_replace")).value_or(false);
    attribute.note = text_or(json, "note");
    return attribute;
  }

  Change read_change(const Json& json) {
    Change change;
    change.address = required(parse_address(text_or(json, "address")), "change's address");
    change.action = required(parse_action(text_or(json, "action")), "change's action");
    change.cause = text_or(json, "cause");
    change.disruption =
        required(parse_disruption(text_or(json, "disruption")), "change's disruption");
    change.destroys_data = as_bool(get(json, "destroys_data")).value_or(false);
    change.blocked = text_or(json, "blocked");
    if (json.contains("window")) {
      change.window = required(parse_window(json.at("window")), "change's window");
    }
    for (const Json& attribute : list(json, "attributes")) {
      change.attributes.push_back(read_attribute(attribute));
    }
    if (json.contains("where")) change.where = read_span(json.at("where"));
    return change;
  }

  Step read_step(const Json& json) {
    Step step;
    step.id = static_cast<StepId>(required(as_integer(get(json, "id")), "step's id"));
    step.address = required(parse_address(text_or(json, "address")), "step's address");
    step.operation = text_or(json, "operation");
    step.title = text_or(json, "title");
    step.timeout =
        std::chrono::milliseconds(required(as_integer(get(json, "timeout_ms")), "step's timeout"));
    step.disruption = required(parse_disruption(text_or(json, "disruption")), "step's disruption");
    step.prepares = as_bool(get(json, "prepares")).value_or(false);
    step.destroys_data = as_bool(get(json, "destroys_data")).value_or(false);
    step.lane = text_or(json, "lane");
    step.group = text_or(json, "group");
    step.undo = text_or(json, "undo");
    for (const Json& id : list(json, "after")) {
      step.after.push_back(static_cast<StepId>(required(as_integer(id), "step's order")));
    }
    return step;
  }

  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  std::string problem_;
};

}  // namespace

Json to_json(const Diagnostics& diagnostics) {
  Json list = Json::array();
  for (const Diagnostic& diagnostic : diagnostics) {
    Json json{{"severity", to_string(diagnostic.severity)},
              {"summary", diagnostic.summary},
              {"detail", diagnostic.detail}};
    if (diagnostic.where) json["where"] = to_json(*diagnostic.where);
    if (diagnostic.related) json["related"] = to_json(*diagnostic.related);
    list.push_back(std::move(json));
  }
  return list;
}

Json to_json(const Plan& plan) {
  Json json{{"format_version", k_format_version},
            {"changes", Json::array()},
            {"steps", Json::array()},
            {"notes", to_json(plan.notes)},
            {"summary", summary_of(plan)}};
  for (const Change& change : plan.changes) json["changes"].push_back(to_json(change));
  for (const Step& step : plan.steps) json["steps"].push_back(to_json(step));
  return json;
}

Result<Plan> parse_plan(const Json& json) {
  const std::string version = text_or(json, "format_version");
  if (!version.starts_with("1.")) {
    return Error{
        ErrorCode::rejected,
        version.empty()
            ? "this is not a plan of aegisctl"
            : fmt::format("this plan has format {}, and this aegisctl reads 1.x", version)};
  }
  if (!get(json, "changes").is_array() || !get(json, "steps").is_array()) {
    return Error{ErrorCode::rejected, "this plan is incomplete: it has no changes or no steps"};
  }
  Reader reader;
  Plan plan;
  for (const Json& change : json.at("changes")) plan.changes.push_back(reader.read_change(change));
  for (const Json& step : json.at("steps")) plan.steps.push_back(reader.read_step(step));
  for (const Json& note : reader.list(json, "notes")) plan.notes.push_back(reader.read_note(note));
  if (!reader.problem().empty())
    return Error{ErrorCode::rejected, "this plan is damaged: " + reader.problem()};
  return plan;
}

}  // namespace aegis
