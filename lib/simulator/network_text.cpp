#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "simulator/network.h"

namespace aegis::simulator {
namespace {

using Lines = std::vector<std::string>;

// The options of a stanza in the order in which Proxmox writes them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> k_options{{
    {"bridge_ports", "bridge-ports"},
    {"bridge_stp", "bridge-stp"},
    {"bridge_fd", "bridge-fd"},
    {"bridge_vlan_aware", "bridge-vlan-aware"},
    {"bridge_vids", "bridge-vids"},
    {"slaves", "bond-slaves"},
    {"bond_miimon", "bond-miimon"},
    {"bond_mode", "bond-mode"},
    {"bond_xmit_hash_policy", "bond-xmit-hash-policy"},
    {"bond-primary", "bond-primary"},
    {"vlan-id", "vlan-id"},
    {"vlan-raw-device", "vlan-raw-device"},
}};

void add_addresses(Lines& lines, const Json& interface, std::string_view suffix) {
  for (const std::string_view name : {"cidr", "gateway"}) {
    const std::string value = text_or(interface, std::string(name).append(suffix));
    if (value.empty()) continue;
    lines.push_back(fmt::format("\t{} {}", name == "cidr" ? "address" : name, value));
  }
}

void add_options(Lines& lines, std::string_view name, const Json& interface) {
  const bool named_vlan = name.find('.') != std::string_view::npos;
  for (const auto& [key, option] : k_options) {
    if (!interface.contains(key) || (named_vlan && option.starts_with("vlan-"))) continue;
    std::string value = as_text(get(interface, key));
    if (key == "bridge_ports" && value.empty()) value = "none";
    if (key == "bridge_vlan_aware") value = "yes";
    lines.push_back(fmt::format("\t{} {}", option, value));
  }
  if (interface.contains("mtu")) {
    lines.push_back(fmt::format("\tmtu {}", as_text(get(interface, "mtu"))));
  }
}

void add_stanza(Lines& lines, const std::string& name, const Json& interface) {
  if (interface.contains("autostart")) lines.push_back(fmt::format("auto {}", name));
  lines.push_back(fmt::format("iface {} inet {}", name, text_or(interface, "method")));
  add_addresses(lines, interface, "");
  add_options(lines, name, interface);
  std::string comments = text_or(interface, "comments");
  if (comments.ends_with('\n')) comments.pop_back();
  if (!comments.empty()) {
    for (const std::string& line : split(comments, '\n')) lines.push_back("#" + line);
  }
  lines.emplace_back();
  if (text_or(interface, "method6") != "static") return;
  lines.push_back(fmt::format("iface {} inet6 static", name));
  add_addresses(lines, interface, "6");
  lines.emplace_back();
}

Lines file_of(const Interfaces& interfaces) {
  Lines lines{"auto lo", "iface lo inet loopback", ""};
  for (const auto& [name, interface] : interfaces) add_stanza(lines, name, interface);
  return lines;
}

/// A line of a diff: ' ' kept, '-' only in the first text, '+' only in the second one.
struct Edit {
  char sign;
  std::string line;
};

std::vector<Edit> edits_between(const Lines& from, const Lines& to) {
  const std::size_t width = to.size() + 1;
  // common[i][j]: the longest common subsequence of what is left of the texts.
  std::vector<std::size_t> common((from.size() + 1) * width);
  const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& {
    return common[i * width + j];
  };
  for (std::size_t i = from.size(); i-- > 0;) {
    for (std::size_t j = to.size(); j-- > 0;) {
      at(i, j) = from[i] == to[j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
    }
  }
  std::vector<Edit> edits;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < from.size() || j < to.size()) {
    if (i < from.size() && j < to.size() && from[i] == to[j]) {
      edits.push_back({' ', from[i]});
      ++i;
      ++j;
    } else if (j == to.size() || (i < from.size() && at(i + 1, j) >= at(i, j + 1))) {
      edits.push_back({'-', from[i++]});
    } else {
      edits.push_back({'+', to[j++]});
    }
  }
  return edits;
}

std::string print_hunks(const std::vector<Edit>& edits) {
  constexpr std::size_t k_context = 3;
  std::string text;
  std::size_t end = 0;  // of what was printed
  std::array<std::size_t, 2> line{1, 1};
  const auto skip = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      line[0] += edits[i].sign != '+' ? 1 : 0;
      line[1] += edits[i].sign != '-' ? 1 : 0;
    }
  };
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (edits[i].sign == ' ') continue;
    const std::size_t begin = std::max(end, i < k_context ? 0 : i - k_context);
    std::size_t last = i;
    for (std::size_t j = i; j < edits.size() && j <= last + 2 * k_context; ++j) {
      if (edits[j].sign != ' ') last = j;
    }
    skip(end, begin);
    const std::array<std::size_t, 2> start = line;
    end = std::min(edits.size(), last + k_context + 1);
    skip(begin, end);
    text += fmt::format(
        "@@ -{},{} +{},{} @@\n", start[0], line[0] - start[0], start[1], line[1] - start[1]);
    for (std::size_t j = begin; j < end; ++j) {
      text += fmt::format("{}{}\n", edits[j].sign, edits[j].line);
    }
    i = end - 1;
  }
  return text;
}

}  // namespace

std::string pending_changes(const Network& network) {
  if (!network.staged || *network.staged == network.active) return {};
  return "--- /etc/network/interfaces\n+++ /etc/network/interfaces.new\n" +
         print_hunks(edits_between(file_of(network.active), file_of(*network.staged)));
}

}  // namespace aegis::simulator
