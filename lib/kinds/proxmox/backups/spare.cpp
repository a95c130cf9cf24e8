#include "kinds/proxmox/backups/spare.h"

#include <fmt/format.h>

#include "base/text.h"

namespace aegis::proxmox {
namespace {

constexpr std::string_view k_restore = "Made by aegisctl restore of ";
constexpr std::string_view k_drill = "Made by aegisctl drill of ";
constexpr std::string_view k_from = "from: ";
constexpr std::string_view k_attempt = "begun: ";
constexpr std::string_view k_in_place = "in place";
constexpr std::string_view k_note = "aegisctl: set aside by the restore of ";

}  // namespace

std::string spare_text(const Spare& spare) {
  return fmt::format("{}{}\n{}{}\n{}{}\n{}",
                     spare.is_drill ? k_drill : k_restore,
                     spare.of,
                     k_from,
                     spare.archive,
                     k_attempt,
                     spare.attempt,
                     spare.in_place ? fmt::format("{}\n", k_in_place) : "");
}

std::optional<Spare> spare_in(const ConfigMap& config) {
  const auto description = config.find("description");
  if (description == config.end()) return std::nullopt;
  Spare spare;
  spare.is_drill = description->second.starts_with(k_drill);
  const std::string_view head = spare.is_drill ? k_drill : k_restore;
  if (!description->second.starts_with(head)) return std::nullopt;
  for (const std::string& line : split(description->second, '\n')) {
    if (line.starts_with(head)) spare.of = line.substr(head.size());
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
