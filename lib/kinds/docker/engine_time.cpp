#include "kinds/docker/engine_time.h"

#include <algorithm>
#include <charconv>

namespace aegis::docker {
namespace {

using std::chrono::nanoseconds;

// Reads a text piece by piece; once something did not fit, all that follows is meaningless.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  int number(std::size_t digits) {
    int value = 0;
    const char* const end = text_.data() + std::min(digits, text_.size());
    const auto [stop, problem] = std::from_chars(text_.data(), end, value);
    good_ = good_ && problem == std::errc() && stop == text_.data() + digits;
    text_.remove_prefix(std::min(digits, text_.size()));
    return value;
  }

  char letter() {
    if (text_.empty()) {
      good_ = false;
      return '\0';
    }
    const char letter = text_.front();
    text_.remove_prefix(1);
    return letter;
  }

  void expect(char wanted) { good_ = letter() == wanted && good_; }

  nanoseconds fraction() {
    nanoseconds sum{0};
    if (text_.empty() || text_.front() != '.') return sum;
    text_.remove_prefix(1);
    nanoseconds unit{100'000'000};
    while (!text_.empty() && text_.front() >= '0' && text_.front() <= '9') {
      sum += (text_.front() - '0') * unit;
      unit /= 10;
      text_.remove_prefix(1);
    }
    return sum;
  }

  [[nodiscard]] bool is_good_end() const { return good_ && text_.empty(); }

 private:
  std::string_view text_;
  bool good_ = true;
};

std::chrono::minutes offset_of(Reader& reader) {
  const char sign = reader.letter();
  if (sign == 'Z') return {};
  const int hours = reader.number(2);
  reader.expect(':');
  const int minutes = reader.number(2);
  return std::chrono::minutes{(sign == '-' ? -1 : 1) * (hours * 60 + minutes)};
}

}  // namespace

std::optional<nanoseconds> parse_engine_time(std::string_view text) {
  Reader reader(text);
  const std::chrono::year year{reader.number(4)};
  reader.expect('-');
  const std::chrono::month month{static_cast<unsigned>(reader.number(2))};
  reader.expect('-');
  const std::chrono::day day{static_cast<unsigned>(reader.number(2))};
  reader.expect('T');
  const int hours = reader.number(2);
  reader.expect(':');
  const int minutes = reader.number(2);
  reader.expect(':');
  const int seconds = reader.number(2);
  const nanoseconds fraction = reader.fraction();
  const auto offset = offset_of(reader);
  const std::chrono::year_month_day date{year, month, day};
  // Nanoseconds reach back to 1677.
  if (!reader.is_good_end() || !date.ok() || static_cast<int>(year) < 1970) return std::nullopt;
  return nanoseconds{std::chrono::sys_days{date}.time_since_epoch()} + std::chrono::hours{hours} +
         std::chrono::minutes{minutes} + std::chrono::seconds{seconds} + fraction - offset;
}

}  // namespace aegis::docker
