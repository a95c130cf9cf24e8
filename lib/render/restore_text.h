#pragma once

#include <string>
#include <vector>

#include "model/plan.h"
#include "render/style.h"

namespace aegis {

/// What a restore is going to do, or why it is not done.
struct RestoreOutline {
  std::string what;  ///< "container/web"
  std::string from;  ///< the backup
  const std::vector<Step>& steps;
  const std::vector<std::string>& notes;
  const std::string& refusal;
};

/// The outline for people: the steps with their numbers, what they disturb, and the notes.
std::string render_text(const RestoreOutline& outline, const Style& style);

}  // namespace aegis
