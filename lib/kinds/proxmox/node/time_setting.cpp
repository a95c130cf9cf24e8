#include "kinds/proxmox/node/setting_type.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_path = "/nodes/{node}/time";

Json wanted(const Json& spec) {
  return {{"timezone", text_or(spec, "timezone")}};
}

Json live(const SettingData& data, const Json&) {
  return {{"timezone", text_or(data[0], "timezone")}};
}

Result<Done> write(const SettingCalls& calls, const Json& wanted, const Json&) {
  const auto sent = calls.api.put(calls.path(k_path), {{"timezone", text_or(wanted, "timezone")}});
  if (!sent) return sent.error();
  return Done{};
}

Json spec(const SettingData& data) {
  Json time = live(data, Json());
  return text_or(time, "timezone").empty() ? Json() : time;
}

}  // namespace

const SettingType& time_setting() {
  static const SettingType k_type{.name = "time",
                                  .what = "the time zone",
                                  .paths = {k_path},
                                  .wanted = wanted,
                                  .live = live,
                                  .notes = nullptr,
                                  .spec = spec,
                                  .write = write};
  return k_type;
}

}  // namespace aegis::proxmox
