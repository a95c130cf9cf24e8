#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "kinds/proxmox/node/setting_type.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_path = "/nodes/{node}/apt/repositories";

Json wanted(const Json& spec) {
  Json handles = Json::object();
  for (const auto& [handle, enabled] : spec.items()) {
    handles[handle] = as_bool(enabled).value_or(false);
  }
  return handles;
}

const Json* find_standard(const Json& data, std::string_view handle) {
  for (const Json& standard : get(data, "standard-repos")) {
    if (text_or(standard, "handle") == handle) return &standard;
  }
  return nullptr;
}

// One that is in no file is as good as one that is switched off.
Json live(const SettingData& data, const Json& spec) {
  Json handles = Json::object();
  for (const auto& [handle, enabled] : spec.items()) {
    const Json* standard = find_standard(data[0], handle);
    handles[handle] = standard != nullptr && as_bool(get(*standard, "status")).value_or(false);
  }
  return handles;
}

Diagnostics notes(const SettingData& data, const Resource& resource) {
  Diagnostics notes;
  std::vector<std::string> known;
  for (const Json& standard : get(data[0], "standard-repos")) {
    known.push_back(text_or(standard, "handle"));
  }
  for (const auto& [handle, enabled] : resource.spec.items()) {
    if (find_standard(data[0], handle) != nullptr) continue;
    notes.push_back({Severity::error,
                     "unknown repository",
                     fmt::format("Proxmox knows no standard repository `{}` there; it knows {}.",
                                 handle,
                                 list_words(known)),
                     resource.place_of(handle),
                     std::nullopt});
  }
  return notes;
}

/// What tells the line of a standard repository in the files.
struct Line {
  std::string uri_end;  ///< "/debian/pve"
  std::string component;
};

Line line_of(std::string_view handle) {
  const std::size_t ceph = handle.starts_with("ceph-") ? handle.find('-', 5) : 0;
  if (ceph == std::string_view::npos || ceph == 0) {
    return {"/debian/pve", handle == "test" ? "pvetest" : fmt::format("pve-{}", handle)};
  }
  return {fmt::format("/debian/{}", handle.substr(0, ceph)), std::string(handle.substr(ceph + 1))};
}

bool is(const Json& repository, const Line& line) {
  const Json& components = get(repository, "Components");
  const bool component =
      std::find(components.begin(), components.end(), line.component) != components.end();
  const Json& uris = get(repository, "URIs");
  const bool uri = std::any_of(uris.begin(), uris.end(), [&](const Json& item) {
    std::string text = as_text(item);
    while (text.ends_with('/')) text.pop_back();
    return text.find(".proxmox.com/") != std::string::npos && text.ends_with(line.uri_end);
  });
  return component && uri && as_bool(get(repository, "Enabled")).value_or(false);
}

/// Path and index of an enabled line of `handle`.
std::optional<std::pair<std::string, std::size_t>> find_line(const Json& data,
                                                             std::string_view handle) {
  const Line line = line_of(handle);
  for (const Json& file : get(data, "files")) {
    const Json& repositories = get(file, "repositories");
    for (std::size_t i = 0; i < repositories.size(); ++i) {
      if (is(repositories[i], line)) return std::pair(text_or(file, "path"), i);
    }
  }
  return std::nullopt;
}

Result<Json> switch_off(const SettingCalls& calls, const Json& data, const std::string& handle) {
  const auto line = find_line(data, handle);
  if (!line) {
    return Error{
        ErrorCode::not_found,
        fmt::format("the line of repository {} was not found in the files below /etc/apt", handle)};
  }
  return calls.api.post(calls.path(k_path),
                        {{"path", line->first},
                         {"index", fmt::format("{}", line->second)},
                         {"enabled", "0"},
                         {"digest", text_or(data, "digest")}});
}

// The digest is another one after every write.
Result<Done> write(const SettingCalls& calls, const Json& wanted, const Json& data) {
  Json present = data;
  for (const auto& [handle, enabled] : wanted.items()) {
    while (live({present}, wanted)[handle] != enabled) {
      const auto sent =
          enabled == true
              ? calls.api.put(calls.path(k_path),
                              {{"handle", handle}, {"digest", text_or(present, "digest")}})
              : switch_off(calls, present, handle);
      if (!sent) return sent.error().in_context(fmt::format("repository {}", handle));
      auto read = calls.api.get(calls.path(k_path));
      if (!read) return read.error();
      if (get(*read, "digest") == get(present, "digest")) {
        return Error{ErrorCode::rejected,
                     fmt::format("repository {} did not change, though Proxmox said so", handle)};
      }
      present = std::move(*read);
    }
  }
  return Done{};
}

// Proxmox knows a status only of those that are in its files.
Json spec(const SettingData& data) {
  Json handles = Json::object();
  for (const Json& standard : get(data[0], "standard-repos")) {
    const auto enabled = as_bool(get(standard, "status"));
    if (enabled) handles[text_or(standard, "handle")] = *enabled;
  }
  return handles.empty() ? Json() : handles;
}

}  // namespace

const SettingType& repositories_setting() {
  static const SettingType k_type{.name = "repositories",
                                  .what = "the package repositories",
                                  .paths = {k_path},
                                  .wanted = wanted,
                                  .live = live,
                                  .notes = notes,
                                  .spec = spec,
                                  .write = write};
  return k_type;
}

}  // namespace aegis::proxmox
