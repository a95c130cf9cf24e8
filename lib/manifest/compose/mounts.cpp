#include "manifest/compose/mounts.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <map>
#include <utility>

#include "base/text.h"
#include "manifest/compose/form.h"
#include "manifest/compose/lists.h"
#include "manifest/compose/report.h"
#include "manifest/compose/scalars.h"
#include "manifest/compose/short_mount.h"

namespace aegis::compose {
namespace {

std::optional<Node> read_type(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 4> k_types{"bind", "volume", "tmpfs", "image"};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 2> k_refused{{
      {"npipe", "only Windows has named pipes"},
      {"cluster", "only Docker Swarm has volumes of a cluster"},
  }};
  for (const auto& [type, reason] : k_refused) {
    if (value.text != type) continue;
    error(diagnostics,
          value.where,
          "not possible here",
          fmt::format("`{}` is {}: {}.", value.path, type, reason));
    return std::nullopt;
  }
  return read_word(value, k_types, diagnostics);
}

std::optional<Node> read_propagation(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 6> k_modes{
      "private", "rprivate", "shared", "rshared", "slave", "rslave"};
  return read_word(value, k_modes, diagnostics);
}

std::optional<Node> read_selinux(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 2> k_modes{"z", "Z"};
  return read_word(value, k_modes, diagnostics);
}

std::optional<Node> read_recursive(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 4> k_modes{"enabled", "disabled", "writable", "readonly"};
  return read_word(value, k_modes, diagnostics);
}

// Below the volume's own folder, wherever that is.
bool is_subpath(const std::string& text) {
  const std::filesystem::path path(text);
  return !text.empty() && path.is_relative() && *path.lexically_normal().begin() != "..";
}

std::optional<Node> read_subpath(const Node& value, Diagnostics& diagnostics) {
  return read_text_that(value, is_subpath, "a path inside the volume", diagnostics);
}

std::optional<Node> read_bind(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 4> k_fields{{
      {"propagation", read_propagation},
      {"create_host_path", read_flag},
      {"selinux", read_selinux},
      {"recursive", read_recursive},
  }};
  return read_object(value, k_fields, diagnostics);
}

std::optional<Node> read_volume(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 3> k_fields{{
      {"nocopy", read_flag},
      {"labels", read_labels},
      {"subpath", read_subpath},
  }};
  return read_object(value, k_fields, diagnostics);
}

std::optional<Node> read_tmpfs_part(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 2> k_fields{{{"size", read_bytes}, {"mode", read_mode}}};
  return read_object(value, k_fields, diagnostics);
}

std::optional<Node> read_image_part(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 1> k_fields{{{"subpath", read_subpath}}};
  return read_object(value, k_fields, diagnostics);
}

constexpr std::array<Field, 9> k_mount_fields{{
    {"type", read_type},
    {"source", read_text},
    {"target", read_text},
    {"read_only", read_flag},
    {"bind", read_bind},
    {"volume", read_volume},
    {"tmpfs", read_tmpfs_part},
    {"image", read_image_part},
    {"consistency", nullptr, Support::no_effect},
}};

bool require(const Node& item,
             std::string_view key,
             std::string_view why,
             Diagnostics& diagnostics) {
  if (item.find(key) != nullptr) return true;
  error(diagnostics,
        item.where,
        "missing key",
        fmt::format("`{}` needs `{}`{}.", item.path, key, why));
  return false;
}

bool check_parts(const Node& mount, const std::string& type, Diagnostics& diagnostics) {
  for (const std::string_view part : {"bind", "volume", "tmpfs", "image"}) {
    const Node* options = mount.find(part);
    if (options == nullptr || part == type) continue;
    error(diagnostics,
          options->where,
          "wrong mount options",
          fmt::format("`{}` does not go with a mount of type {}.", options->path, type));
    return false;
  }
  const Node* source = mount.find("source");
  if (type != "tmpfs" || source == nullptr) return true;
  error(diagnostics,
        source->where,
        "wrong mount options",
        fmt::format("`{}`: a tmpfs has no source.", source->path));
  return false;
}

std::optional<Node> read_long_mount(const Node& item, Diagnostics& diagnostics) {
  auto mount = read_object(item, k_mount_fields, diagnostics);
  if (!mount) return std::nullopt;
  if (!require(item, "type", ": bind, volume, tmpfs or image", diagnostics) ||
      !require(item, "target", ", the path inside the container", diagnostics))
    return std::nullopt;
  const std::string type = text_at(*mount, "type");
  const Node* target = mount->find("target");
  if (type.empty() || target == nullptr || !target->is_scalar()) return std::nullopt;
  if (type == "bind" && !require(item, "source", ", the path on the host", diagnostics))
    return std::nullopt;
  if (type == "image" && !require(item, "source", ", the image's name", diagnostics))
    return std::nullopt;
  if (!check_parts(*mount, type, diagnostics)) return std::nullopt;
  if (mount->find("read_only") == nullptr) set(*mount, "read_only", make_flag(false, item));
  const Node* options = mount->find(type);
  if (options != nullptr && options->members.empty()) erase(*mount, type);
  if (type == "bind") {
    if (mount->find("bind") == nullptr) set(*mount, "bind", make_mapping(item));
    Node& bind = *mount->find("bind");
    if (bind.find("create_host_path") == nullptr)
      set(bind, "create_host_path", make_flag(true, item));
  }
  return mount;
}

bool check_target(const std::string& target, const Node& item, Diagnostics& diagnostics) {
  if (target.starts_with('/') && target != "/") return true;
  wrong_value(diagnostics,
              item.is_scalar() ? item : *item.find("target"),
              "a mount with an absolute target",
              "The path inside the container starts with a slash and is not the root itself.");
  return false;
}

}  // namespace

// Permissions: 0755 is octal here, as everywhere else where permissions are written.
std::optional<Node> read_mode(const Node& value, Diagnostics& diagnostics) {
  const std::string& text = value.text;
  const bool octal = text.starts_with("0o") || (text.size() > 1 && text.front() == '0');
  if (!value.is_scalar() || !octal) return read_integer(value, 0, 07777, diagnostics);
  const std::string digits = text.substr(text.starts_with("0o") ? 2 : 1);
  if (digits.empty() || digits.size() > 4 ||
      digits.find_first_not_of("01234567") != std::string::npos) {
    wrong_value(diagnostics, value, "a file mode such as 0755");
    return std::nullopt;
  }
  return make_integer(std::stol(digits, nullptr, 8), value);
}

std::string clean_path(const std::string& path) {
  std::string clean = std::filesystem::path(path).lexically_normal().string();
  while (clean.size() > 1 && clean.ends_with('/')) clean.pop_back();
  return clean;
}

std::optional<Node> read_mounts(const Node& value, Diagnostics& diagnostics) {
  if (value.type != Node::Type::sequence) {
    wrong_type(diagnostics, value, "a list of mounts");
    return std::nullopt;
  }
  Node result = make_sequence(value);
  std::map<std::string, SourceSpan> targets;
  for (const Node& item : value.items) {
    std::optional<Node> mount;
    if (item.type == Node::Type::mapping) {
      mount = read_long_mount(item, diagnostics);
    } else if (const auto text = read_text(item, diagnostics)) {
      mount = read_short_mount(*text, diagnostics);
    }
    if (!mount) continue;
    Node& target = *mount->find("target");
    target.text = clean_path(target.text);
    if (!check_target(target.text, item, diagnostics)) continue;
    const auto [known, fresh] = targets.try_emplace(target.text, item.where);
    if (!fresh) {
      warning(diagnostics,
              item.where,
              "mount replaced",
              fmt::format("`{}` mounts a path that an earlier mount of the list uses already; the "
                          "earlier one is replaced.",
                          item.path));
      diagnostics.back().related = known->second;
    }
    result.items.push_back(std::move(*mount));
  }
  return result;
}

std::optional<Node> read_tmpfs(const Node& value, Diagnostics& diagnostics) {
  Node list = value;
  if (value.is_scalar()) {
    list = make_sequence(value);
    list.items.push_back(value);
  }
  if (list.type != Node::Type::sequence) {
    wrong_type(diagnostics, value, "a path or a list of paths");
    return std::nullopt;
  }
  Node result = make_mapping(value);
  for (const Node& item : list.items) {
    const auto text = read_text(item, diagnostics);
    if (!text) continue;
    const std::size_t colon = text->text.find(':');
    const std::string path = clean_path(text->text.substr(0, colon));
    if (!check_target(path, item, diagnostics)) continue;
    set(result,
        path,
        make_text(colon == std::string::npos ? "" : text->text.substr(colon + 1), item));
  }
  return result;
}

}  // namespace aegis::compose
