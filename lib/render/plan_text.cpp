#include "render/plan_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "base/vault.h"
#include "render/value_text.h"

namespace aegis {
namespace {

constexpr std::string_view k_nothing = "No changes. The live systems match the manifests.\n";

Role role_of(Action action) {
  switch (action) {
    case Action::create:
      return Role::added;
    case Action::update:
    case Action::adopt:
      return Role::changed;
    case Action::replace:
    case Action::remove:
      return Role::removed;
  }
  return Role::changed;
}

std::string padded(std::string_view text, std::size_t columns) {
  const std::size_t used = columns_of(text);
  return std::string(text) + std::string(columns > used ? columns - used : 0, ' ');
}

bool is_long_text(const Json& value) {
  return value.is_string() && value.get_ref<const std::string&>().find('\n') != std::string::npos;
}

// Lines that left and lines that came, those in common at both ends left out.
std::string line_diff(const AttributeChange& attribute, const Style& style) {
  const auto before = split(as_text(attribute.before), '\n');
  const auto after = split(as_text(attribute.after), '\n');
  std::size_t head = 0;
  while (head < before.size() && head < after.size() && before[head] == after[head]) ++head;
  std::size_t tail = 0;
  while (tail < before.size() - head && tail < after.size() - head &&
         before[before.size() - 1 - tail] == after[after.size() - 1 - tail]) {
    ++tail;
  }
  std::string text;
  for (std::size_t i = head; i + tail < before.size(); ++i) {
    text += paint(fmt::format("          - {}", harmless(before[i])), Role::removed, style) + "\n";
  }
  for (std::size_t i = head; i + tail < after.size(); ++i) {
    text += paint(fmt::format("          + {}", harmless(after[i])), Role::added, style) + "\n";
  }
  return text;
}

std::string values_of(const AttributeChange& attribute, Action action) {
  if (action == Action::create) return format_value(attribute.path, attribute.after);
  const bool secret = is_sealed(attribute.before) && is_sealed(attribute.after);
  if (secret) return "[redacted] -> [redacted] (another value)";
  return fmt::format("{} -> {}",
                     format_value(attribute.path, attribute.before),
                     format_value(attribute.path, attribute.after));
}

std::vector<std::string> remarks_of(const AttributeChange& attribute, Action action) {
  std::vector<std::string> remarks;
  if (action == Action::create) return remarks;
  if (attribute.forces_replace)
    remarks.emplace_back("forces replacement");
  else if (attribute.disruption != Disruption::none)
    remarks.emplace_back(to_string(attribute.disruption));
  if (attribute.door == Door::root) remarks.emplace_back("as root");
  if (!attribute.note.empty()) remarks.push_back(harmless(attribute.note));
  return remarks;
}

std::string render_attribute(const AttributeChange& attribute,
                             Action action,
                             std::size_t columns,
                             const Style& style) {
  const bool by_lines = action != Action::create &&
                        (is_long_text(attribute.before) || is_long_text(attribute.after)) &&
                        !is_sealed(attribute.before) && !is_sealed(attribute.after);
  const std::string values = by_lines ? "(lines differ)" : values_of(attribute, action);
  std::string line = fmt::format("      {}  {}", padded(harmless(attribute.path), columns), values);
  const auto remarks = remarks_of(attribute, action);
  if (!remarks.empty())
    line += paint(fmt::format("   ({})", join(remarks, "; ")), Role::faint, style);
  line += "\n";
  if (by_lines) line += line_diff(attribute, style);
  return line;
}

// A text in lines of the style's width, each indented.
std::string wrapped(std::string_view text, std::size_t indent, const Style& style) {
  const std::size_t room =
      std::max<std::size_t>(40, static_cast<std::size_t>(style.width)) - indent;
  std::string result;
  std::string line;
  for (const std::string& word : split_any(text, " \n")) {
    if (!line.empty() && columns_of(line) + 1 + columns_of(word) > room) {
      result += std::string(indent, ' ') + line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
  }
  if (!line.empty()) result += std::string(indent, ' ') + line + "\n";
  return result;
}

std::string render_change(const Change& change, std::size_t columns, const Style& style) {
  std::string head = fmt::format("{} {}  {}",
                                 padded(symbol_of(change.action), 3),
                                 padded(to_string(change.address), columns),
                                 to_string(change.action));
  std::string text = paint(head, role_of(change.action), style);
  if (!change.cause.empty()) text += fmt::format("   {}", harmless(change.cause));
  if (change.destroys_data && change.blocked.empty())
    text += "   " + paint("DESTROYS DATA", Role::failed, style);
  text += "\n";
  std::size_t widest = 0;
  for (const AttributeChange& attribute : change.attributes) {
    widest = std::max(widest, columns_of(harmless(attribute.path)));
  }
  for (const AttributeChange& attribute : change.attributes) {
    text += render_attribute(attribute, change.action, widest, style);
  }
  if (!change.blocked.empty()) {
    text += paint("      not done:", Role::warned, style) + "\n" +
            wrapped(harmless(change.blocked), 8, style);
  }
  return text;
}

std::string render_disturbances(const Plan& plan) {
  std::vector<std::string> lines;
  for (const Change& change : plan.changes) {
    if (!change.blocked.empty() || change.action == Action::create) continue;
    const std::string line = disturbance_of(change);
    if (!line.empty()) lines.push_back(line);
  }
  if (lines.empty()) return "";
  return fmt::format("This {}.\n", list_words(lines));
}

}  // namespace

std::string count_changes(const Plan& plan) {
  const auto count = [&](Action action) {
    return std::count_if(plan.changes.begin(), plan.changes.end(), [&](const Change& change) {
      return change.action == action && change.blocked.empty();
    });
  };
  std::string text =
      fmt::format("{} to create, {} to change", count(Action::create), count(Action::update));
  if (count(Action::replace) > 0) text += fmt::format(", {} to replace", count(Action::replace));
  if (count(Action::adopt) > 0) text += fmt::format(", {} to adopt", count(Action::adopt));
  return text + fmt::format(", {} to remove", count(Action::remove));
}

std::string render_text(const Plan& plan, const Style& style) {
  if (!plan.has_differences()) return std::string(k_nothing);
  std::size_t columns = 0;
  std::size_t blocked = 0;
  for (const Change& change : plan.changes) {
    columns = std::max(columns, columns_of(to_string(change.address)));
    if (!change.blocked.empty()) ++blocked;
  }
  std::string text;
  for (const Change& change : plan.changes) text += render_change(change, columns, style);
  text += "\n" + render_disturbances(plan);
  text += paint(
      fmt::format("Plan: {}, in {}.", count_changes(plan), count_of(plan.steps.size(), "step")),
      Role::strong,
      style);
  if (blocked > 0) text += fmt::format(" {} not done, as said above.", blocked);
  return text + "\n";
}

}  // namespace aegis
