#include "kinds/proxmox/node/hosts_text.h"

#include <fmt/format.h>

#include <vector>

#include "base/text.h"
#include "model/owner_comment.h"

namespace aegis::proxmox {
namespace {

struct Line {
  std::string address;  ///< empty for comments and empty lines
  std::vector<std::string> names;
  bool ours = false;
};

Line parse(std::string_view text) {
  Line line;
  const std::size_t comment = text.find('#');
  if (comment != std::string_view::npos) line.ours = is_owned_comment(text.substr(comment + 1));
  line.names = split_any(text.substr(0, comment), " \t\r");
  if (line.names.empty()) return line;
  line.address = line.names.front();
  line.names.erase(line.names.begin());
  return line;
}

bool is_managed(const Line& line, const Json& declared) {
  return !line.address.empty() && (line.ours || declared.contains(line.address));
}

}  // namespace

Json managed_hosts(std::string_view text, const Json& declared) {
  Json hosts = Json::object();
  for (const std::string& piece : split(text, '\n')) {
    const Line line = parse(piece);
    if (!is_managed(line, declared)) continue;
    for (const std::string& name : line.names) hosts[line.address].push_back(name);
  }
  return hosts;
}

Json hosts_of_others(std::string_view text) {
  Json hosts = Json::object();
  for (const std::string& piece : split(text, '\n')) {
    const Line line = parse(piece);
    const bool special = line.address.starts_with("127.") || line.address == "::1" ||
                         line.address.starts_with("fe0") || line.address.starts_with("ff0");
    if (line.address.empty() || special) continue;
    for (const std::string& name : line.names) hosts[line.address].push_back(name);
  }
  return hosts;
}

std::string with_hosts(std::string_view text, const Json& declared) {
  std::string result;
  for (const std::string& piece : split(trim(text), '\n')) {
    if (!is_managed(parse(piece), declared)) result += piece + "\n";
  }
  for (const auto& [address, names] : declared.items()) {
    result += address;
    for (const Json& name : names) result += fmt::format(" {}", as_text(name));
    result += fmt::format(" # {}\n", owned_comment(""));
  }
  return result;
}

}  // namespace aegis::proxmox
