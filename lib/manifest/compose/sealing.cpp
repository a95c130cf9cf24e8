#include "manifest/compose/sealing.h"

#include <algorithm>
#include <utility>

#include "manifest/compose/secret_places.h"
#include "manifest/compose/variable.h"

namespace aegis::compose {
namespace {

constexpr std::string_view k_url_ends = " \t\r\n\"'";

class Sealer {
 public:
  Sealer(Vault& vault, std::vector<std::string> keys) : vault_(vault), keys_(std::move(keys)) {}

  Json json(const Node& value) {
    if (value.type == Node::Type::sequence) {
      Json list = Json::array();
      for (const Node& item : value.items) list.push_back(json(item));
      return keys_.back() == "extra_hosts" ? sealed_together(std::move(list)) : list;
    }
    if (value.type != Node::Type::mapping)
      return to_json(value, [&](const Node& text) { return text_json(text); });
    Json object = Json::object();
    for (const Member& member : value.members) {
      keys_.push_back(member.key);
      object[member.key] = in_environment() ? environment_json(member.key, member.value, vault_)
                                            : json(member.value);
      keys_.pop_back();
    }
    return object;
  }

 private:
  // The engine keeps no order in this list: what is not sealed would tell what is.
  Json sealed_together(Json list) {
    if (std::none_of(list.begin(), list.end(), is_sealed)) return list;
    for (Json& item : list) {
      if (!is_sealed(item)) item = vault_.seal(as_text(item));
    }
    return list;
  }

  // "services", the service, "environment", the variable.
  [[nodiscard]] bool in_environment() const {
    return keys_.size() == 4 && keys_[0] == "services" && keys_[2] == "environment";
  }

  Json text_json(const Node& text) {
    const bool secret = !text.secret.empty() || (text.interpolated && has_url_password(text.text));
    return secret && takes_secrets(keys_) ? vault_.seal(text.text) : Json(text.text);
  }

  Vault& vault_;
  std::vector<std::string> keys_;
};

}  // namespace

bool has_url_password(std::string_view text) {
  for (std::size_t at = text.find("://"); at != std::string_view::npos; at = text.find("://", at)) {
    at += 3;
    const std::string_view rest = text.substr(at);
    const std::string_view url = rest.substr(0, rest.find_first_of(k_url_ends));
    const std::size_t user_end = url.find('@');
    const std::size_t colon = url.find(':');
    if (user_end != std::string_view::npos && colon != std::string_view::npos &&
        colon + 1 < user_end)
      return true;
  }
  return false;
}

Json environment_json(std::string_view name, const Node& value, Vault& vault) {
  if (value.type == Node::Type::null) return nullptr;
  if (value.interpolated || is_secret_name(name) || has_url_password(value.text))
    return vault.seal(value.text);
  return value.text;
}

Json sealed_json(const Node& value, std::vector<std::string> keys, Vault& vault) {
  return Sealer(vault, std::move(keys)).json(value);
}

}  // namespace aegis::compose
