#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kinds/kind.h"

namespace aegis::proxmox {

/// What a change of a server puts in force that could cut it off from us, and how the server takes
/// that back by itself: a timer there puts the files as they were back and runs a command.
struct TakeBack {
  std::string_view name;                ///< of the timer: "network"
  std::vector<std::string_view> files;  ///< absolute paths
  std::string_view command;             ///< for /bin/sh: has the files read again
};

/// True when the server has SSH, without which there is no shell to set a timer from.
bool can_be_taken_back(const Scope& scope);

/// The steps around the one that puts the change in force, with everything but ids and order:
/// "arm" sets the timer (undo: "disarm"), "confirm" gets in over a new connection and takes the
/// timer away. What is between them needs "put back" as its undo.
Step arm_step(const TakeBack& what, const Scope& scope);
Step confirm_step(const TakeBack& what, const Scope& scope);

/// The shell of the server, which "put back" needs as input.shell.
std::string shell_of(const Scope& scope);

/// True for the four operations.
bool is_take_back(std::string_view operation);

/// Does one of them. "put back" waits for the server when the change has cut every connection off:
/// at most until its timer has brought it back.
Result<Json> perform_take_back(const TakeBack& what, const Step& step, Effects& effects);

}  // namespace aegis::proxmox
