#include "manifest/compose/short_mount.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "manifest/compose/report.h"

namespace aegis::compose {
namespace {

constexpr std::array<std::string_view, 6> k_propagations{
    "private", "rprivate", "shared", "rshared", "slave", "rslave"};
constexpr std::array<std::string_view, 3> k_consistencies{"cached", "delegated", "consistent"};

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_host_path(std::string_view source) {
  return source.starts_with('.') || source.starts_with('/') || source.starts_with('~');
}

Node& part(Node& mount, const std::string& name) {
  if (mount.find(name) == nullptr) set(mount, name, make_mapping(mount));
  return *mount.find(name);
}

// False when the option does not go with a mount of this type.
bool apply_option(Node& mount, const std::string& option, bool& known) {
  const bool bind = text_at(mount, "type") == "bind";
  known = true;
  if (option == "ro" || option == "rw") {
    set(mount, "read_only", make_flag(option == "ro", mount));
    return true;
  }
  if (option == "nocopy") {
    if (!bind) set(part(mount, "volume"), "nocopy", make_flag(true, mount));
    return !bind;
  }
  if (option == "z" || option == "Z") {
    set(part(mount, "bind"), "selinux", make_text(option, mount));
    return true;
  }
  if (contains(k_propagations, option)) {
    if (bind) set(part(mount, "bind"), "propagation", make_text(option, mount));
    return bind;
  }
  known = false;
  return false;
}

bool read_options(Node& mount, const std::string& options, Diagnostics& diagnostics) {
  for (const std::string& option : split(options, ',')) {
    if (contains(k_consistencies, option)) {
      note(diagnostics,
           mount.where,
           "no effect",
           fmt::format("The option `{}` of `{}` has no effect on Linux.", option, mount.path));
      continue;
    }
    bool known = false;
    if (apply_option(mount, option, known)) continue;
    error(diagnostics,
          mount.where,
          "invalid value",
          known ? fmt::format("`{}` has the option `{}`, which does not go with a {}.",
                              mount.path,
                              option,
                              text_at(mount, "type") == "bind" ? "host path" : "volume")
                : fmt::format("`{}` has an option that is not known. Options are ro, rw, z, Z, "
                              "nocopy and the propagation modes, such as rslave.",
                              mount.path));
    return false;
  }
  return true;
}

bool check_source(const Node& item, const std::string& source, Diagnostics& diagnostics) {
  if (source.empty()) {
    wrong_value(diagnostics, item, "a mount: there is nothing before its colon");
    return false;
  }
  if (source.size() == 1 && !is_host_path(source)) {
    error(diagnostics,
          item.where,
          "volume name too short",
          fmt::format("`{}` uses a volume with a name of one letter, which Compose takes for a "
                      "Windows drive. Give the volume a longer name.",
                      item.path));
    return false;
  }
  return true;
}

}  // namespace

std::optional<Node> read_short_mount(const Node& item, Diagnostics& diagnostics) {
  auto pieces = split(item.text, ':');
  if (pieces.size() > 3) {
    wrong_value(diagnostics, item, "a mount of the form [source:]target[:options]");
    return std::nullopt;
  }
  Node mount = make_mapping(item);
  const bool anonymous = pieces.size() == 1;
  if (!anonymous && !check_source(item, pieces[0], diagnostics)) return std::nullopt;
  const bool bind = !anonymous && is_host_path(pieces[0]);
  set(mount, "type", make_text(bind ? "bind" : "volume", item));
  if (!anonymous) set(mount, "source", slice(item, {0, pieces[0].size()}));
  const std::size_t target = anonymous ? 0 : pieces[0].size() + 1;
  set(mount, "target", slice(item, {target, target + pieces[anonymous ? 0 : 1].size()}));
  set(mount, "read_only", make_flag(false, item));
  if (bind) set(part(mount, "bind"), "create_host_path", make_flag(true, item));
  if (pieces.size() == 3 && !read_options(mount, pieces[2], diagnostics)) return std::nullopt;
  return mount;
}

}  // namespace aegis::compose
