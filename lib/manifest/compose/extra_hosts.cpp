#include <algorithm>

#include "manifest/compose/form.h"
#include "manifest/compose/ip_text.h"
#include "manifest/compose/report.h"
#include "manifest/compose/runtime_forms.h"
#include "manifest/compose/scalars.h"

namespace aegis::compose {
namespace {

void add_host(Node& result,
              const std::string& host,
              std::string address,
              const Node& at,
              Diagnostics& diagnostics) {
  if (address.starts_with('[') && address.ends_with(']'))
    address = address.substr(1, address.size() - 2);
  const bool good = address == "host-gateway" || is_ipv4(address) || is_ipv6(address);
  if (host.empty() || !good) {
    wrong_value(diagnostics,
                at,
                "a host with its address",
                "Write \"host:address\", \"host=address\", or `host-gateway` as the address.");
    return;
  }
  std::string entry = host + ":" + address;
  const bool known = std::any_of(result.items.begin(), result.items.end(), [&](const Node& item) {
    return item.text == entry;
  });
  if (!known) result.items.push_back(derive_text(std::move(entry), at));
}

void add_short(Node& result, const Node& item, Diagnostics& diagnostics) {
  const auto text = read_text(item, diagnostics);
  if (!text) return;
  const std::size_t separator = text->text.find_first_of("=:");
  const std::string address =
      separator == std::string::npos ? "" : text->text.substr(separator + 1);
  add_host(result, text->text.substr(0, separator), address, item, diagnostics);
}

void add_member(Node& result, const Member& member, Diagnostics& diagnostics) {
  if (member.value.type == Node::Type::sequence) {
    for (const Node& item : member.value.items) {
      if (const auto text = read_text(item, diagnostics))
        add_host(result, member.key, text->text, item, diagnostics);
    }
  } else if (const auto text = read_text(member.value, diagnostics)) {
    add_host(result, member.key, text->text, member.value, diagnostics);
  }
}

}  // namespace

std::optional<Node> read_extra_hosts(const Node& value, Diagnostics& diagnostics) {
  Node result = make_sequence(value);
  if (value.type == Node::Type::sequence) {
    for (const Node& item : value.items) add_short(result, item, diagnostics);
  } else if (value.type == Node::Type::mapping) {
    for (const Member& member : value.members) add_member(result, member, diagnostics);
  } else {
    wrong_type(diagnostics, value, "a list or a mapping of hosts");
    return std::nullopt;
  }
  return result;
}

}  // namespace aegis::compose
