#include "render/plan_text.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "base/text.h"
#include "base/vault.h"
#include "render/backup_words.h"
#include "render/line_diff.h"
#include "render/terminal_text.h"
#include "render/value_text.h"

namespace aegis {
namespace {

constexpr std::size_t k_attribute_indent = 6;
constexpr std::size_t k_value_indent = 10;
constexpr std::size_t k_widest_path = 40;  // a longer one pushes its own line only

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

bool has_lines(const Json& value) {
  return value.is_string() && value.get_ref<const std::string&>().find('\n') != std::string::npos;
}

// A text's lines or a list's elements, to be compared one by one.
std::vector<std::string> pieces_of(const Json& value) {
  std::vector<std::string> pieces;
  if (value.is_string()) {
    pieces = split(value.get_ref<const std::string&>(), '\n');
    if (pieces.back().empty()) pieces.pop_back();
  } else if (value.is_array()) {
    for (const Json& element : value) pieces.push_back(format_value("", element));
  }
  return pieces;
}

bool in_pieces(const AttributeChange& attribute, bool too_wide) {
  const Json& before = attribute.before;
  const Json& after = attribute.after;
  if (holds_secret(before) || holds_secret(after)) return false;
  const auto is = [](const Json& value, Json::value_t type) {
    return value.is_null() || value.type() == type;
  };
  if (has_lines(before) || has_lines(after)) {
    return is(before, Json::value_t::string) && is(after, Json::value_t::string);
  }
  return too_wide && is(before, Json::value_t::array) && is(after, Json::value_t::array);
}

std::string render_pieces(const AttributeChange& attribute, const Style& style) {
  std::string text;
  const std::string indent(k_value_indent, ' ');
  for (const DiffLine& line : diff_lines(pieces_of(attribute.before), pieces_of(attribute.after))) {
    const std::string content = harmless(line.text);
    switch (line.type) {
      case DiffLine::Type::kept:
        text.append(indent).append("  ").append(content);
        break;
      case DiffLine::Type::removed:
        text.append(indent).append(paint("- " + content, Role::removed, style));
        break;
      case DiffLine::Type::added:
        text.append(indent).append(paint("+ " + content, Role::added, style));
        break;
      case DiffLine::Type::gap:
        text += indent + paint("  ...", Role::faint, style);
        break;
    }
    text += "\n";
  }
  return text;
}

std::string remarks_of(const AttributeChange& attribute, Action action) {
  std::vector<std::string> remarks;
  if (attribute.forces_replace) {
    remarks.emplace_back("forces replacement");
  } else if (attribute.disruption != Disruption::none) {
    remarks.emplace_back(to_string(attribute.disruption));
  }
  if (attribute.door == Door::root) remarks.emplace_back("as root");
  if (!attribute.note.empty() && action != Action::create) {
    remarks.push_back(harmless(attribute.note));
  }
  return remarks.empty() ? std::string() : fmt::format("   ({})", join(remarks, "; "));
}

std::string render_attribute(const AttributeChange& attribute,
                             Action action,
                             std::size_t path_columns,
                             const Style& style) {
  const std::string head =
      std::string(k_attribute_indent, ' ') + padded(harmless(attribute.path), path_columns) + "  ";
  const std::string before = format_value(attribute.path, attribute.before);
  std::string after = format_value(attribute.path, attribute.after);
  if (is_sealed(attribute.before) && is_sealed(attribute.after)) after += " (another value)";
  const std::string remarks = remarks_of(attribute, action);
  const std::string values = action == Action::create ? after : before + " -> " + after;
  const bool too_wide =
      columns_of(head + values + remarks) > static_cast<std::size_t>(std::max(40, style.width));
  const std::string end = paint(remarks, Role::faint, style) + "\n";
  if (in_pieces(attribute, too_wide)) {
    return std::string(trim(head)).insert(0, k_attribute_indent, ' ') + end +
           render_pieces(attribute, style);
  }
  if (!too_wide || action == Action::create) return head + values + end;
  const std::string indent(k_value_indent, ' ');
  return std::string(trim(head)).insert(0, k_attribute_indent, ' ') + end + indent + "   " +
         before + "\n" + indent + "-> " + after + "\n";
}

using Now = std::optional<std::chrono::sys_seconds>;

std::string opening_of(const Window& window, std::chrono::sys_seconds now) {
  const WindowState state = state_of(window, now);
  if (state.open_until) return fmt::format("open until {:%Y-%m-%d %H:%M} UTC", *state.open_until);
  if (!state.opens_next) return "which does not open again";
  return fmt::format("which opens {:%Y-%m-%d %H:%M} UTC, in {}",
                     *state.opens_next,
                     rough_age((*state.opens_next - now).count()));
}

std::string render_window(const Change& change, const Now& now, const Style& style) {
  if (!change.window) return {};
  const std::string name = harmless(to_string(*change.window));
  const std::string opening = now ? ", " + opening_of(*change.window, *now) : std::string();
  return wrapped(fmt::format("Window: {}{}.", name, opening), k_attribute_indent, style.width);
}

std::string render_change(const Change& change,
                          std::size_t columns,
                          const Now& now,
                          const Style& style) {
  const std::string head = fmt::format("{} {}  {}",
                                       padded(symbol_of(change.action), 3),
                                       padded(harmless(to_string(change.address)), columns),
                                       padded(to_string(change.action), 7));
  std::string text = paint(head, role_of(change.action), style);
  if (!change.cause.empty()) text += "  " + harmless(change.cause);
  if (change.destroys_data) {
    text +=
        "   " +
        paint(change.blocked.empty() ? "DESTROYS DATA" : "would destroy data", Role::failed, style);
  }
  text += "\n";
  std::size_t widest = 0;
  for (const AttributeChange& attribute : change.attributes) {
    const std::size_t needs = columns_of(harmless(attribute.path));
    if (needs <= k_widest_path) widest = std::max(widest, needs);
  }
  for (const AttributeChange& attribute : change.attributes) {
    text += render_attribute(attribute, change.action, widest, style);
  }
  text += render_window(change, now, style);
  if (!change.blocked.empty()) {
    text += wrapped("Blocked: " + harmless(change.blocked), k_attribute_indent, style.width);
  }
  return text;
}

std::string render_changes(const Plan& plan, bool blocked, const Now& now, const Style& style) {
  std::size_t columns = 0;
  for (const Change& change : plan.changes) {
    columns = std::max(columns, columns_of(harmless(to_string(change.address))));
  }
  std::string text;
  for (const Change& change : plan.changes) {
    if (change.blocked.empty() != blocked) text += render_change(change, columns, now, style);
  }
  return text;
}

}  // namespace

std::string render_text(const Plan& plan, const Style& style, Now now) {
  const bool broken = has_errors(plan.notes);
  if (!plan.has_differences()) {
    return broken ? "No plan: see the errors.\n"
                  : "No changes. The live systems match the manifests.\n";
  }
  const std::size_t blocked = count_blocked(plan);
  std::string text = render_changes(plan, false, now, style);
  if (blocked > 0) {
    if (!text.empty()) text += "\n";
    text += paint("Will not be done:", Role::warned, style) + "\n";
    text += render_changes(plan, true, now, style);
  }
  text += "\n" + wrapped(disturbances_of(plan), 0, style.width);
  text += paint(
      fmt::format("Plan: {}, in {}.", count_changes(plan), count_of(plan.steps.size(), "step")),
      Role::strong,
      style);
  if (blocked > 0) text += fmt::format(" {} blocked.", blocked);
  if (broken) text += " Incomplete: see the errors.";
  return text + "\n";
}

std::string render_waiting(const Plan& plan, const Style& style, std::chrono::sys_seconds now) {
  std::map<std::string, std::vector<std::string>> waiting;
  for (const Change& change : plan.changes) {
    if (!change.window || change.blocked.empty()) continue;
    const std::string window =
        fmt::format("{}, {}", harmless(change.window->name), opening_of(*change.window, now));
    waiting[window].push_back(harmless(to_string(change.address)));
  }
  std::string text;
  for (const auto& [window, addresses] : waiting) {
    text += wrapped(fmt::format("Waiting for the window {}: {}.", window, list_words(addresses)),
                    0,
                    style.width);
  }
  return text;
}

}  // namespace aegis
