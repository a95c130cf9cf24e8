#include "render/graph_dot.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <vector>

#include "render/terminal_text.h"

namespace aegis {
namespace {

constexpr std::size_t k_most_to_reduce = 2000;

std::string dot_text(std::string_view text) {
  std::string result = "\"";
  for (const char c : harmless(text)) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

std::string_view color_of(const Step& step) {
  if (step.destroys_data) return "red";
  if (step.disruption >= Disruption::restart_service) return "orange";
  return step.prepares ? "gray" : "black";
}

// For each step, the ones that it directly waits for and that do not follow from another of these.
// Steps only wait for earlier ones, so one pass knows everything behind each.
std::vector<std::vector<StepId>> reduced(const std::vector<Step>& steps) {
  std::map<StepId, std::size_t> places;
  std::vector<std::vector<bool>> behind;
  std::vector<std::vector<StepId>> kept;
  for (const Step& step : steps) {
    std::vector<bool> indirect(steps.size());
    std::vector<bool> all(steps.size());
    for (const StepId before : step.after) {
      const auto place = places.find(before);
      if (place == places.end()) continue;
      all[place->second] = true;
      for (std::size_t i = 0; i < place->second; ++i) {
        if (behind[place->second][i]) indirect[i] = all[i] = true;
      }
    }
    auto& direct = kept.emplace_back();
    for (const StepId before : step.after) {
      const auto place = places.find(before);
      if (place == places.end() || !indirect[place->second]) direct.push_back(before);
    }
    places.emplace(step.id, behind.size());
    behind.push_back(std::move(all));
  }
  return kept;
}

}  // namespace

std::string render_dot(const Plan& plan) {
  std::string text = "digraph plan {\n  rankdir=LR;\n  node [shape=box];\n";
  std::map<Address, std::vector<const Step*>> by_address;
  for (const Step& step : plan.steps) by_address[step.address].push_back(&step);
  int cluster = 0;
  for (const auto& [address, steps] : by_address) {
    text += fmt::format(
        "  subgraph cluster_{} {{\n    label={};\n", ++cluster, dot_text(to_string(address)));
    for (const Step* step : steps) {
      text += fmt::format(
          "    s{} [label={}, color={}];\n", step->id, dot_text(step->title), color_of(*step));
    }
    text += "  }\n";
  }
  std::vector<std::vector<StepId>> after;
  if (plan.steps.size() <= k_most_to_reduce) after = reduced(plan.steps);
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    for (const StepId before : after.empty() ? plan.steps[i].after : after[i]) {
      text += fmt::format("  s{} -> s{};\n", before, plan.steps[i].id);
    }
  }
  return text + "}\n";
}

std::string render_dot(const Desired& desired) {
  std::string text = "digraph manifests {\n  rankdir=LR;\n  node [shape=box];\n";
  std::map<std::string, std::vector<std::string>> by_scope;
  for (const auto& [address, resource] : desired.resources) {
    by_scope[resource.scope].push_back(dot_text(to_string(address)));
  }
  int cluster = 0;
  for (const auto& [scope, names] : by_scope) {
    text += fmt::format("  subgraph cluster_{} {{\n    label={};\n", ++cluster, dot_text(scope));
    for (const std::string& name : names) text += fmt::format("    {};\n", name);
    text += "  }\n";
  }
  for (const auto& [address, resource] : desired.resources) {
    const std::set<Address> needs(resource.depends_on.begin(), resource.depends_on.end());
    for (const Address& need : needs) {
      text += fmt::format("  {} -> {};\n", dot_text(to_string(need)), dot_text(to_string(address)));
    }
  }
  return text + "}\n";
}

}  // namespace aegis
