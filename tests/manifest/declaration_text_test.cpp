#include "manifest/declaration_text.h"

#include <catch2/catch.hpp>
#include <vector>

#include "manifest/yaml.h"

namespace aegis::test {
namespace {

std::string text_of(const Json& spec, std::vector<std::string> beyond = {}) {
  const std::vector<Declaration> one{{{"", "container", "web"}, spec, std::move(beyond)}};
  return declaration_text(one);
}

}  // namespace

TEST_CASE("short mappings stand on one line, what says which one it is comes first") {
  CHECK(text_of({{"cores", 2},
                 {"server", "fsn1"},
                 {"vmid", 103},
                 {"tags", {"a", "b"}},
                 {"rootfs", {{"storage", "local-zfs"}, {"size", "8GiB"}}},
                 {"network", {{"eth0", {{"bridge", "vmbr0"}, {"ip", "10.0.0.2/24"}}}}}}) ==
        "containers:\n"
        "  web:\n"
        "    server: fsn1\n"
        "    vmid: 103\n"
        "    cores: 2\n"
        "    rootfs: { storage: local-zfs, size: 8GiB }\n"
        "    network:\n"
        "      eth0: { bridge: vmbr0, ip: 10.0.0.2/24 }\n"
        "    tags: [a, b]\n");
}

TEST_CASE("text that could be taken for something else is quoted, and reads back as it was") {
  const Json spec{{"description", "a\nb: c"},
                  {"timezone", "no"},
                  {"a", "1e5"},
                  {"b", "10.0.0.1"},
                  {"c", "0x1F"},
                  {"d", "12:30"},
                  {"e", {"x, y", "{z}", ""}}};
  const std::string text = text_of(spec);
  INFO(text);
  Diagnostics diagnostics;
  const auto documents = parse_yaml(text, "a.yaml", diagnostics);
  REQUIRE(diagnostics.empty());
  const YamlNode* entry = documents.at(0).find("containers")->find("web");
  REQUIRE(entry != nullptr);
  for (const auto& [key, value] : spec.items()) {
    INFO(key);
    const YamlNode* node = entry->find(key);
    REQUIRE(node != nullptr);
    if (value.is_string()) {
      CHECK(node->text == value);
      CHECK(node->type == YamlNode::Type::string);
    } else {
      for (std::size_t i = 0; i < value.size(); ++i) CHECK(node->items.at(i).text == value[i]);
    }
  }
}

TEST_CASE(
    "what belongs to a server stands below it, and its secrets are read from the environment") {
  const std::string scope = "server/fsn1";
  const std::vector<Declaration> all{
      {{"", "container", "web"}, {{"vmid", 1}}, {}},
      {{scope, "setting", "dns"}, {{"search", "a.b"}}, {}},
      {{scope, "storage", "box"}, {{"type", "cifs"}, {"password", "${secret:box_password}"}}, {}},
      {{scope, "user", "ops@pve"}, Json::object(), {}},
      {{scope, "firewall", "node"},
       {{"rules",
         Json::array({Json{{"in", "ACCEPT"}, {"comment", std::string(80, 'x')}},
                      Json{{"macro", "SSH"}, {"in", "DROP"}}})}},
       {}}};
  CHECK(declaration_text(all) ==
        "servers:\n"
        "  fsn1:\n"
        "    access:\n"
        "      users:\n"
        "        ops@pve: {}\n"
        "    dns: { search: a.b }\n"
        "    firewall:\n"
        "      node:\n"
        "        rules:\n"
        "          - { in: ACCEPT, comment: " +
            std::string(80, 'x') +
            " }\n"
            "          - { in: DROP, macro: SSH }\n"
            "    storage:\n"
            "      box: { type: cifs, password: \"${secret:box_password}\" }\n"
            "containers:\n"
            "  web:\n"
            "    vmid: 1\n"
            "# Proxmox never tells these again: they are read from the environment.\n"
            "secrets:\n"
            "  box_password: { env: BOX_PASSWORD }\n");
}

TEST_CASE("what is beyond the manifests is kept beside its entry") {
  CHECK(text_of({{"vmid", 1}}, {"lxc.apparmor.profile: unconfined", "dev0: /dev/net/tun"}) ==
        "containers:\n"
        "  web:\n"
        "    vmid: 1\n"
        "    # Not managed by aegisctl, and left as it is:\n"
        "    #   lxc.apparmor.profile: unconfined\n"
        "    #   dev0: /dev/net/tun\n");
}

}  // namespace aegis::test
