#include "manifest/declaration_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "base/text.h"
#include "manifest/server_sections.h"
#include "manifest/yaml_text.h"

namespace aegis {
namespace {

constexpr std::size_t k_widest_line = 100;
constexpr std::size_t k_step = 2;

// What says which one it is comes first, then what it is made of.
constexpr std::array<std::string_view, 21> k_first{
    "server", "type",     "in",    "out",          "forward", "group",  "enable",
    "vmid",   "hostname", "state", "unprivileged", "cores",   "memory", "swap",
    "rootfs", "storage",  "size",  "volume",       "mp",      "bridge", "ip"};

std::vector<std::string> ordered_keys(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  const auto rank = [](const std::string& key) {
    return std::find(k_first.begin(), k_first.end(), key) - k_first.begin();
  };
  std::stable_sort(
      keys.begin(), keys.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return keys;
}

// "{ storage: local-zfs, size: 8GiB }"
std::string on_one_line(const Json& value) {
  std::string inside;
  const auto add = [&](const std::string& piece) {
    inside += (inside.empty() ? "" : ", ") + piece;
  };
  if (value.is_array()) {
    for (const Json& item : value) add(on_one_line(item));
    return "[" + inside + "]";
  }
  if (!value.is_object()) return yaml_scalar(value);
  for (const std::string& key : ordered_keys(value)) {
    add(fmt::format("{}: {}", yaml_scalar(key), on_one_line(value.at(key))));
  }
  return inside.empty() ? "{}" : "{ " + inside + " }";
}

class Writer {
 public:
  void write(const std::string& key, const Json& value, std::size_t depth) {
    const std::string start = std::string(depth * k_step, ' ') + yaml_scalar(key) + ":";
    std::string line = start + " " + on_one_line(value);
    const bool nests = std::any_of(
        value.begin(), value.end(), [](const Json& member) { return member.is_object(); });
    const bool fits = line.size() <= k_widest_line && !(value.is_object() && nests);
    const bool short_list = value.is_array() && line.size() <= k_widest_line;
    if (fits || short_list || !value.is_structured() || value.empty()) {
      add(std::move(line));
      return;
    }
    add(start);
    if (value.is_array()) return write_items(value, depth + 1);
    for (const std::string& inner : ordered_keys(value)) write(inner, value.at(inner), depth + 1);
  }

  void write_items(const Json& list, std::size_t depth) {
    for (const Json& item : list) {
      add(std::string(depth * k_step, ' ') + "- " + on_one_line(item));
    }
  }

  // What is declared below servers: {"fsn1": {"storage": {"local": {...}}}}.
  void write_servers(const Json& servers) {
    if (servers.empty()) return;
    add("servers:");
    for (const auto& [name, sections] : servers.items()) {
      add(fmt::format("  {}:", yaml_scalar(name)));
      for (const auto& [section, value] : sections.items()) write(section, value, 2);
    }
  }

  void write_secrets(const std::map<std::string, std::string>& variables) {
    if (variables.empty()) return;
    add("# Proxmox never tells these again: they are read from the environment.");
    add("secrets:");
    for (const auto& [name, variable] : variables) {
      add(fmt::format("  {}: {{ env: {} }}", name, variable));
    }
  }

  void write_entry(const Declaration& declaration) {
    add(fmt::format("  {}:", yaml_scalar(declaration.address.name)));
    for (const std::string& key : ordered_keys(declaration.spec)) {
      write(key, declaration.spec.at(key), 2);
    }
    if (declaration.beyond.empty()) return;
    add("    # Not managed by aegisctl, and left as it is:");
    for (const std::string& line : declaration.beyond) add("    #   " + line);
  }

  void add(std::string line) { text_ += std::move(line) + "\n"; }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

// Adds the names of secrets that texts in `value` refer to.
void find_references(const Json& value, std::map<std::string, std::string>& variables) {
  constexpr std::string_view k_start = "${secret:";
  if (value.is_structured()) {
    for (const Json& member : value) find_references(member, variables);
  } else if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (!text.starts_with(k_start) || !text.ends_with('}')) return;
    const std::string name = text.substr(k_start.size(), text.size() - k_start.size() - 1);
    std::string variable = name;
    for (char& letter : variable) {
      letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    }
    variables[name] = variable;
  }
}

// Puts a spec at its place below its server.
void place(const Declaration& declaration, Json& servers) {
  const Address& address = declaration.address;
  Json* at = &servers[address.scope.substr(address.scope.find('/') + 1)];
  const std::string path = section_path(address.kind, address.name);
  for (const std::string& piece : split(path, '.')) at = &(*at)[piece];
  if (path == address.name) {
    *at = declaration.spec;
  } else {
    (*at)[address.name] = declaration.spec;
  }
}

}  // namespace

std::string declaration_text(std::span<const Declaration> declarations) {
  Json servers = Json::object();
  for (const Declaration& declaration : declarations) {
    if (!declaration.address.scope.empty()) place(declaration, servers);
  }
  Writer writer;
  writer.write_servers(servers);
  std::string section;
  for (const Declaration& declaration : declarations) {
    if (!declaration.address.scope.empty()) continue;
    if (declaration.address.kind + "s" != section) {
      section = declaration.address.kind + "s";
      writer.add(section + ":");
    }
    writer.write_entry(declaration);
  }
  writer.write_secrets(variables_of(declarations));
  return writer.take();
}

std::map<std::string, std::string> variables_of(std::span<const Declaration> declarations) {
  std::map<std::string, std::string> variables;
  for (const Declaration& declaration : declarations) {
    find_references(declaration.spec, variables);
  }
  return variables;
}

}  // namespace aegis
