#include "manifest/compose/interpolation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace aegis::compose {
namespace {

constexpr int k_deepest = 50;

bool starts_name(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool continues_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::size_t end_of_name(std::string_view text, std::size_t begin) {
  if (begin >= text.size() || !starts_name(text[begin])) return begin;
  std::size_t end = begin;
  while (end < text.size() && continues_name(text[end])) ++end;
  return end;
}

// The index of the brace that closes the one opened before `begin`. Only "${" opens another.
std::size_t closing_brace(std::string_view text, std::size_t begin) {
  int open = 1;
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (text.substr(i).starts_with("$$")) {
      ++i;
    } else if (text.substr(i).starts_with("${")) {
      ++open;
    } else if (text[i] == '}' && --open == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

// What stands between the braces.
struct Reference {
  std::string name;
  bool empty_counts_as_unset = false;
  char operation = 0;  // '-', '?', '+', or 0 for a plain reference
  std::size_t operand = 0;
};

std::optional<Reference> parse_reference(std::string_view text,
                                         std::size_t begin,
                                         std::size_t close) {
  std::size_t position = end_of_name(text, begin);
  if (position == begin) return std::nullopt;
  Reference reference{std::string(text.substr(begin, position - begin))};
  if (position == close) return reference;
  if (text[position] == ':') {
    reference.empty_counts_as_unset = true;
    ++position;
  }
  if (position >= close || std::string_view("-?+").find(text[position]) == std::string_view::npos)
    return std::nullopt;
  reference.operation = text[position];
  reference.operand = position + 1;
  return reference;
}

class Interpolator {
 public:
  Interpolator(std::string_view text, const Variables& variables)
      : text_(text), variables_(variables) {}

  Interpolated run() {
    expand(0, text_.size(), Secrecy::none, 0);
    return std::move(result_);
  }

 private:
  // `secrecy`: of the variable that what is put out stands for.
  void expand(std::size_t begin, std::size_t end, Secrecy secrecy, int depth) {
    for (std::size_t i = begin; i < end;) {
      const std::size_t name = text_[i] == '$' ? i + 1 : end;
      const std::size_t name_end = name < end ? std::min(end_of_name(text_, name), end) : name;
      if (name_end > name) {
        substitute({std::string(text_.substr(name, name_end - name))}, i, 0, secrecy, depth);
        i = name_end;
      } else if (name < end && text_[name] == '{') {
        i = expand_braced(i, end, secrecy, depth);
      } else {
        put(text_.substr(i, 1), secrecy);
        i += name < end && text_[name] == '$' ? 2 : 1;
      }
    }
  }

  std::size_t expand_braced(std::size_t dollar, std::size_t end, Secrecy secrecy, int depth) {
    const std::size_t close = closing_brace(text_.substr(0, end), dollar + 2);
    if (close == std::string_view::npos) {
      fail(dollar, "`${` has no closing `}`. Write `$$` for a dollar that is meant literally.");
      return end;
    }
    const auto reference = parse_reference(text_, dollar + 2, close);
    if (!reference) {
      fail(dollar,
           fmt::format("`{}` is not a reference to a variable. Write ${{NAME}}, or one of "
                       "${{NAME:-default}}, ${{NAME:?message}} and ${{NAME:+instead}}; write `$$` "
                       "for a dollar that is meant literally.",
                       text_.substr(dollar, close + 1 - dollar)));
    } else if (depth >= k_deepest) {
      fail(dollar, fmt::format("References are nested more than {} levels deep.", k_deepest));
    } else {
      substitute(*reference, dollar, close, secrecy, depth);
    }
    return close + 1;
  }

  void substitute(const Reference& reference,
                  std::size_t dollar,
                  std::size_t close,
                  Secrecy secrecy,
                  int depth) {
    result_.used = true;
    const auto variable = variables_(reference.name);
    const bool present = variable && !(reference.empty_counts_as_unset && variable->value.empty());
    const Secrecy outer = secrecy;
    secrecy = std::max(secrecy, variable ? variable->secrecy : secrecy_of_name(reference.name));
    if (depth == 0) dollar_ = dollar;
    if (reference.operation == '+') {
      if (present) expand(reference.operand, close, outer, depth + 1);
    } else if (present) {
      put(variable->value, secrecy);
    } else if (reference.operation == '-') {
      expand(reference.operand, close, secrecy, depth + 1);
    } else if (reference.operation == '?') {
      require(reference, dollar, text_.substr(reference.operand, close - reference.operand));
    } else {
      result_.unset.push_back({dollar, reference.name});
    }
  }

  void require(const Reference& reference, std::size_t dollar, std::string_view message) {
    const std::string_view state = reference.empty_counts_as_unset ? "unset or empty" : "unset";
    fail(dollar,
         fmt::format("The variable {} is required, but {}{}{}",
                     reference.name,
                     state,
                     message.empty() ? "." : ": ",
                     message));
  }

  void fail(std::size_t offset, std::string message) {
    result_.errors.push_back({offset, std::move(message)});
  }

  void put(std::string_view piece, Secrecy secrecy) {
    const std::size_t begin = result_.text.size();
    result_.text += piece;
    if (secrecy == Secrecy::none || piece.empty()) return;
    if (secrecy == Secrecy::certain && !result_.certain) result_.certain = dollar_;
    if (!result_.secret.empty() && result_.secret.back().end == begin)
      result_.secret.back().end = result_.text.size();
    else
      result_.secret.push_back({begin, result_.text.size()});
  }

  std::string_view text_;
  const Variables& variables_;
  Interpolated result_;
  std::size_t dollar_ = 0;  // of the outermost reference at hand
};

}  // namespace

Interpolated interpolate(std::string_view text, const Variables& variables) {
  return Interpolator(text, variables).run();
}

}  // namespace aegis::compose
