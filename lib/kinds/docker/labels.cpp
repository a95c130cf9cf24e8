#include "kinds/docker/labels.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "base/digest.h"
#include "base/text.h"
#include "base/vault.h"
#include "kinds/docker/replica.h"
#include "kinds/docker/shape.h"

namespace aegis::docker {
namespace {

// Compose only asks for its presence. Secrets stay out: a label is readable by anyone, and a hash
// of a weak secret can be guessed.
std::string config_hash(const Json& spec) {
  return sha256_hex(dump_json(redacted(spec)));
}

std::string dependencies_of(const Json& spec) {
  std::vector<std::string> pieces;
  for (const auto& [name, how] : get(spec, "depends_on").items()) {
    pieces.push_back(fmt::format("{}:{}:{}",
                                 name,
                                 text_or(how, "condition", "service_started"),
                                 as_bool(get(how, "restart")).value_or(false)));
  }
  return join(pieces, ",");
}

Json common_labels(const Stack& stack, const Resource& resource) {
  return {{std::string(k_project_label), stack.project},
          {"com.docker.compose.config-hash", config_hash(resource.spec)},
          {"com.docker.compose.version", "aegisctl"},
          {std::string(k_stack_label), stack.name}};
}

void add_declared(Json& labels, const Json& spec) {
  for (const auto& [key, value] : get(spec, "labels").items()) labels[key] = value;
}

}  // namespace

bool is_injected(std::string_view label) {
  return label.starts_with("com.docker.compose.") || label.starts_with("io.aegisctl.") ||
         label.starts_with("com.docker.stack.") || label == "com.docker.volume.anonymous";
}

Json declared_labels(const Json& labels) {
  Json kept = Json::object();
  if (!labels.is_object()) return kept;
  for (const auto& [key, value] : labels.items()) {
    if (!is_injected(key)) kept[key] = value;
  }
  return kept;
}

Json container_labels(const Stack& stack,
                      const Resource& service,
                      const std::string& declared,
                      const std::string& sealed) {
  Json labels = common_labels(stack, service);
  add_declared(labels, service.spec);
  const Replica replica = replica_of(service.address.name, service.spec);
  labels[std::string(k_service_label)] = replica.service;
  labels[std::string(k_oneoff_label)] = "False";
  labels[std::string(k_number_label)] = std::to_string(replica.number);
  labels["com.docker.compose.depends_on"] = dependencies_of(service.spec);
  labels["com.docker.compose.project.working_dir"] = stack.working_dir;
  labels["com.docker.compose.project.config_files"] = stack.config_files;
  labels[std::string(k_declared_label)] = declared;
  if (!sealed.empty()) labels[std::string(k_sealed_label)] = sealed;
  return labels;
}

Json object_labels(const Stack& stack,
                   std::string_view kind_label,
                   const Resource& resource,
                   const Json& wanted,
                   const std::string& declared) {
  Json labels = common_labels(stack, resource);
  add_declared(labels, resource.spec);
  labels[std::string(kind_label)] = resource.address.name;
  if (!declared.empty()) labels[std::string(k_declared_label)] = declared;
  const std::string sealed = join(sealed_paths(wanted), ",");
  if (!sealed.empty()) labels[std::string(k_sealed_label)] = sealed;
  return labels;
}

}  // namespace aegis::docker
