#include "manifest/compose/form.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "manifest/compose/report.h"

namespace aegis::compose {
namespace {

constexpr std::string_view k_reset = "!reset";

void report_unknown(const Member& member, std::span<const Field> fields, Diagnostics& diagnostics) {
  std::vector<std::string> keys;
  for (const Field& field : fields) keys.emplace_back(field.key);
  const auto likely = closest_match(member.key, keys);
  error(diagnostics,
        member.where,
        "unknown key",
        fmt::format("Compose does not know `{}`.{} Keys of your own start with `x-`.",
                    member.value.path,
                    likely ? fmt::format(" Did you mean `{}`?", *likely) : ""));
}

void report_unsupported(const Member& member, const Field& field, Diagnostics& diagnostics) {
  if (field.support == Support::no_effect) {
    note(diagnostics,
         member.where,
         "no effect",
         fmt::format("`{}` has no effect on one Docker engine and is ignored.", member.value.path));
    return;
  }
  error(diagnostics,
        member.where,
        "not possible here",
        fmt::format("`{}` {}. Nothing is ignored silently: remove it to go on without it.",
                    member.value.path,
                    field.reason));
}

// Stands where a value could not be used, so that a later check does not call it missing.
Node unusable(const Node& value) {
  Node null;
  null.path = value.path;
  null.where = value.where;
  return null;
}

}  // namespace

bool is_reset(const Node& node) {
  return node.tag == k_reset;
}

std::optional<Node> read_tagged(const Node& value, Form form, Diagnostics& diagnostics) {
  if (is_reset(value)) {
    Node mark;
    mark.tag = value.tag;
    mark.where = value.where;
    mark.path = value.path;
    return mark;
  }
  if (is_left_out(value)) return std::nullopt;
  auto result = form(value, diagnostics);
  if (result) result->tag = value.tag;
  return result;
}

std::optional<Node> read_object(const Node& value,
                                std::span<const Field> fields,
                                Diagnostics& diagnostics) {
  if (value.type != Node::Type::mapping) {
    wrong_type(diagnostics, value, "a mapping");
    return std::nullopt;
  }
  Node result = make_mapping(value);
  result.members.reserve(value.members.size());
  for (const Member& member : value.members) {
    if (member.key.starts_with("x-")) continue;
    const auto field = std::find_if(
        fields.begin(), fields.end(), [&](const Field& f) { return f.key == member.key; });
    if (field == fields.end()) {
      report_unknown(member, fields, diagnostics);
    } else if (is_left_out(member.value)) {
      set(result, member.key, unusable(member.value), member.where);
    } else if (member.value.type == Node::Type::null && !is_reset(member.value)) {
      continue;
    } else if (field->support != Support::yes) {
      report_unsupported(member, *field, diagnostics);
      if (field->support == Support::refused)
        set(result, member.key, unusable(member.value), member.where);
    } else {
      auto read = read_tagged(member.value, field->form, diagnostics);
      set(result, member.key, read ? std::move(*read) : unusable(member.value), member.where);
    }
  }
  return result;
}

std::optional<Node> read_named(const Node& value, Form form, Diagnostics& diagnostics) {
  if (value.type != Node::Type::mapping) {
    wrong_type(diagnostics, value, "a mapping of names");
    return std::nullopt;
  }
  Node result = make_mapping(value);
  result.members.reserve(value.members.size());
  for (const Member& member : value.members) {
    auto read = read_tagged(member.value, form, diagnostics);
    result.members.push_back(
        {member.key, member.where, read ? std::move(*read) : unusable(member.value)});
  }
  return result;
}

std::optional<Node> read_list(const Node& value,
                              Form form,
                              std::string_view expected,
                              Diagnostics& diagnostics) {
  if (value.type != Node::Type::sequence) {
    wrong_type(diagnostics, value, expected);
    return std::nullopt;
  }
  Node result = make_sequence(value);
  result.items.reserve(value.items.size());
  for (const Node& item : value.items) {
    if (auto read = form(item, diagnostics)) result.items.push_back(std::move(*read));
  }
  return result;
}

}  // namespace aegis::compose
