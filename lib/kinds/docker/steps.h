#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "kinds/docker/stack.h"
#include "kinds/kind.h"

namespace aegis::docker {

/// The steps of one change, each after the one before.
class StepList {
 public:
  /// Every step gets the stack's endpoint and the API version of `live`, when it is known, into its
  /// input.
  StepList(const Stack& stack, const Address& address, const Observation& live);

  /// Adds a step and gives it back for what is particular to it. The reference holds until the next
  /// call.
  Step& add(std::string_view operation, std::string title, Json input);

  [[nodiscard]] std::vector<Step> take() { return std::move(steps_); }

 private:
  Stack stack_;
  Address address_;
  Json api_;
  std::vector<Step> steps_;
};

/// Adds the step that marks the project's objects as ours.
void add_adoption(StepList& steps, const Stack& stack);

/// Performs it.
Result<Json> perform_adoption(const Step& step, Effects& effects);

}  // namespace aegis::docker
