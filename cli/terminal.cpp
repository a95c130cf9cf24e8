#include "terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>

namespace aegis {
namespace {

constexpr int k_pipe_width = 100;

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool wants_color(int descriptor, bool no_color) {
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::string_view(term) == "dumb";
  return !no_color && !is_set("NO_COLOR") && !dumb && isatty(descriptor) != 0;
}

int columns_of(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return k_pipe_width;
  return size.ws_col;
}

}  // namespace

Terminal::Terminal(bool no_color)
    : color_out_(wants_color(STDOUT_FILENO, no_color)),
      color_err_(wants_color(STDERR_FILENO, no_color)),
      live_(isatty(STDERR_FILENO) != 0 && !is_set("CI")),
      can_ask_(isatty(STDIN_FILENO) != 0 && isatty(STDERR_FILENO) != 0 && !is_set("CI")),
      width_(isatty(STDOUT_FILENO) != 0 ? columns_of(STDOUT_FILENO) : k_pipe_width) {}

bool Terminal::print(std::string_view text) {
  clear_transient();
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  return std::fflush(stdout) == 0 && written;
}

void Terminal::clear_screen() {
  if (isatty(STDOUT_FILENO) != 0) print("\x1b[H\x1b[2J");
}

void Terminal::say(std::string_view line) {
  clear_transient();
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fputc('\n', stderr);
}

void Terminal::complain(std::string_view text) {
  say(color_err_ ? "\x1b[1;31merror:\x1b[0m " + std::string(text) : "error: " + std::string(text));
}

void Terminal::show_transient(std::string_view text) {
  if (!live_) return;
  clear_transient();
  const auto limit = static_cast<std::size_t>(columns_of(STDERR_FILENO) - 1);
  const std::string_view shown = text.substr(0, limit);
  std::fwrite(shown.data(), 1, shown.size(), stderr);
  std::fflush(stderr);
  transient_shown_ = true;
}

void Terminal::clear_transient() {
  if (!transient_shown_) return;
  std::fputs("\r\x1b[2K", stderr);
  transient_shown_ = false;
}

bool Terminal::confirm(std::string_view question) {
  clear_transient();
  std::fwrite(question.data(), 1, question.size(), stderr);
  std::fputs("\nOnly \"yes\" will be accepted: ", stderr);
  std::fflush(stderr);
  std::string answer;
  return static_cast<bool>(std::getline(std::cin, answer)) && answer == "yes";
}

}  // namespace aegis
