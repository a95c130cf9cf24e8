#include "manifest/compose/links.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "manifest/compose/form.h"
#include "manifest/compose/namespaces.h"
#include "manifest/compose/report.h"
#include "manifest/compose/scalars.h"

namespace aegis::compose {
namespace {

constexpr std::string_view k_container = "container:";
constexpr std::array<const char*, 3> k_modes{"network_mode", "ipc", "pid"};

std::optional<Node> read_link(const Node& value, Diagnostics& diagnostics) {
  auto text = read_text(value, diagnostics);
  if (!text) return std::nullopt;
  const auto pieces = split(text->text, ':');
  const bool good = pieces.size() <= 2 && !pieces.front().empty() && !pieces.back().empty();
  if (!good) {
    wrong_value(diagnostics, value, "a link of the form name[:alias]");
    return std::nullopt;
  }
  if (pieces.size() == 1) text->text = fmt::format("{0}:{0}", text->text);
  return text;
}

std::optional<Node> read_volume_source(const Node& value, Diagnostics& diagnostics) {
  auto text = read_text(value, diagnostics);
  if (!text) return std::nullopt;
  std::string name = text->text;
  std::string mode = "rw";
  if (name.ends_with(":ro") || name.ends_with(":rw")) {
    mode = name.substr(name.size() - 2);
    name.resize(name.size() - 3);
  }
  const bool is_container = name.starts_with(k_container);
  const std::string bare = is_container ? name.substr(k_container.size()) : name;
  if (bare.empty() || bare.find(':') != std::string::npos) {
    wrong_value(diagnostics, value, "of the form service[:ro] or container:name[:ro]");
    return std::nullopt;
  }
  text->text = fmt::format("{}:{}", name, mode);
  return text;
}

std::string before_colon(const std::string& text) {
  return text.substr(0, text.find(':'));
}

}  // namespace

std::optional<Node> read_links(const Node& value, Diagnostics& diagnostics) {
  return read_list(value, read_link, "a list of services", diagnostics);
}

std::optional<Node> read_external_links(const Node& value, Diagnostics& diagnostics) {
  return read_list(value, read_link, "a list of containers", diagnostics);
}

std::optional<Node> read_volumes_from(const Node& value, Diagnostics& diagnostics) {
  return read_list(value, read_volume_source, "a list of services or containers", diagnostics);
}

std::vector<Mention> mentions(const Node& service) {
  std::vector<Mention> found;
  for (const char* key : k_modes) {
    const Node* mode = service.find(key);
    if (mode == nullptr || shared_service(mode->text).empty()) continue;
    found.push_back({shared_service(mode->text), mode, true});
  }
  if (const Node* links = service.find("links")) {
    for (const Node& link : links->items) found.push_back({before_colon(link.text), &link, true});
  }
  if (const Node* sources = service.find("volumes_from")) {
    for (const Node& source : sources->items) {
      if (source.text.starts_with(k_container)) continue;
      found.push_back({before_colon(source.text), &source, false});
    }
  }
  return found;
}

void add_mentioned_dependencies(Node& service) {
  const auto found = mentions(service);
  if (found.empty()) return;
  Node dependencies = service.find("depends_on") != nullptr ? *service.find("depends_on")
                                                            : make_mapping(*found.front().where);
  for (const Mention& mention : found) {
    if (dependencies.find(mention.service) != nullptr) continue;
    Node dependency = make_mapping(*mention.where);
    set(dependency, "condition", make_text("service_started", *mention.where));
    set(dependency, "restart", make_flag(mention.restart, *mention.where));
    set(dependency, "required", make_flag(true, *mention.where));
    set(dependencies, mention.service, std::move(dependency), mention.where->where);
  }
  set(service, "depends_on", std::move(dependencies));
}

void add_peers(Node& service, const Node& services) {
  Node peers = make_mapping(service);
  for (const Mention& mention : mentions(service)) {
    const Node* other = services.find(mention.service);
    if (other == nullptr) continue;
    Node peer = make_mapping(service);
    if (const Node* name = other->find("container_name")) set(peer, "container_name", *name);
    const std::int64_t count = integer_at(*other, "scale");
    if (count > 1) set(peer, "count", make_integer(count, service));
    if (!peer.members.empty()) set(peers, mention.service, std::move(peer));
  }
  if (!peers.members.empty()) set(service, "peers", std::move(peers));
}

}  // namespace aegis::compose
