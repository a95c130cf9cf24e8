#include "manifest/compose/shared_resource.h"

#include <fmt/format.h>

#include <array>

#include "manifest/compose/form.h"
#include "manifest/compose/ip_text.h"
#include "manifest/compose/lists.h"
#include "manifest/compose/report.h"
#include "manifest/compose/scalars.h"

namespace aegis::compose {
namespace {

std::optional<Node> read_subnet(const Node& value, Diagnostics& diagnostics) {
  return read_text_that(value, is_subnet, "a network such as 172.28.0.0/16", diagnostics);
}

std::optional<Node> read_gateway(const Node& value, Diagnostics& diagnostics) {
  const auto is_address = [](const std::string& text) { return is_ipv4(text) || is_ipv6(text); };
  return read_text_that(value, is_address, "an IPv4 or IPv6 address", diagnostics);
}

std::optional<Node> read_aux_addresses(const Node& value, Diagnostics& diagnostics) {
  return read_named(value, read_gateway, diagnostics);
}

std::optional<Node> read_pool(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 4> k_fields{{
      {"subnet", read_subnet},
      {"gateway", read_gateway},
      {"ip_range", read_subnet},
      {"aux_addresses", read_aux_addresses},
  }};
  return read_object(value, k_fields, diagnostics);
}

std::optional<Node> read_pools(const Node& value, Diagnostics& diagnostics) {
  return read_list(value, read_pool, "a list of subnets", diagnostics);
}

std::optional<Node> read_ipam(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 3> k_fields{{
      {"driver", read_text},
      {"config", read_pools},
      {"options", read_options},
  }};
  return read_object(value, k_fields, diagnostics);
}

std::optional<Node> read_engine_name(const Node& value, Diagnostics& diagnostics) {
  auto text = read_text(value, diagnostics);
  if (!text || !text->text.empty()) return text;
  wrong_value(diagnostics, value, "a name");
  return std::nullopt;
}

std::optional<Node> read_external(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<Field, 1> k_fields{{{"name", read_engine_name}}};
  if (value.type == Node::Type::mapping) return read_object(value, k_fields, diagnostics);
  return read_flag(value, diagnostics);
}

constexpr std::array<Field, 10> k_network_fields{{
    {"name", read_engine_name},
    {"driver", read_text},
    {"driver_opts", read_options},
    {"ipam", read_ipam},
    {"internal", read_flag},
    {"attachable", read_flag},
    {"enable_ipv6", read_flag},
    {"labels", read_labels},
    {"external", read_external},
    {"enable_ipv4", read_flag},
}};

constexpr std::array<Field, 5> k_volume_fields{{
    {"name", read_engine_name},
    {"driver", read_text},
    {"driver_opts", read_options},
    {"labels", read_labels},
    {"external", read_external},
}};

void settle_external(Node& resource, Diagnostics& diagnostics) {
  const Node* found = resource.find("external");
  if (found == nullptr || is_reset(*found)) return;
  const Node external = *found;
  if (external.type != Node::Type::mapping) return;
  warning(
      diagnostics,
      external.where,
      "old notation",
      fmt::format("`{}.name` is an old notation. Write `external: true`, and `name:` beside it.",
                  external.path));
  if (const Node* name = external.find("name")) set(resource, "name", *name);
  set(resource, "external", make_flag(true, external));
}

std::optional<Node> read_resource(const Node& value,
                                  std::span<const Field> fields,
                                  Diagnostics& diagnostics) {
  if (value.type == Node::Type::null) return make_mapping(value);
  auto resource = read_object(value, fields, diagnostics);
  if (resource) settle_external(*resource, diagnostics);
  return resource;
}

}  // namespace

std::optional<Node> read_network(const Node& value, Diagnostics& diagnostics) {
  return read_resource(value, k_network_fields, diagnostics);
}

std::optional<Node> read_volume(const Node& value, Diagnostics& diagnostics) {
  return read_resource(value, k_volume_fields, diagnostics);
}

}  // namespace aegis::compose
