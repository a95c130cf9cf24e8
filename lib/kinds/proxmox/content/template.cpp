#include "kinds/proxmox/content/template.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "kinds/proxmox/content/template_file.h"
#include "kinds/proxmox/content/template_observe.h"
#include "kinds/proxmox/content/template_perform.h"

namespace aegis {
namespace proxmox {
namespace {

// A large image over a slow line.
constexpr std::chrono::hours k_fetch_timeout{2};

constexpr std::string_view k_note = "only looked at when the file is fetched";

constexpr std::array k_rules{
    AttributeRule{.path = "storage", .note = "another storage gets a file of its own"},
    AttributeRule{.path = "content", .note = "the folder that the storage keeps it in"},
    AttributeRule{.path = "url", .write_only = true, .note = k_note},
    AttributeRule{.path = "file", .write_only = true, .note = k_note},
    AttributeRule{.path = "checksum", .write_only = true, .note = k_note}};

Json normalize(const Resource& resource, const Observation&) {
  const TemplateFile file = read_template(resource);
  Json wanted{{"storage", file.storage}, {"content", file.content}};
  for (const std::string_view key : {"url", "file", "checksum"}) {
    const Json& value = get(resource.spec, key);
    if (!value.is_null()) wanted[std::string(key)] = value;
  }
  return wanted;
}

std::vector<Step> lower(const Lowering& lowering) {
  if (lowering.change.action == Action::adopt || lowering.desired == nullptr) return {};
  const TemplateFile file = read_template(*lowering.desired);
  const bool removes = lowering.change.action == Action::remove;
  Step step;
  step.id = 1;
  step.operation = removes ? "remove" : file.path.empty() ? "fetch" : "upload";
  step.title = fmt::format("{} {}", step.operation, file.volume());
  step.input = {{"endpoint", text_or(lowering.scope.settings, "endpoint")},
                {"node", text_or(lowering.scope.settings, "node")},
                {"storage", file.storage},
                {"content", file.content},
                {"name", file.name},
                {"url", file.url},
                {"file", file.path},
                {"algorithm", file.algorithm},
                {"checksum", file.checksum}};
  // One upload at a time: a host is sent few writes at once, and others must get their turn.
  if (step.operation == "upload") {
    step.lane = fmt::format("{}/upload", text_or(lowering.scope.settings, "endpoint"));
  }
  step.timeout = k_fetch_timeout;
  step.prepares = !removes;
  return {step};
}

}  // namespace
}  // namespace proxmox

const Kind& template_kind() {
  static const Kind k_kind{.name = "template",
                           .scope_type = "server",
                           .schema = "templates",
                           .rules = proxmox::k_rules,
                           .queries = proxmox::template_queries,
                           .interpret = proxmox::interpret_templates,
                           .normalize = proxmox::normalize,
                           .refine = nullptr,
                           .lower = proxmox::lower,
                           .perform = proxmox::perform_template,
                           .survey = proxmox::survey_templates,
                           .declare = proxmox::declare_templates};
  return k_kind;
}

}  // namespace aegis
