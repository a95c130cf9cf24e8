#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "manifest/os.h"
#include "manifest/references.h"
#include "manifest/schema.h"
#include "manifest/section_reader.h"
#include "manifest/server_sections.h"
#include "manifest/user_path.h"
#include "manifest/yaml_scalar.h"
#include "model/endpoint.h"

namespace aegis {
namespace {

std::string text_at(const YamlNode* node, std::string_view key) {
  const YamlNode* value = node == nullptr ? nullptr : node->find(key);
  return value == nullptr ? "" : value->text;
}

SshConnection read_ssh(const YamlNode& node) {
  SshConnection ssh;
  ssh.host = text_at(&node, "host");
  const YamlNode* port = node.find("port");
  if (port != nullptr) ssh.port = static_cast<int>(as_integer(scalar_to_json(*port)).value_or(0));
  ssh.user = text_at(&node, "user");
  if (ssh.user.empty()) ssh.user = "root";
  ssh.host_key = text_at(&node, "host_key");
  ssh.identity_file = text_at(&node, "identity_file");
  return ssh;
}

// "user@realm!name=secret"
void set_token(const std::string& text,
               const SourceSpan& where,
               ProxmoxConnection& proxmox,
               Reading& reading) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || text.find('!') > equals) {
    reading.error(where,
                  "not an API token",
                  "A token is \"user@realm!name=secret\", or { id: ..., secret: ... }.");
    return;
  }
  proxmox.token_id = text.substr(0, equals);
  proxmox.token_secret = Secret(text.substr(equals + 1));
}

void read_token(const YamlNode& node, ProxmoxConnection& proxmox, Reading& reading) {
  const YamlNode* token = node.find("token");
  if (token == nullptr) return;
  if (token->type == YamlNode::Type::mapping) {
    proxmox.token_id = text_at(token, "id");
    proxmox.token_secret = Secret(text_at(token, "secret"));
  } else {
    set_token(token->text, token->where, proxmox, reading);
  }
}

ProxmoxConnection read_proxmox(const YamlNode* node, const std::string& name, Reading& reading) {
  ProxmoxConnection proxmox;
  proxmox.node = text_at(node, "node");
  if (proxmox.node.empty()) proxmox.node = name;
  if (node == nullptr) return proxmox;
  proxmox.url = text_at(node, "url");
  while (proxmox.url.ends_with('/')) proxmox.url.pop_back();
  read_token(*node, proxmox, reading);
  proxmox.password = Secret(text_at(node, "password"));
  proxmox.user = text_at(node, "user");
  if (proxmox.user.empty() && !proxmox.password.empty()) proxmox.user = "root@pam";
  const std::string ca_file = text_at(node, "ca_file");
  if (!ca_file.empty()) {
    const std::string home = reading.environment("HOME").value_or("");
    proxmox.ca_file = user_path(reading.folder, home, ca_file).string();
  }
  proxmox.fingerprint = text_at(node, "fingerprint");
  return proxmox;
}

// The variables that other tools of this field read; they cannot say which server they mean.
void fill_from_environment(ProxmoxConnection& proxmox, const SourceSpan& where, Reading& reading) {
  const auto variable = [&](const char* name) { return reading.environment(name).value_or(""); };
  if (proxmox.url.empty()) proxmox.url = variable("PROXMOX_VE_ENDPOINT");
  while (proxmox.url.ends_with('/')) proxmox.url.pop_back();
  if (proxmox.token_id.empty() && proxmox.password.empty()) {
    const std::string token = variable("PROXMOX_VE_API_TOKEN");
    if (!token.empty()) set_token(token, where, proxmox, reading);
    proxmox.password = Secret(variable("PROXMOX_VE_PASSWORD"));
    if (!proxmox.password.empty() && proxmox.user.empty()) {
      const std::string user = variable("PROXMOX_VE_USERNAME");
      proxmox.user = user.empty() ? "root@pam" : user;
    }
  }
}

void check_ways_in(const Server& server, Reading& reading) {
  const ProxmoxConnection& proxmox = server.proxmox;
  const bool has_credential = !proxmox.token_id.empty() || !proxmox.password.empty();
  if (!server.ssh && proxmox.url.empty()) {
    reading.error(server.where,
                  "no way to reach a server",
                  fmt::format("servers.{} has neither `ssh` nor `proxmox.url`. With root's SSH "
                              "key, `ssh: {{ host: ... }}` is "
                              "all that is needed.",
                              server.name));
  } else if (!server.ssh && !has_credential) {
    reading.error(server.where,
                  "no credential for a server",
                  fmt::format("servers.{} has a `url`, and no `token`, no `password` and no `ssh`.",
                              server.name));
  }
}

// The TCP ports of the server that we come in by: "ssh_port" and "api_port".
void add_ports(const Server& server, Json& settings) {
  constexpr int k_ssh_port = 22;
  constexpr int k_https_port = 443;
  if (server.ssh) settings["ssh_port"] = server.ssh->port > 0 ? server.ssh->port : k_ssh_port;
  if (server.proxmox.url.empty()) return;
  const std::size_t colon = server.proxmox.url.rfind(':');
  const auto port = as_integer(server.proxmox.url.substr(colon + 1));
  settings["api_port"] = port.value_or(k_https_port);
}

bool is_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> parsed{};
  return inet_pton(AF_INET, text.c_str(), parsed.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), parsed.data()) == 1;
}

// "192.0.2.1" in "https://192.0.2.1:8006", "2001:db8::1" in "https://[2001:db8::1]:8006".
std::string host_in(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return {};
  std::string rest = url.substr(scheme + 3);
  rest = rest.substr(0, rest.find('/'));
  if (rest.starts_with('[')) return rest.substr(1, rest.find(']') - 1);
  return rest.substr(0, rest.find(':'));
}

// The addresses that the server is reached at, as far as the manifest says them as such.
Json addresses_of(const Server& server) {
  Json addresses = Json::array();
  for (const std::string& host :
       {server.ssh ? server.ssh->host : std::string(), host_in(server.proxmox.url)}) {
    if (is_address(host)) addresses.push_back(host);
  }
  return addresses;
}

}  // namespace

void read_servers(const YamlNode& section, Reading& reading) {
  const Json& schema = *member_schema(*member_schema(project_schema(), "servers"), "");
  for (const YamlNode::Member& member : section.members) {
    Server server{member.key, std::nullopt, {}, member.key_where};
    const YamlNode* ssh = member.value->find("ssh");
    if (ssh != nullptr) server.ssh.emplace(read_ssh(*ssh));
    server.proxmox = read_proxmox(member.value->find("proxmox"), member.key, reading);
    if (section.members.size() == 1 && (!server.ssh || !server.proxmox.url.empty())) {
      fill_from_environment(server.proxmox, member.key_where, reading);
    }
    check_ways_in(server, reading);
    const Json reached_at = addresses_of(server);
    Scope scope;
    scope.name = "server/" + member.key;
    scope.where = member.key_where;
    scope.settings = {{"endpoint", proxmox_endpoint(member.key)},
                      {"node", server.proxmox.node},
                      {"root", server.can_act_as_root()},
                      {"shell", server.ssh ? Json(host_shell(member.key)) : Json(false)}};
    add_ports(server, scope.settings);
    if (!reached_at.empty()) scope.settings["reached_at"] = reached_at;
    reading.manifests.desired.scopes.emplace(scope.name, std::move(scope));
    reading.manifests.connections.servers.emplace(member.key, std::move(server));
    read_server_sections(member.key, *member.value, reading);
    read_host_os(member.key, *member.value, schema, reading);
  }
}

}  // namespace aegis
