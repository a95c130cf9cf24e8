#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "simulator/options.h"

namespace aegis::simulator {

/// A login: the cookie's value, and the token that writes must carry besides.
struct Ticket {
  std::string ticket;
  std::string csrf_token;
};

/// Makes and checks tickets of Proxmox's outer form, "PVE:user@realm:TIME::SIGNATURE". They hold
/// no state: whoever has the key can check them, and they expire by the time they carry.
class Tickets {
 public:
  Tickets(std::string key, std::chrono::seconds lifetime);

  [[nodiscard]] Ticket issue(std::string_view user, TimePoint now) const;

  /// The user of a genuine ticket that has not expired, or nothing.
  [[nodiscard]] std::optional<std::string> check(std::string_view ticket, TimePoint now) const;

  /// True when `csrf_token` is genuine, fresh and belongs to `user`.
  [[nodiscard]] bool check_csrf(std::string_view csrf_token,
                                std::string_view user,
                                TimePoint now) const;

  [[nodiscard]] const std::string& key() const { return key_; }

 private:
  [[nodiscard]] bool is_fresh(std::string_view hex_time, TimePoint now) const;

  std::string key_;
  std::chrono::seconds lifetime_;
};

}  // namespace aegis::simulator
