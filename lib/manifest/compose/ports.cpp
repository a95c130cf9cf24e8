#include "manifest/compose/ports.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "manifest/compose/form.h"
#include "manifest/compose/ip_text.h"
#include "manifest/compose/port_range.h"
#include "manifest/compose/report.h"
#include "manifest/compose/scalars.h"

namespace aegis::compose {
namespace {

constexpr std::string_view k_short_help =
    "Ports are written [ip:][host:]container[/protocol], such as \"8080:80\" or "
    "\"127.0.0.1:5432:5432/tcp\", with numbers from 1 to 65535 or ranges of them; an IPv6 address "
    "stands in brackets.";

// The pieces of a short port as they are written.
struct ShortPort {
  std::string host_ip;
  std::string published;
  std::string target;
  std::string protocol = "tcp";
};

std::optional<ShortPort> cut_short_port(std::string_view text) {
  ShortPort port;
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    port.protocol = to_lower(text.substr(slash + 1));
    text = text.substr(0, slash);
  }
  if (text.starts_with('[')) {
    const std::size_t bracket = text.find("]:");
    if (bracket == std::string_view::npos) return std::nullopt;
    port.host_ip = text.substr(1, bracket - 1);
    text = text.substr(bracket + 2);
  }
  auto pieces = split(text, ':');
  if (pieces.size() == 3 && port.host_ip.empty()) {
    port.host_ip = pieces.front();
    if (port.host_ip.empty()) return std::nullopt;
    pieces.erase(pieces.begin());
  }
  if (pieces.size() > 2) return std::nullopt;
  port.target = pieces.back();
  if (pieces.size() == 2) port.published = pieces.front();
  return port;
}

bool check_protocol(const std::string& protocol, const Node& at, Diagnostics& diagnostics) {
  if (protocol == "tcp" || protocol == "udp" || protocol == "sctp") return true;
  wrong_value(diagnostics, at, "a port with the protocol tcp, udp or sctp");
  return false;
}

bool check_host_ip(const std::string& host_ip, const Node& at, Diagnostics& diagnostics) {
  if (host_ip.empty() || is_ipv4(host_ip) || is_ipv6(host_ip)) return true;
  wrong_value(diagnostics, at, "a port whose host address is an IPv4 or IPv6 address");
  return false;
}

Node make_port(int target, std::string published, const ShortPort& port, const Node& from) {
  Node node = make_mapping(from);
  set(node, "target", make_integer(target, from));
  set(node, "published", make_text(std::move(published), from));
  set(node, "host_ip", make_text(port.host_ip, from));
  set(node, "protocol", make_text(port.protocol, from));
  return node;
}

void add_short_port(Node& result, const Node& item, Diagnostics& diagnostics) {
  const auto port = cut_short_port(item.text);
  const auto target = port ? parse_port_range(port->target) : std::nullopt;
  const bool chosen = !port || port->published.empty() || port->published == "0";
  std::optional<PortRange> published;
  if (!chosen) published = parse_port_range(port->published);
  if (!target || (!chosen && !published)) {
    wrong_value(diagnostics, item, "a port", k_short_help);
    return;
  }
  if (!check_protocol(port->protocol, item, diagnostics) ||
      !check_host_ip(port->host_ip, item, diagnostics))
    return;
  if (published && target->size() == 1) {
    result.items.push_back(make_port(target->first, port->published, *port, item));
    return;
  }
  if (published && published->size() != target->size()) {
    wrong_value(diagnostics, item, "a pair of port ranges of one length");
    return;
  }
  for (int i = 0; i < target->size(); ++i) {
    std::string host = published ? std::to_string(published->first + i) : "";
    result.items.push_back(make_port(target->first + i, std::move(host), *port, item));
  }
}

std::optional<Node> read_target(const Node& value, Diagnostics& diagnostics) {
  return read_integer(value, 1, 65535, diagnostics);
}

std::optional<Node> read_published(const Node& value, Diagnostics& diagnostics) {
  auto text = read_scalar_as_text(value, diagnostics);
  if (!text) return std::nullopt;
  if (text->text == "0") text->text.clear();
  if (text->text.empty() || parse_port_range(text->text)) return text;
  wrong_value(diagnostics, value, "a port from 1 to 65535 or a range of ports");
  return std::nullopt;
}

std::optional<Node> read_host_ip(const Node& value, Diagnostics& diagnostics) {
  auto text = read_text(value, diagnostics);
  if (!text || !check_host_ip(text->text, value, diagnostics)) return std::nullopt;
  return text;
}

std::optional<Node> read_protocol(const Node& value, Diagnostics& diagnostics) {
  auto text = read_text(value, diagnostics);
  if (!text || !check_protocol(to_lower(text->text), value, diagnostics)) return std::nullopt;
  text->text = to_lower(text->text);
  return text;
}

std::optional<Node> read_publish_mode(const Node& value, Diagnostics& diagnostics) {
  constexpr std::array<std::string_view, 2> k_modes{"ingress", "host"};
  return read_word(value, k_modes, diagnostics);
}

constexpr std::array<Field, 7> k_port_fields{{
    {"target", read_target},
    {"published", read_published},
    {"host_ip", read_host_ip},
    {"protocol", read_protocol},
    {"mode", read_publish_mode},
    {"name", read_text},
    {"app_protocol", read_text},
}};

void add_long_port(Node& result, const Node& item, Diagnostics& diagnostics) {
  auto port = read_object(item, k_port_fields, diagnostics);
  if (!port) return;
  if (item.find("target") == nullptr) {
    error(diagnostics,
          item.where,
          "missing key",
          fmt::format("`{}` needs `target`, the port inside the container.", item.path));
    return;
  }
  if (port->find("target") == nullptr) return;
  if (port->find("published") == nullptr) set(*port, "published", make_text("", item));
  if (port->find("host_ip") == nullptr) set(*port, "host_ip", make_text("", item));
  if (port->find("protocol") == nullptr) set(*port, "protocol", make_text("tcp", item));
  result.items.push_back(std::move(*port));
}

void add_exposed(Node& result, const Node& item, Diagnostics& diagnostics) {
  const auto text = read_scalar_as_text(item, diagnostics);
  if (!text) return;
  const std::size_t slash = text->text.find('/');
  const std::string protocol =
      slash == std::string::npos ? "tcp" : to_lower(text->text.substr(slash + 1));
  const auto ports = parse_port_range(text->text.substr(0, slash));
  if (!ports) {
    wrong_value(diagnostics, item, "a port such as 80 or \"53/udp\"");
    return;
  }
  if (!check_protocol(protocol, item, diagnostics)) return;
  for (int port = ports->first; port <= ports->last; ++port)
    result.items.push_back(make_text(fmt::format("{}/{}", port, protocol), item));
}

}  // namespace

std::optional<Node> read_ports(const Node& value, Diagnostics& diagnostics) {
  if (value.type != Node::Type::sequence) {
    wrong_type(diagnostics, value, "a list of ports");
    return std::nullopt;
  }
  Node result = make_sequence(value);
  for (const Node& item : value.items) {
    if (item.type == Node::Type::mapping) {
      add_long_port(result, item, diagnostics);
    } else if (auto text = read_scalar_as_text(item, diagnostics)) {
      add_short_port(result, *text, diagnostics);
    }
  }
  return result;
}

std::optional<Node> read_expose(const Node& value, Diagnostics& diagnostics) {
  if (value.type != Node::Type::sequence) {
    wrong_type(diagnostics, value, "a list of ports");
    return std::nullopt;
  }
  Node result = make_sequence(value);
  for (const Node& item : value.items) add_exposed(result, item, diagnostics);
  return result;
}

void drop_cluster_port_keys(Node& service, Diagnostics& diagnostics) {
  Node* ports = service.find("ports");
  if (ports == nullptr) return;
  for (Node& port : ports->items) {
    for (const char* key : {"mode", "name", "app_protocol"}) {
      const Node* said = port.find(key);
      if (said == nullptr) continue;
      note(diagnostics,
           said->where,
           "no effect",
           fmt::format("`{}` has no effect on one Docker engine and is ignored.", said->path));
      erase(port, key);
    }
  }
}

}  // namespace aegis::compose
