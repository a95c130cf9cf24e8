#include "render/coverage_text.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/text.h"
#include "base/units.h"
#include "render/backup_words.h"
#include "render/terminal_text.h"

namespace aegis {
namespace {

constexpr std::string_view k_format_version = "1.0";

std::string newest_text(const GuestCoverage& guest, std::int64_t now, const Style& style) {
  const Copy* newest = newest_usable(guest.backups);
  if (newest == nullptr) return paint("no backup", Role::failed, style);
  return harmless(newest_words(*newest, now));
}

std::string objective_text(const GuestCoverage& guest, std::int64_t now, const Style& style) {
  const std::string limit = fmt::format("at most {} old: ", format_duration(*guest.rpo));
  switch (judge(guest, now)) {
    case Objective::met:
      return limit + paint("met", Role::added, style);
    case Objective::missed:
      return limit + paint("missed", Role::failed, style);
    case Objective::unknown:
      return limit + paint("not known to be met", Role::failed, style);
    case Objective::none:
      break;
  }
  return limit + "nothing to judge";
}

std::string kept_text(const GuestCoverage& guest) {
  const std::int64_t size =
      std::accumulate(guest.backups.begin(),
                      guest.backups.end(),
                      std::int64_t{0},
                      [](std::int64_t sum, const Copy& copy) { return sum + copy.size; });
  return fmt::format("{}, {} in all", count_of(guest.backups.size(), "backup"), rough_size(size));
}

std::string jobs_text(const GuestCoverage& guest, const Style& style) {
  if (guest.jobs.empty()) return paint("none: nothing backs it up", Role::failed, style);
  std::vector<std::string> jobs;
  for (const CoveringJob& job : guest.jobs) {
    jobs.push_back(harmless(fmt::format(
        "{} ({}{}{})", job.name, job.schedule, job.storage.empty() ? "" : ", to ", job.storage)));
  }
  return list_words(jobs);
}

std::string snapshots_text(const GuestCoverage& guest, std::int64_t now) {
  return fmt::format("{}, the newest {} ago; they are lost with the guest",
                     guest.snapshots.size(),
                     rough_age(now - guest.snapshots.front().time));
}

std::string guest_text(const GuestCoverage& guest, std::int64_t now, const Style& style) {
  std::string text = fmt::format("{}  {} on {}{}\n",
                                 paint(harmless(to_string(guest.guest)), Role::strong, style),
                                 guest.vmid,
                                 harmless(guest.server),
                                 guest.exists ? "" : ", which is not there");
  text += labelled_line("newest", newest_text(guest, now, style));
  if (guest.rpo) text += labelled_line("objective", objective_text(guest, now, style));
  if (!guest.backups.empty()) text += labelled_line("kept", kept_text(guest));
  text += labelled_line("jobs", jobs_text(guest, style));
  if (!guest.snapshots.empty()) text += labelled_line("snapshots", snapshots_text(guest, now));
  for (const Copy& copy : guest.backups) {
    if (!copy.flaw.empty()) {
      text += labelled_line("left out", harmless(fmt::format("{}: {}", copy.name, copy.flaw)));
    }
  }
  for (const Gap& gap : guest.gaps) {
    text += labelled_line("not in it", harmless(fmt::format("{}: {}", gap.part, gap.why)));
  }
  for (const Error& error : guest.unread) {
    text += labelled_line("not seen", paint(harmless(error.message), Role::warned, style));
  }
  return text;
}

std::string verdict(const CoverageReport& report, std::int64_t now, const Style& style) {
  const auto count = [&](const auto& has) {
    return static_cast<std::size_t>(std::count_if(report.guests.begin(), report.guests.end(), has));
  };
  const auto judged = [&](Objective wanted) {
    return count([&](const GuestCoverage& guest) { return judge(guest, now) == wanted; });
  };
  const std::size_t missed = judged(Objective::missed);
  const std::size_t unknown = judged(Objective::unknown);
  const std::size_t bare = count([](const GuestCoverage& guest) { return guest.jobs.empty(); });
  const std::string text =
      fmt::format("{}, {} in no job. Objectives: {} met, {} missed, {} not known.",
                  count_of(report.guests.size(), "guest"),
                  bare,
                  judged(Objective::met),
                  missed,
                  unknown);
  return paint(text, missed + unknown > 0 ? Role::failed : Role::added, style);
}

Json copies_json(const std::vector<Copy>& copies, std::int64_t now) {
  Json list = Json::array();
  for (const Copy& copy : copies) list.push_back(copy_json(copy, now));
  return list;
}

Json errors_json(const std::vector<Error>& errors) {
  Json list = Json::array();
  for (const Error& error : errors) list.push_back(error.message);
  return list;
}

Json guest_json(const GuestCoverage& guest, std::int64_t now) {
  Json jobs = Json::array();
  for (const CoveringJob& job : guest.jobs) {
    jobs.push_back({{"name", job.name}, {"storage", job.storage}, {"schedule", job.schedule}});
  }
  Json gaps = Json::array();
  for (const Gap& gap : guest.gaps) {
    gaps.push_back(
        {{"part", gap.part}, {"why", gap.why}, {"goes_with_guest", gap.goes_with_guest}});
  }
  const Copy* newest = newest_usable(guest.backups);
  return {{"address", to_string(guest.guest)},
          {"server", guest.server},
          {"vmid", guest.vmid},
          {"exists", guest.exists},
          {"jobs", std::move(jobs)},
          {"objective",
           {{"state", to_string(judge(guest, now))},
            {"rpo", guest.rpo ? Json(guest.rpo->count()) : Json()}}},
          {"newest", newest == nullptr ? Json() : copy_json(*newest, now)},
          {"backups", copies_json(guest.backups, now)},
          {"snapshots", copies_json(guest.snapshots, now)},
          {"gaps", std::move(gaps)},
          {"unread", errors_json(guest.unread)}};
}

}  // namespace

std::string render_text(const CoverageReport& report, std::int64_t now, const Style& style) {
  std::string text;
  for (const GuestCoverage& guest : report.guests) text += guest_text(guest, now, style) + "\n";
  return fmt::format("{}{}\n", text, verdict(report, now, style));
}

Json to_json(const CoverageReport& report, std::int64_t now) {
  Json guests = Json::array();
  for (const GuestCoverage& guest : report.guests) guests.push_back(guest_json(guest, now));
  return {{"format_version", k_format_version},
          {"guests", std::move(guests)},
          {"failures", errors_json(report.failures)}};
}

std::string render_text(const std::vector<Verification>& verifications, const Style& style) {
  std::string text;
  for (const Verification& one : verifications) {
    text += one.problem ? paint("bad  ", Role::failed, style) : paint("good ", Role::added, style);
    text += harmless(to_string(one.guest));
    if (one.copy) {
      text += fmt::format("  {}, of {:%Y-%m-%d %H:%M} UTC, {}",
                          harmless(one.copy->name),
                          as_time(one.copy->time),
                          rough_size(one.copy->size));
    }
    text += "\n";
    if (one.problem) text += fmt::format("       {}\n", harmless(one.problem->message));
  }
  return text;
}

Json to_json(const std::vector<Verification>& verifications) {
  Json backups = Json::array();
  for (const Verification& one : verifications) {
    Json json{{"address", to_string(one.guest)}};
    if (one.copy) {
      json["name"] = one.copy->name;
      json["time"] = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", as_time(one.copy->time));
      json["size"] = one.copy->size;
    }
    if (one.problem) json["problem"] = one.problem->message;
    backups.push_back(std::move(json));
  }
  return {{"format_version", k_format_version}, {"backups", std::move(backups)}};
}

}  // namespace aegis
