#include "base/text.h"
#include "kinds/proxmox/node/hosts_text.h"
#include "kinds/proxmox/node/setting_type.h"
#include "kinds/proxmox/shape.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_path = "/nodes/{node}/hosts";

Json whole(std::string_view text) {
  return {{"text", std::string(trim(text)) + "\n"}};
}

// Either the whole file, or the lines of some addresses.
Json wanted(const Json& spec) {
  if (spec.contains("text")) return whole(text_or(spec, "text"));
  Json entries = Json::object();
  if (spec.contains("entries")) {
    for (const auto& [address, names] : spec["entries"].items()) entries[address] = words_of(names);
  }
  return {{"entries", entries}};
}

Json live(const SettingData& data, const Json& spec) {
  const std::string text = text_or(data[0], "data");
  if (spec.contains("text")) return whole(text);
  const Json declared = wanted(spec);
  return {{"entries", managed_hosts(text, declared["entries"])}};
}

Result<Done> write(const SettingCalls& calls, const Json& wanted, const Json& data) {
  const std::string text = wanted.contains("text")
                               ? text_or(wanted, "text")
                               : with_hosts(text_or(data, "data"), get(wanted, "entries"));
  const auto sent =
      calls.api.post(calls.path(k_path), {{"data", text}, {"digest", text_or(data, "digest")}});
  if (!sent) return sent.error();
  return Done{};
}

Json spec(const SettingData& data) {
  const Json entries = hosts_of_others(text_or(data[0], "data"));
  return entries.empty() ? Json() : Json{{"entries", entries}};
}

}  // namespace

const SettingType& hosts_setting() {
  static const SettingType k_type{.name = "hosts",
                                  .what = "/etc/hosts",
                                  .paths = {k_path},
                                  .wanted = wanted,
                                  .live = live,
                                  .notes = nullptr,
                                  .spec = spec,
                                  .write = write};
  return k_type;
}

}  // namespace aegis::proxmox
