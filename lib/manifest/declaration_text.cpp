#include "manifest/declaration_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "manifest/yaml_text.h"

namespace aegis {
namespace {

constexpr std::size_t k_widest_line = 100;
constexpr std::size_t k_step = 2;

// What says which one it is comes first, then what it is made of.
constexpr std::array<std::string_view, 15> k_first{"server",
                                                   "vmid",
                                                   "hostname",
                                                   "state",
                                                   "unprivileged",
                                                   "cores",
                                                   "memory",
                                                   "swap",
                                                   "rootfs",
                                                   "storage",
                                                   "size",
                                                   "volume",
                                                   "mp",
                                                   "bridge",
                                                   "ip"};

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
    if (fits || !value.is_object() || value.empty()) {
      add(std::move(line));
      return;
    }
    add(start);
    for (const std::string& inner : ordered_keys(value)) write(inner, value.at(inner), depth + 1);
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

}  // namespace

std::string declaration_text(std::span<const Declaration> declarations) {
  Writer writer;
  std::string section;
  for (const Declaration& declaration : declarations) {
    if (declaration.address.kind + "s" != section) {
      section = declaration.address.kind + "s";
      writer.add(section + ":");
    }
    writer.write_entry(declaration);
  }
  return writer.take();
}

}  // namespace aegis
