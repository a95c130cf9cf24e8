#include "base/time_zone.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/files.h"

namespace aegis {
namespace {

constexpr std::size_t k_header = 44;
constexpr std::int32_t k_hour = 3600;
constexpr std::int64_t k_day = 86400;

// Numbers of the file: big endian, of two's complement.
std::int64_t number_at(std::string_view bytes, std::size_t place, std::size_t width) {
  std::uint64_t value = 0;
  for (const char c : bytes.substr(place, width))
    value = (value << 8U) | static_cast<unsigned char>(c);
  const std::uint64_t sign = std::uint64_t{1} << (8 * width - 1);
  return static_cast<std::int64_t>((value ^ sign) - sign);
}

struct Counts {
  std::size_t utc = 0;
  std::size_t standard = 0;
  std::size_t leaps = 0;
  std::size_t times = 0;
  std::size_t types = 0;
  std::size_t letters = 0;

  [[nodiscard]] std::size_t size(std::size_t width) const {
    return times * (width + 1) + types * 6 + letters + leaps * (width + 4) + standard + utc;
  }
};

// The counts of a header, or nothing when there is none at `place`.
std::optional<Counts> counts_at(std::string_view bytes, std::size_t place) {
  if (bytes.size() < place + k_header || bytes.substr(place, 4) != "TZif") return std::nullopt;
  const auto count = [&](std::size_t index) {
    return static_cast<std::size_t>(
        std::clamp<std::int64_t>(number_at(bytes, place + 20 + index * 4, 4), 0, 1 << 20));
  };
  return Counts{count(0), count(1), count(2), count(3), count(4), count(5)};
}

}  // namespace

// "CET-1CEST,M3.5.0,M10.5.0/3": POSIX counts west of Greenwich.
class TimeZone::FooterReader {
 public:
  explicit FooterReader(std::string_view text) : rest_(text) {}

  std::optional<Footer> read() {
    Footer footer;
    skip_name();
    footer.standard = -seconds();
    footer.summer = footer.standard;
    if (rest_.empty()) return is_right_ ? std::optional(footer) : std::nullopt;
    skip_name();
    footer.summer = rest_.starts_with(',') ? footer.standard + k_hour : -seconds();
    footer.begins = rule();
    footer.ends = rule();
    return is_right_ && rest_.empty() ? std::optional(footer) : std::nullopt;
  }

 private:
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void skip_name() {
    const bool is_quoted = take('<');
    const std::size_t end = is_quoted ? rest_.find('>') : rest_.find_first_of("+-,0123456789");
    is_right_ = is_right_ && (!is_quoted || end != std::string_view::npos);
    rest_.remove_prefix(std::min(end, rest_.size()));
    if (is_quoted) take('>');
  }

  std::int32_t number() {
    std::int32_t value = 0;
    std::size_t digits = 0;
    for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9' && digits < 4;
         ++digits) {
      value = value * 10 + (rest_[digits] - '0');
    }
    is_right_ = is_right_ && digits > 0;
    rest_.remove_prefix(digits);
    return value;
  }

  // "-1", "2:30", "+05:30:00"
  std::int32_t seconds() {
    const bool is_negative = take('-');
    if (!is_negative) take('+');
    std::int32_t value = number() * k_hour;
    if (take(':')) value += number() * 60;
    if (take(':')) value += number();
    return is_negative ? -value : value;
  }

  Rule rule() {
    Rule rule;
    is_right_ = is_right_ && take(',');
    if (take('M')) {
      rule.month = number();
      is_right_ = is_right_ && take('.');
      rule.week = number();
      is_right_ = is_right_ && take('.');
      is_right_ = is_right_ && rule.month >= 1 && rule.month <= 12;
    } else {
      rule.form = take('J') ? Rule::Form::julian : Rule::Form::day_of_year;
    }
    rule.day = number();
    rule.second = take('/') ? seconds() : 2 * k_hour;
    return rule;
  }

  std::string_view rest_;
  bool is_right_ = true;
};

Result<TimeZone> TimeZone::load(const std::string& name, const std::string& folder) {
  if (name == "UTC") return TimeZone();
  std::error_code problem;
  if (!std::filesystem::is_directory(folder, problem)) {
    return Error{ErrorCode::io,
                 fmt::format("there is no tz database in {} (Debian's package tzdata)", folder)};
  }
  const bool leads_out =
      name.empty() || name.front() == '/' || name.find("..") != std::string::npos;
  const std::filesystem::path file = std::filesystem::path(folder) / name;
  if (leads_out || !std::filesystem::is_regular_file(file, problem)) {
    return Error{ErrorCode::not_found, fmt::format("there is no time zone \"{}\"", name)};
  }
  const auto bytes = read_file(file);
  if (!bytes) return bytes.error();
  auto zone = parse(*bytes);
  return zone ? std::move(zone) : zone.error().in_context(name);
}

Result<TimeZone> TimeZone::parse(std::string_view bytes) {
  const Error damaged{ErrorCode::rejected,
                      "this is no file of the tz database of version 2 or later"};
  const auto old = counts_at(bytes, 0);
  if (!old) return damaged;
  const std::size_t begin = k_header + old->size(4);
  const auto counts = counts_at(bytes, begin);
  if (!counts || counts->types == 0 || bytes.size() < begin + k_header + counts->size(8))
    return damaged;
  const std::size_t times = begin + k_header;
  const std::size_t indices = times + counts->times * 8;
  const std::size_t types = indices + counts->times;
  const auto offset_of = [&](std::size_t type) {
    return static_cast<std::int32_t>(
        number_at(bytes, types + std::min(type, counts->types - 1) * 6, 4));
  };
  TimeZone zone;
  zone.first_ = offset_of(0);
  for (std::size_t i = 0; i < counts->times; ++i) {
    const auto type = static_cast<unsigned char>(bytes[indices + i]);
    zone.changes_.push_back({number_at(bytes, times + i * 8, 8), offset_of(type)});
  }
  std::string_view footer = bytes.substr(times + counts->size(8));
  if (footer.size() < 2 || footer.front() != '\n' || footer.back() != '\n') return damaged;
  footer = footer.substr(1, footer.size() - 2);
  if (footer.empty()) return zone;
  zone.footer_ = FooterReader(footer).read();
  if (!zone.footer_) return damaged;
  return zone;
}

std::chrono::seconds TimeZone::offset_at(std::chrono::sys_seconds time) const {
  const std::int64_t at = time.time_since_epoch().count();
  const auto next = std::upper_bound(
      changes_.begin(), changes_.end(), at, [](std::int64_t one, const Change& change) {
        return one < change.time;
      });
  if (next == changes_.end() && footer_) return std::chrono::seconds(by_footer(at));
  return std::chrono::seconds(next == changes_.begin() ? first_ : std::prev(next)->offset);
}

std::int32_t TimeZone::by_footer(std::int64_t time) const {
  if (!footer_->begins) return footer_->standard;
  const auto day = std::chrono::floor<std::chrono::days>(
      std::chrono::sys_seconds(std::chrono::seconds(time + footer_->standard)));
  const std::chrono::year year = std::chrono::year_month_day(day).year();
  const std::int64_t begin = moment_in(year, *footer_->begins) - footer_->standard;
  const std::int64_t end = moment_in(year, footer_->ends) - footer_->summer;
  const bool is_summer = begin < end ? time >= begin && time < end : time >= begin || time < end;
  return is_summer ? footer_->summer : footer_->standard;
}

std::int64_t TimeZone::moment_in(std::chrono::year year, const Rule& rule) {
  namespace ch = std::chrono;
  ch::sys_days day;
  if (rule.form == Rule::Form::month_week_day) {
    const ch::month month(static_cast<unsigned>(rule.month));
    const ch::weekday weekday(static_cast<unsigned>(rule.day));
    day = rule.week >= 5 ? ch::sys_days(year / month / weekday[ch::last])
                         : ch::sys_days(year / month / weekday[static_cast<unsigned>(rule.week)]);
  } else {
    // "J60" is the first of March in every year.
    const bool skips = rule.form == Rule::Form::julian && year.is_leap() && rule.day >= 60;
    const int first = rule.form == Rule::Form::julian ? 1 : 0;
    day = ch::sys_days(year / ch::January / 1) + ch::days(rule.day - first + (skips ? 1 : 0));
  }
  return day.time_since_epoch().count() * k_day + rule.second;
}

std::chrono::sys_seconds TimeZone::from_local(std::chrono::sys_seconds local) const {
  constexpr std::chrono::hours k_more_than_any_offset{26};
  const auto before = offset_at(local - k_more_than_any_offset);
  const auto after = offset_at(local + k_more_than_any_offset);
  if (offset_at(local - before) == before) return local - before;
  if (offset_at(local - after) == after) return local - after;
  return local - before;
}

}  // namespace aegis
