#include "render/plan_html.h"

#include <fmt/format.h>

#include "base/text.h"
#include "render/terminal_text.h"
#include "render/value_text.h"

namespace aegis {
namespace {

constexpr std::string_view k_head =
    "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\"><title>Plan</title>\n"
    "<style>body{font:15px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25em "
    ".6em;border-bottom:1px solid #ccc;"
    "vertical-align:top}code{font-size:13px;overflow-wrap:anywhere}h2{font-size:16px;margin:1.5em "
    "0 .3em}"
    ".blocked{color:#8a5a00}.data{color:#b00020;font-weight:bold}"
    "@media(prefers-color-scheme:dark){body{background:#161616;color:#ddd}.blocked{color:#e0a840}."
    "data{color:#ff6b7f}}"
    "</style></head><body>\n";

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : harmless(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string render_change(const Change& change) {
  std::string text = fmt::format("<h2>{} <code>{}</code> {}</h2>\n<p>{}",
                                 symbol_of(change.action),
                                 escaped(to_string(change.address)),
                                 to_string(change.action),
                                 escaped(change.cause));
  if (change.destroys_data) text += " <span class=\"data\">destroys data</span>";
  text += "</p>\n";
  if (change.window)
    text += fmt::format("<p>In the window {}.</p>\n", escaped(to_string(*change.window)));
  if (!change.blocked.empty())
    text += fmt::format("<p class=\"blocked\">Blocked: {}</p>\n", escaped(change.blocked));
  if (change.attributes.empty()) return text;
  text += "<table><tr><th>attribute</th><th>live</th><th>manifests</th><th>disturbs</th></tr>\n";
  for (const AttributeChange& attribute : change.attributes) {
    text += fmt::format(
        "<tr><td><code>{}</code></td><td><code>{}</code></td><td><code>{}</code></td><td>{}</td></"
        "tr>\n",
        escaped(attribute.path),
        escaped(format_value(attribute.path, attribute.before)),
        escaped(format_value(attribute.path, attribute.after)),
        to_string(attribute.disruption));
  }
  return text + "</table>\n";
}

}  // namespace

std::string render_html(const Plan& plan) {
  std::string text(k_head);
  if (plan.has_differences()) {
    text += fmt::format(
        "<h1>Plan</h1>\n<p>{}, in {}.{}</p>\n<p>{}</p>\n",
        count_changes(plan),
        count_of(plan.steps.size(), "step"),
        count_blocked(plan) > 0 ? fmt::format(" {} blocked.", count_blocked(plan)) : std::string(),
        escaped(disturbances_of(plan)));
  } else if (has_errors(plan.notes)) {
    text += "<h1>No plan</h1>\n<p>See the errors.</p>\n";
  } else {
    text += "<h1>No changes</h1>\n<p>The live systems match the manifests.</p>\n";
  }
  for (const Diagnostic& note : plan.notes) {
    text += fmt::format(
        "<p class=\"blocked\">{}: {}</p>\n", escaped(note.summary), escaped(note.detail));
  }
  for (const Change& change : plan.changes) text += render_change(change);
  return text + "</body></html>\n";
}

}  // namespace aegis
