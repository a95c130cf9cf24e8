#include "manifest/compose/dotenv.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "base/text.h"
#include "manifest/compose/interpolation.h"
#include "manifest/compose/report.h"

namespace aegis::compose {
namespace {

constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view k_export = "export";

bool is_name_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("_.-[]").find(c) != std::string_view::npos;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

std::optional<char> simple_escape(char c) {
  constexpr std::string_view k_names = "ntrabfv\"\\";
  constexpr std::string_view k_values = "\n\t\r\a\b\f\v\"\\";
  const std::size_t index = k_names.find(c);
  if (index == std::string_view::npos) return std::nullopt;
  return k_values[index];
}

class Parser {
 public:
  Parser(std::string_view text,
         const std::string& file,
         DotenvFormat format,
         const Variables& variables,
         Diagnostics& diagnostics)
      : text_(text),
        file_(file),
        format_(format),
        variables_(variables),
        diagnostics_(diagnostics),
        lookup_([this](const std::string& name) { return value_of(name); }) {
    if (text_.starts_with(k_byte_order_mark)) position_ = k_byte_order_mark.size();
    line_start_ = position_;
  }

  std::vector<DotenvEntry> run() {
    while (position_ < text_.size()) read_line();
    return std::move(entries_);
  }

 private:
  void read_line() {
    skip_blanks();
    if (at_line_end() || text_[position_] == '#') return next_line();
    skip_export();
    const SourceSpan where = here();
    std::string name = read_name();
    skip_blanks();
    if (name.empty() || !(at_line_end() || text_[position_] == '=' || text_[position_] == ':')) {
      fail(where,
           "A line of an environment file must be NAME=value; names are made of letters, digits "
           "and `_.-[]`.");
      return next_line();
    }
    if (at_line_end()) {
      auto value = value_of(name);
      add(std::move(name), std::move(value), where);
      return next_line();
    }
    ++position_;
    if (format_ == DotenvFormat::raw)
      add(std::move(name), Variable{raw(rest_of_line())}, where);
    else
      read_value(std::move(name), where);
    next_line();
  }

  void read_value(std::string name, const SourceSpan& where) {
    skip_blanks();
    const char quote = at_line_end() ? '\0' : text_[position_];
    if (quote != '\'' && quote != '"') {
      add(std::move(name), expanded(unquoted(rest_of_line()), where), where);
      return;
    }
    const std::size_t close = closing_quote(quote);
    if (close == std::string_view::npos) {
      fail(where, fmt::format("The value of {} has no closing {} quote.", name, quote));
      position_ = text_.size();
      return;
    }
    const std::string_view body = text_.substr(position_ + 1, close - position_ - 1);
    add(std::move(name),
        quote == '\'' ? Variable{std::string(body)} : expanded(unescaped(body), where),
        where);
    pass_over(close + 1);
    skip_blanks();
    if (!at_line_end() && text_[position_] != '#')
      fail(here(), "Only a comment may follow the closing quote of a value.");
  }

  [[nodiscard]] std::size_t closing_quote(char quote) const {
    for (std::size_t i = position_ + 1; i < text_.size(); ++i) {
      if (quote == '"' && text_[i] == '\\')
        ++i;
      else if (text_[i] == quote)
        return i;
    }
    return std::string_view::npos;
  }

  static std::string raw(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return std::string(line);
  }

  // A `#` after a blank starts a comment.
  static std::string unquoted(std::string_view line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '#' && (i == 0 || is_blank(line[i - 1]))) {
        line = line.substr(0, i);
        break;
      }
    }
    return std::string(trim_end(line));
  }

  // `\$` becomes `$$`, which interpolation turns into a plain dollar.
  static std::string unescaped(std::string_view body) {
    std::string value;
    for (std::size_t i = 0; i < body.size(); ++i) {
      if (body[i] != '\\' || i + 1 == body.size()) {
        value += body[i];
        continue;
      }
      const char next = body[++i];
      if (const auto simple = simple_escape(next)) {
        value += *simple;
      } else if (next == '$') {
        value += "$$";
      } else if (next == '0') {
        value += octal(body, i);
      } else {
        value += '\\';
        value += next;
      }
    }
    return value;
  }

  // The byte in "\0nnn"; `i` stands at the 0 and is left at the last digit.
  static char octal(std::string_view body, std::size_t& i) {
    int value = 0;
    for (int digits = 0; digits < 3 && i + 1 < body.size(); ++digits) {
      const char c = body[i + 1];
      if (c < '0' || c > '7') break;
      value = value * 8 + (c - '0');
      ++i;
    }
    return static_cast<char>(value);
  }

  Variable expanded(const std::string& value, const SourceSpan& where) {
    Interpolated result = interpolate(value, lookup_);
    for (const Interpolated::Remark& remark : result.errors) fail(where, remark.message);
    for (const Interpolated::Remark& remark : result.unset) {
      warning(diagnostics_,
              where,
              "variable not set",
              fmt::format("The variable {} is not set; an empty text takes its place.",
                          remark.message));
    }
    const Secrecy guess = result.secret.empty() ? Secrecy::none : Secrecy::likely;
    return {std::move(result.text), result.certain ? Secrecy::certain : guess};
  }

  [[nodiscard]] std::optional<Variable> value_of(const std::string& name) const {
    if (auto variable = variables_(name)) return variable;
    const auto found = defined_.find(name);
    return found == defined_.end() ? std::nullopt : std::optional(found->second);
  }

  void add(std::string name, std::optional<Variable> variable, const SourceSpan& where) {
    // The reference implementation drops names that start with a digit.
    if (std::isdigit(static_cast<unsigned char>(name.front())) != 0) return;
    DotenvEntry entry{std::move(name), std::nullopt, Secrecy::none, where};
    if (variable) {
      variable->secrecy = std::max(variable->secrecy, secrecy_of_name(entry.name));
      entry.value = variable->value;
      entry.secrecy = variable->secrecy;
      defined_[entry.name] = std::move(*variable);
    }
    entries_.push_back(std::move(entry));
  }

  void skip_export() {
    const std::string_view rest = text_.substr(position_);
    if (!rest.starts_with(k_export) || rest.size() == k_export.size() ||
        !is_blank(rest[k_export.size()]))
      return;
    position_ += k_export.size();
    skip_blanks();
  }

  std::string read_name() {
    const std::size_t begin = position_;
    while (position_ < text_.size() && is_name_char(text_[position_])) ++position_;
    return std::string(text_.substr(begin, position_ - begin));
  }

  [[nodiscard]] bool at_line_end() const {
    return position_ >= text_.size() || text_[position_] == '\n';
  }

  void skip_blanks() {
    while (!at_line_end() && is_blank(text_[position_])) ++position_;
  }

  [[nodiscard]] std::string_view rest_of_line() const {
    return text_.substr(position_, text_.find('\n', position_) - position_);
  }

  static std::string_view trim_end(std::string_view line) {
    while (!line.empty() && is_blank(line.back())) line.remove_suffix(1);
    return line;
  }

  // Moves to `end`, counting the lines in between.
  void pass_over(std::size_t end) {
    for (; position_ < end; ++position_) {
      if (text_[position_] != '\n') continue;
      ++line_;
      line_start_ = position_ + 1;
    }
  }

  void next_line() {
    const std::size_t end = text_.find('\n', position_);
    pass_over(end == std::string_view::npos ? text_.size() : end + 1);
  }

  [[nodiscard]] SourceSpan here() const {
    return {file_, line_, static_cast<int>(position_ - line_start_) + 1, 1};
  }

  void fail(const SourceSpan& where, std::string detail) {
    error(diagnostics_, where, "environment file not readable", std::move(detail));
  }

  std::string_view text_;
  const std::string& file_;
  DotenvFormat format_;
  const Variables& variables_;
  Diagnostics& diagnostics_;
  Variables lookup_;
  std::map<std::string, Variable> defined_;
  std::vector<DotenvEntry> entries_;
  std::size_t position_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
};

}  // namespace

std::vector<DotenvEntry> parse_dotenv(std::string_view text,
                                      const std::string& file,
                                      DotenvFormat format,
                                      const Variables& variables,
                                      Diagnostics& diagnostics) {
  return Parser(text, file, format, variables, diagnostics).run();
}

}  // namespace aegis::compose
