#include "manifest/compose/build.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/build_context.h"
#include "base/digest.h"
#include "base/text.h"
#include "manifest/compose/form.h"
#include "manifest/compose/kernel_forms.h"
#include "manifest/compose/lists.h"
#include "manifest/compose/report.h"
#include "manifest/compose/runtime_forms.h"
#include "manifest/compose/scalars.h"

namespace aegis::compose {
namespace {

constexpr Support k_refused = Support::refused;
constexpr Support k_no_effect = Support::no_effect;
constexpr std::string_view k_session =
    "needs a conversation with BuildKit while it builds, which the engine's API alone does not "
    "have";

constexpr std::array k_fields{
    Field{"context", read_text},
    Field{"dockerfile", read_text},
    Field{"dockerfile_inline", read_text},
    Field{"args", read_environment},
    Field{"labels", read_labels},
    Field{"target", read_text},
    Field{"network", read_text},
    Field{"no_cache", read_flag},
    Field{"pull", read_flag},
    Field{"extra_hosts", read_extra_hosts},
    Field{"shm_size", read_bytes},
    Field{"tags", read_texts},
    Field{"ulimits", read_ulimits},
    Field{"isolation", read_isolation},
    Field{"cache_from", nullptr, k_no_effect},
    Field{"cache_to", nullptr, k_no_effect},
    Field{"provenance", nullptr, k_no_effect},
    Field{"sbom", nullptr, k_no_effect},
    Field{"additional_contexts", nullptr, k_refused, k_session},
    Field{"entitlements", nullptr, k_refused, k_session},
    Field{"no_cache_filter", nullptr, k_refused, k_session},
    Field{"platforms",
          nullptr,
          k_refused,
          "is for images of several platforms; the service's `platform` says which one to build"},
    Field{"privileged", nullptr, k_refused, k_session},
    Field{"secrets", nullptr, k_refused, k_session},
    Field{"ssh", nullptr, k_refused, k_session},
};

// What a Dockerfile that stands in the Compose file is called among the files sent.
constexpr const char* k_inline_name = ".aegisctl.Dockerfile";

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

std::string text_of(const std::vector<TarEntry>& context, const std::string& path) {
  const auto file = std::find_if(
      context.begin(), context.end(), [&](const TarEntry& entry) { return entry.path == path; });
  return file == context.end() ? "" : file->content;
}

// The images that a Dockerfile starts from. One whose name is put together only by the builder
// stays out.
std::vector<std::string> base_images(const std::string& dockerfile) {
  std::vector<std::string> images;
  std::set<std::string> stages{"scratch"};
  for (const std::string& line : split(dockerfile, '\n')) {
    auto words = split_any(line, " \t\r");
    std::erase_if(words, [](const std::string& word) { return word.starts_with("--"); });
    if (words.size() < 2 || to_lower(words[0]) != "from") continue;
    const bool is_plain = words[1].find('$') == std::string::npos && !stages.contains(words[1]);
    if (is_plain) images.push_back(words[1]);
    if (words.size() > 3) stages.insert(words[3]);
  }
  return images;
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
      build.find("dockerfile_inline") != nullptr ||
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
  const Node* own = build.find("dockerfile_inline");
  Node images = make_sequence(build);
  for (const std::string& image :
       base_images(own == nullptr ? text_of(*context, dockerfile) : own->text))
    images.items.push_back(make_text(image, build));
  if (!images.items.empty()) set(build, "base_images", std::move(images));
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
  const Node* own = build.find("dockerfile_inline");
  const Node* file = build.find("dockerfile");
  if (own != nullptr && file != nullptr) {
    error(diagnostics,
          file->where,
          "contradiction",
          fmt::format("`{}` and `{}` exclude each other. Keep one of them.", file->path, own->path),
          &own->where);
    return std::nullopt;
  }
  if (own == nullptr && file == nullptr) set(build, "dockerfile", make_text("Dockerfile", value));
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
  if (build->find("dockerfile") == nullptr)
    set(*build, "dockerfile", make_text(k_inline_name, *build));
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
  // Where it lies, and how it is built, are not what is built.
  for (const char* key : {"context", "no_cache", "pull", "base_images"}) deciding.erase(key);
  json["digest"] = sha256_hex(dump_json(deciding));
  return json;
}

}  // namespace aegis::compose
