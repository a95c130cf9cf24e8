#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kinds/proxmox/api.h"
#include "model/desired.h"

namespace aegis::proxmox {

/// The calls about one setting of one node. Refers to the doors: must not outlive them.
struct SettingCalls {
  ApiClient api;
  std::string node;

  /// The complete path of `path`, whose "{node}" becomes the node.
  [[nodiscard]] std::string path(std::string_view path) const;
};

/// `data` of each of SettingType::paths, in their order.
using SettingData = std::vector<Json>;

/// One setting: how it is read, compared and written.
struct SettingType {
  std::string_view name;                ///< "dns"
  std::string_view what;                ///< for messages: "the name servers"
  std::vector<std::string_view> paths;  ///< what to GET: "/nodes/{node}/dns"

  /// Pure. What the manifest's `spec` asks for, as it is compared.
  Json (*wanted)(const Json& spec) = nullptr;

  /// Pure. What is there, in the same shape; only as much of it as `spec` has a say in.
  Json (*live)(const SettingData& data, const Json& spec) = nullptr;

  /// Pure, may be null. What is worth knowing, errors included.
  Diagnostics (*notes)(const SettingData& data, const Resource& resource) = nullptr;

  /// Pure, may be null. What a manifest would say of what is there; null when that is nothing.
  Json (*spec)(const SettingData& data) = nullptr;

  /// Makes it `wanted`; `spec` decides as for `live`. Null: it is never written.
  Result<Done> (*write)(const SettingCalls& calls, const Json& wanted, const Json& data) = nullptr;
};

const SettingType& dns_setting();
const SettingType& hosts_setting();
const SettingType& time_setting();
const SettingType& options_setting();
const SettingType& repositories_setting();
const SettingType& facts_setting();

/// All of them.
std::span<const SettingType* const> setting_types();

/// The setting called `name`, or null.
const SettingType* find_setting_type(std::string_view name);

}  // namespace aegis::proxmox
