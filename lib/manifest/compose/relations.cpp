#include "manifest/compose/relations.h"

#include <fmt/format.h>

#include <array>
#include <limits>

#include "manifest/compose/form.h"
#include "manifest/compose/ip_text.h"
#include "manifest/compose/lists.h"
#include "manifest/compose/report.h"
#include "manifest/compose/scalars.h"

namespace aegis::compose {
namespace {

std::optional<Node> read_ipv4(const Node& value, Diagnostics& diagnostics) {
  return read_text_that(value, is_ipv4, "an IPv4 address", diagnostics);
}

std::optional<Node> read_ipv6(const Node& value, Diagnostics& diagnostics) {
  return read_text_that(value, is_ipv6, "an IPv6 address", diagnostics);
}

std::optional<Node> read_mac(const Node& value, Diagnostics& diagnostics) {
  return read_text_that(
      value, is_mac_address, "a MAC address such as 02:42:ac:11:00:02", diagnostics);
}

std::optional<Node> read_priority(const Node& value, Diagnostics& diagnostics) {
  constexpr std::int64_t k_limit = std::numeric_limits<std::int32_t>::max();
  return read_integer(value, -k_limit, k_limit, diagnostics);
}

std::optional<Node> read_address(const Node& value, Diagnostics& diagnostics) {
  const auto is_address = [](const std::string& text) { return is_ipv4(text) || is_ipv6(text); };
  return read_text_that(value, is_address, "an IPv4 or IPv6 address", diagnostics);
}

std::optional<Node> read_link_local(const Node& value, Diagnostics& diagnostics) {
  return read_list(value, read_address, "a list of addresses", diagnostics);
}

// What the kernel takes as the name of a network interface.
bool is_interface_name(const std::string& text) {
  constexpr std::size_t k_longest = 15;
  return !text.empty() && text.size() <= k_longest && text != "." && text != ".." &&
         text.find_first_of("/: \t") == std::string::npos;
}

std::optional<Node> read_interface_name(const Node& value, Diagnostics& diagnostics) {
  return read_text_that(
      value, is_interface_name, "the name of a network interface such as eth0", diagnostics);
}

std::optional<Node> read_attachment(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 9> k_fields{{
      {"aliases", read_texts},
      {"ipv4_address", read_ipv4},
      {"ipv6_address", read_ipv6},
      {"mac_address", read_mac},
      {"priority", read_priority},
      {"link_local_ips", read_link_local},
      {"driver_opts", read_options},
      {"gw_priority", read_priority},
      {"interface_name", read_interface_name},
  }};
  if (value.type == Node::Type::null) return make_mapping(value);
  return read_object(value, k_fields, diagnostics);
}

std::optional<Node> read_condition(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 3> k_conditions{
      "service_started", "service_healthy", "service_completed_successfully"};
  return read_word(value, k_conditions, diagnostics);
}

void add_defaults(Node& dependency, const Node& from) {
  if (dependency.find("condition") == nullptr)
    set(dependency, "condition", make_text("service_started", from));
  if (dependency.find("restart") == nullptr) set(dependency, "restart", make_flag(false, from));
  if (dependency.find("required") == nullptr) set(dependency, "required", make_flag(true, from));
}

std::optional<Node> read_dependency(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 3> k_fields{{
      {"condition", read_condition},
      {"restart", read_flag},
      {"required", read_flag},
  }};
  auto dependency = read_object(value, k_fields, diagnostics);
  if (!dependency) return std::nullopt;
  if (value.find("condition") == nullptr) {
    error(diagnostics,
          value.where,
          "missing key",
          fmt::format("`{}` needs `condition`: service_started, service_healthy or "
                      "service_completed_successfully.",
                      value.path));
    return std::nullopt;
  }
  add_defaults(*dependency, value);
  return dependency;
}

// A list of names to a mapping of empty mappings.
std::optional<Node> names_to_mapping(const Node& value, Diagnostics& diagnostics) {
  const auto names = read_texts(value, diagnostics);
  if (!names) return std::nullopt;
  Node result = make_mapping(value);
  for (const Node& name : names->items) {
    Node empty = make_mapping(name);
    empty.interpolated = name.interpolated;
    set(result, name.text, std::move(empty));
  }
  return result;
}

std::optional<Node> read_path(const Node& value, Diagnostics& diagnostics) {
  auto path = read_text(value, diagnostics);
  if (!path || !path->text.empty()) return path;
  wrong_value(diagnostics, value, "a path");
  return std::nullopt;
}

std::optional<Node> read_format(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 1> k_formats{"raw"};
  return read_word(value, k_formats, diagnostics);
}

std::optional<Node> read_env_file_item(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 3> k_fields{{
      {"path", read_path},
      {"required", read_flag},
      {"format", read_format},
  }};
  if (value.type == Node::Type::mapping) {
    auto file = read_object(value, k_fields, diagnostics);
    if (value.find("path") != nullptr) return file;
    error(diagnostics, value.where, "missing key", fmt::format("`{}` needs `path`.", value.path));
    return std::nullopt;
  }
  auto path = read_path(value, diagnostics);
  if (!path) return std::nullopt;
  Node file = make_mapping(value);
  set(file, "path", std::move(*path));
  return file;
}

std::optional<Node> read_label_file_item(const Node& value, Diagnostics& diagnostics) {
  const auto path = read_text(value, diagnostics);
  return path ? read_env_file_item(*path, diagnostics) : std::nullopt;
}

}  // namespace

std::optional<Node> read_attachments(const Node& value, Diagnostics& diagnostics) {
  if (value.type == Node::Type::sequence) return names_to_mapping(value, diagnostics);
  return read_named(value, read_attachment, diagnostics);
}

std::optional<Node> read_depends_on(const Node& value, Diagnostics& diagnostics) {
  if (value.type != Node::Type::sequence) return read_named(value, read_dependency, diagnostics);
  auto result = names_to_mapping(value, diagnostics);
  if (!result) return std::nullopt;
  for (Member& member : result->members) add_defaults(member.value, member.value);
  return result;
}

std::optional<Node> read_env_file(const Node& value, Diagnostics& diagnostics) {
  if (value.type == Node::Type::sequence)
    return read_list(value, read_env_file_item, "a list of files", diagnostics);
  auto file = read_env_file_item(value, diagnostics);
  if (!file) return std::nullopt;
  Node result = make_sequence(value);
  result.items.push_back(std::move(*file));
  return result;
}

std::optional<Node> read_label_file(const Node& value, Diagnostics& diagnostics) {
  if (value.is_scalar()) return read_env_file(value, diagnostics);
  return read_list(value, read_label_file_item, "a list of files", diagnostics);
}

std::optional<Node> read_mac_address(const Node& value, Diagnostics& diagnostics) {
  return read_mac(value, diagnostics);
}

}  // namespace aegis::compose
