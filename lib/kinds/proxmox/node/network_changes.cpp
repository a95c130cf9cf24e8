#include "kinds/proxmox/node/network_changes.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "model/owner_comment.h"

namespace aegis::proxmox {
namespace {

// Options of the file that the API shows under another name; the others only change "-" to "_".
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> k_names{{
    {"bond-slaves", "slaves"},
    {"bond-primary", "bond-primary"},
    {"vlan-id", "vlan-id"},
    {"vlan-raw-device", "vlan-raw-device"},
    {"address", "cidr"},
}};

std::string property_of(const std::string& option) {
  for (const auto& [written, shown] : k_names) {
    if (written == option) return std::string(shown);
  }
  std::string name = option;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

// The interface in "iface vmbr0 inet static" or "auto vmbr0"; empty for any other line.
std::string interface_in(std::string_view line) {
  const std::vector<std::string> words = split_any(line, " \t");
  const bool header = words.size() > 1 &&
                      (words[0] == "iface" || words[0] == "auto" || words[0] == "allow-hotplug");
  return header ? words[1] : std::string();
}

bool is_comment_of(const std::string& line, const Json& interface) {
  const std::vector<std::string> comments = split(text_or(interface, "comments"), '\n');
  return std::find(comments.begin(), comments.end(), line.substr(1)) != comments.end();
}

bool fits(const std::string& line, const Json& interface) {
  if (line.empty()) return true;
  if (line.starts_with('#')) return is_comment_of(line, interface);
  const std::size_t blank = line.find_first_of(" \t");
  if (blank == std::string::npos) return true;
  const std::string property = property_of(line.substr(0, blank));
  const std::string value(trim(std::string_view(line).substr(blank)));
  const auto shows = [&](const std::string& key) {
    const std::string shown = as_text(get(interface, key));
    if (property == "bridge_ports" && value == "none") return shown.empty();
    if (value == "yes") return shown == "1" || shown == "yes";
    return trim(shown) == value;
  };
  return shows(property) || shows(property + "6");
}

// Reads one hunk after the other.
class Reader {
 public:
  std::vector<StanzaChange> read(std::string_view diff) {
    for (const std::string& line : split(diff, '\n')) {
      if (line.starts_with("---") || line.starts_with("+++")) continue;
      if (line.starts_with("@@")) {
        begin({});
      } else if (!line.empty()) {
        take(line.front(), std::string(trim(std::string_view(line).substr(1))));
      }
    }
    begin({});
    return std::move(found_);
  }

 private:
  void begin(std::string interface) {
    if (changed_) found_.push_back(std::move(now_));
    now_ = {};
    now_.interface = std::move(interface);
    changed_ = false;
  }

  void take(char sign, const std::string& line) {
    const std::string interface = interface_in(line);
    if (!interface.empty() && interface != now_.interface) begin(interface);
    if (sign != ' ') changed_ = changed_ || !line.empty();
    if (sign != '-' && interface.empty()) now_.staged.push_back(line);
    const bool marker = line.starts_with('#') && is_owned_comment(line.substr(1));
    if (sign == '-' && marker) now_.was_ours = true;
  }

  StanzaChange now_;
  bool changed_ = false;
  std::vector<StanzaChange> found_;
};

}  // namespace

std::vector<StanzaChange> changed_stanzas(std::string_view diff) {
  return Reader().read(diff);
}

bool may_be_about(const StanzaChange& change, const Json& interface) {
  return std::all_of(change.staged.begin(), change.staged.end(), [&](const std::string& line) {
    return fits(line, interface);
  });
}

PendingNetwork pending_network(const Json& answer, const std::set<std::string>& declared) {
  std::set<std::string> present;
  std::set<std::string> known = declared;
  for (const Json& interface : get(answer, "data")) {
    const std::string name = text_or(interface, "iface");
    present.insert(name);
    if (is_owned_comment(text_or(interface, "comments"))) known.insert(name);
  }
  PendingNetwork pending;
  for (const StanzaChange& change : changed_stanzas(text_or(answer, "changes"))) {
    if (change.interface.empty()) {
      for (const Json& interface : get(answer, "data")) {
        if (!may_be_about(change, interface)) continue;
        const std::string name = text_or(interface, "iface");
        if (known.contains(name)) {
          pending.known.insert(name);
        } else {
          pending.foreign.insert("?");
        }
      }
    } else if (known.contains(change.interface) || change.was_ours) {
      pending.known.insert(change.interface);
      if (!present.contains(change.interface)) pending.gone.insert(change.interface);
    } else {
      pending.foreign.insert(change.interface);
    }
  }
  return pending;
}

}  // namespace aegis::proxmox
