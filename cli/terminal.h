#pragma once

#include <string>
#include <string_view>

namespace aegis {

/// Where a command writes: data on standard output, everything else on standard error.
class Terminal {
 public:
  /// Colour only where a person looks: not in a pipe, not with NO_COLOR, TERM=dumb or `no_color`.
  explicit Terminal(bool no_color);

  [[nodiscard]] bool color_out() const { return color_out_; }
  [[nodiscard]] bool color_err() const { return color_err_; }

  /// Columns of the terminal; 100 in a pipe.
  [[nodiscard]] int width() const { return width_; }

  /// True when standard error is a terminal: progress may redraw its line.
  [[nodiscard]] bool is_live() const { return live_; }

  /// True when a person can be asked: standard input and standard error are terminals, and CI is
  /// unset.
  [[nodiscard]] bool can_ask() const { return can_ask_; }

  /// Writes `text` as it is to standard output. False when it could not be written (full disk).
  bool print(std::string_view text);

  /// Clears the screen when standard output is a terminal.
  void clear_screen();

  /// Writes a line to standard error.
  void say(std::string_view line);

  /// Writes "error: `text`" to standard error.
  void complain(std::string_view text);

  /// Shows `text` in place of the last transient line; only on a live terminal, else nothing.
  void show_transient(std::string_view text);

  /// Asks `question`; true only for "yes".
  bool confirm(std::string_view question);

 private:
  void clear_transient();

  bool color_out_ = false;
  bool color_err_ = false;
  bool live_ = false;
  bool can_ask_ = false;
  int width_ = 100;
  bool transient_shown_ = false;
};

}  // namespace aegis
