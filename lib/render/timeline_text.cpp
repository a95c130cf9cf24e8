#include "render/timeline_text.h"

#include <fmt/format.h>

#include "base/units.h"
#include "render/terminal_text.h"

namespace aegis {
namespace {

constexpr std::string_view k_format_version = "1.0";

// To the second: nobody asks for more of a rebuild.
std::string rounded(std::chrono::milliseconds duration) {
  return format_duration(std::chrono::floor<std::chrono::seconds>(duration));
}

std::string phase_text(const Phase& phase) {
  return fmt::format(
      "  {:>8}  {:<16}  {}\n", rounded(phase.begin), harmless(phase.name), rounded(phase.took));
}

std::string verdict(std::optional<bool> met,
                    std::optional<std::chrono::seconds> objective,
                    const Style& style) {
  if (!met) return {};
  return fmt::format(" (at most {}: {})",
                     format_duration(*objective),
                     paint(*met ? "met" : "missed", *met ? Role::added : Role::failed, style));
}

std::string guest_text(const Timeline& timeline, const Recovered& guest, const Style& style) {
  std::string text =
      fmt::format("  {}\n", paint(harmless(to_string(guest.guest)), Role::strong, style));
  const auto line = [&](std::string_view label, const std::string& value) {
    text += fmt::format("    {:<9}{}\n", label, value);
  };
  line("from", guest.from.empty() ? "nothing: no backup of it was seen" : harmless(guest.from));
  const auto age = timeline.age_of(guest);
  if (age || guest.rpo)
    line("lost",
         (age ? "what came in its last " + format_duration(*age) : "everything") +
             verdict(timeline.meets_rpo(guest), guest.rpo, style));
  if (guest.problem.empty())
    line("back in", rounded(guest.took) + verdict(timeline.meets_rto(guest), guest.rto, style));
  else
    line("not back", paint(harmless(guest.problem), Role::failed, style));
  return text;
}

Json objective_json(std::optional<bool> met) {
  return !met ? "none" : *met ? "met" : "missed";
}

template <class Duration>
Json seconds_or_null(const std::optional<Duration>& duration) {
  return duration ? Json(duration->count()) : Json();
}

}  // namespace

std::string render_text(const Timeline& timeline, const Style& style) {
  std::string text = fmt::format("Took {}.\n", rounded(timeline.took));
  for (const Phase& phase : timeline.phases) text += phase_text(phase);
  for (const Recovered& guest : timeline.guests) text += guest_text(timeline, guest, style);
  return text;
}

Json to_json(const Timeline& timeline) {
  const auto seconds = [](std::chrono::milliseconds duration) {
    return static_cast<double>(duration.count()) / 1000;
  };
  Json phases = Json::array();
  for (const Phase& phase : timeline.phases) {
    phases.push_back({{"name", phase.name},
                      {"begin_seconds", seconds(phase.begin)},
                      {"took_seconds", seconds(phase.took)}});
  }
  Json guests = Json::array();
  for (const Recovered& guest : timeline.guests) {
    Json item = {{"address", to_string(guest.guest)},
                 {"from", nullptr},
                 {"age_seconds", seconds_or_null(timeline.age_of(guest))},
                 {"took_seconds", seconds(guest.took)},
                 {"rto_seconds", seconds_or_null(guest.rto)},
                 {"rto", objective_json(timeline.meets_rto(guest))},
                 {"rpo_seconds", seconds_or_null(guest.rpo)},
                 {"rpo", objective_json(timeline.meets_rpo(guest))},
                 {"problem", nullptr}};
    if (!guest.from.empty()) item["from"] = guest.from;
    if (!guest.problem.empty()) item["problem"] = guest.problem;
    guests.push_back(std::move(item));
  }
  return {{"format_version", k_format_version},
          {"took_seconds", seconds(timeline.took)},
          {"phases", std::move(phases)},
          {"guests", std::move(guests)}};
}

}  // namespace aegis
