#include "simulator/tickets.h"

#include <fmt/format.h>

#include <charconv>

#include "base/digest.h"

namespace aegis::simulator {
namespace {

// A ticket from a slightly fast clock is still good.
constexpr std::int64_t k_clock_skew = 300;

std::int64_t seconds_of(TimePoint time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

std::string sign(std::string_view key, std::string_view text) {
  return base64_encode(hmac_sha256_hex(key, text));
}

}  // namespace

Tickets::Tickets(std::string key, std::chrono::seconds lifetime)
    : key_(std::move(key)), lifetime_(lifetime) {}

Ticket Tickets::issue(std::string_view user, TimePoint now) const {
  const std::string time = fmt::format("{:08X}", seconds_of(now));
  const std::string plain = fmt::format("PVE:{}:{}", user, time);
  return {fmt::format("{}::{}", plain, sign(key_, plain)),
          fmt::format("{}:{}", time, sign(key_, fmt::format("{}:{}", time, user)))};
}

std::optional<std::string> Tickets::check(std::string_view ticket, TimePoint now) const {
  const std::size_t mark = ticket.find("::");
  if (mark == std::string_view::npos || !ticket.starts_with("PVE:")) return std::nullopt;
  const std::string_view plain = ticket.substr(0, mark);
  if (ticket.substr(mark + 2) != sign(key_, plain)) return std::nullopt;
  const std::size_t time = plain.rfind(':');
  if (!is_fresh(plain.substr(time + 1), now)) return std::nullopt;
  return std::string(plain.substr(4, time - 4));
}

bool Tickets::check_csrf(std::string_view csrf_token, std::string_view user, TimePoint now) const {
  const std::size_t mark = csrf_token.find(':');
  if (mark == std::string_view::npos) return false;
  const std::string_view time = csrf_token.substr(0, mark);
  return csrf_token.substr(mark + 1) == sign(key_, fmt::format("{}:{}", time, user)) &&
         is_fresh(time, now);
}

bool Tickets::is_fresh(std::string_view hex_time, TimePoint now) const {
  std::int64_t issued = 0;
  const char* const end = hex_time.data() + hex_time.size();
  if (std::from_chars(hex_time.data(), end, issued, 16).ptr != end) return false;
  const std::int64_t age = seconds_of(now) - issued;
  return age >= -k_clock_skew && age <= lifetime_.count();
}

}  // namespace aegis::simulator
