#include "manifest/compose/build.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/build_context.h"
#include "base/digest.h"
#include "manifest/compose/form.h"
#include "manifest/compose/lists.h"
#include "manifest/compose/report.h"
#include "manifest/compose/scalars.h"

namespace aegis::compose {
namespace {

constexpr Support k_not_yet = Support::not_yet;
constexpr Support k_no_effect = Support::no_effect;

constexpr std::array<Field, 22> k_fields{{
    {"context", read_text},
    {"dockerfile", read_text},
    {"args", read_environment},
    {"labels", read_labels},
    {"target", read_text},
    {"cache_from", nullptr, k_no_effect},
    {"cache_to", nullptr, k_no_effect},
    {"provenance", nullptr, k_no_effect},
    {"sbom", nullptr, k_no_effect},
    {"additional_contexts", nullptr, k_not_yet},
    {"dockerfile_inline", nullptr, k_not_yet},
    {"entitlements", nullptr, k_not_yet},
    {"extra_hosts", nullptr, k_not_yet},
    {"network", nullptr, k_not_yet},
    {"no_cache", nullptr, k_not_yet},
    {"platforms", nullptr, k_not_yet},
    {"privileged", nullptr, k_not_yet},
    {"pull", nullptr, k_not_yet},
    {"secrets", nullptr, k_not_yet},
    {"shm_size", nullptr, k_not_yet},
    {"ssh", nullptr, k_not_yet},
    {"tags", nullptr, k_not_yet},
}};

bool is_elsewhere(const std::string& context) {
  return context.find("://") != std::string::npos || context.starts_with("git@") ||
         context.starts_with("github.com/");
}

void fill_in(Node& args, const Variables& variables) {
  for (Member& member : args.members) {
    if (member.value.type != Node::Type::null) continue;
    if (auto variable = variables(member.key)) {
      member.value = make_text(std::move(variable->value), member.value);
      member.value.interpolated = true;
      if (variable->secrecy != Secrecy::none) {
        member.value.secret.push_back({0, member.value.text.size()});
      }
    }
  }
}

void add_digest(Node& build, Diagnostics& diagnostics) {
  const Node& folder = *build.find("context");
  const std::string dockerfile = text_at(build, "dockerfile");
  const auto context = read_build_context(folder.text, dockerfile);
  if (!context) {
    error(diagnostics,
          folder.where,
          "build context not readable",
          fmt::format("`{}`: {}.", folder.path, context.error().message));
    return;
  }
  const bool has_dockerfile =
      std::any_of(context->begin(), context->end(), [&](const TarEntry& entry) {
        return entry.path == dockerfile;
      });
  if (!has_dockerfile) {
    error(diagnostics,
          build.where,
          "no Dockerfile",
          fmt::format("`{}`: there is no file {} in {}.", build.path, dockerfile, folder.text));
    return;
  }
  set(build, "context_digest", make_text(context_digest(*context), build));
}

}  // namespace

std::optional<Node> read_build(const Node& value, Diagnostics& diagnostics) {
  Node build = make_mapping(value);
  if (value.type == Node::Type::mapping) {
    auto read = read_object(value, k_fields, diagnostics);
    if (!read) return std::nullopt;
    build = std::move(*read);
  } else if (auto text = read_text(value, diagnostics)) {
    set(build, "context", std::move(*text));
  } else {
    return std::nullopt;
  }
  if (build.find("context") == nullptr) set(build, "context", make_text(".", value));
  if (build.find("dockerfile") == nullptr) set(build, "dockerfile", make_text("Dockerfile", value));
  const Node& context = *build.find("context");
  if (!is_elsewhere(context.text)) return build;
  error(diagnostics,
        context.where,
        "build context elsewhere",
        fmt::format("`{}` is not a folder. Only folders of this machine can be built from.",
                    context.path));
  return std::nullopt;
}

void resolve_build(Node& service,
                   const std::string& name,
                   const std::string& project_name,
                   const Variables& variables,
                   Diagnostics& diagnostics) {
  Node* build = service.find("build");
  if (build == nullptr || build->find("context") == nullptr) return;
  if (!build->find("context")->is_scalar()) return;
  Node& dockerfile = *build->find("dockerfile");
  dockerfile.text = std::filesystem::path(dockerfile.text).lexically_normal().string();
  if (Node* args = build->find("args")) fill_in(*args, variables);
  add_digest(*build, diagnostics);
  if (service.find("image") == nullptr) {
    set(service, "image", make_text(fmt::format("{}-{}", project_name, name), *build));
  }
}

Json build_json(const Node& build, Diagnostics& diagnostics) {
  if (const Node* args = build.find("args")) {
    for (const Member& arg : args->members) {
      if (arg.value.secret.empty() && !is_secret_name(arg.key)) continue;
      error(diagnostics,
            arg.where,
            "secret in a build argument",
            fmt::format("`{}` looks like a secret, and an image shows its build arguments to "
                        "everyone who has it.",
                        arg.value.path));
    }
  }
  Json json = to_json(build);
  Json deciding = json;
  deciding.erase("context");
  json["digest"] = sha256_hex(dump_json(deciding));
  return json;
}

}  // namespace aegis::compose
