#include "kinds/proxmox/backups/spare.h"

#include <fmt/format.h>

#include "base/text.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_head = "Made by aegisctl restore of ";
constexpr std::string_view k_from = "from: ";
constexpr std::string_view k_attempt = "begun: ";
constexpr std::string_view k_in_place = "in place";
constexpr std::string_view k_note = "aegisctl: set aside by the restore of ";

}  // namespace

std::string spare_text(const Spare& spare) {
  return fmt::format("{}{}\n{}{}\n{}{}\n{}",
                     k_head,
                     spare.of,
                     k_from,
                     spare.archive,
                     k_attempt,
                     spare.attempt,
                     spare.in_place ? fmt::format("{}\n", k_in_place) : "");
}

std::optional<Spare> spare_in(const ConfigMap& config) {
  const auto description = config.find("description");
  if (description == config.end() || !description->second.starts_with(k_head)) return std::nullopt;
  Spare spare;
  for (const std::string& line : split(description->second, '\n')) {
    if (line.starts_with(k_head)) spare.of = line.substr(k_head.size());
    if (line.starts_with(k_from)) spare.archive = line.substr(k_from.size());
    if (line.starts_with(k_attempt)) spare.attempt = line.substr(k_attempt.size());
    if (line == k_in_place) spare.in_place = true;
  }
  if (spare.archive.empty() || spare.attempt.empty()) return std::nullopt;
  return spare;
}

std::string set_aside_note(std::string_view address, std::string_view attempt) {
  return fmt::format("{}{} of {}", k_note, address, attempt);
}

bool is_set_aside(std::string_view note) {
  return note.starts_with(k_note);
}

}  // namespace aegis::proxmox
