#pragma once

#include <string_view>

#include "model/plan.h"

namespace aegis::fake {

/// A change at `address`.
Change change(std::string_view address, Action action, std::string_view cause);

/// An attribute that differs.
AttributeChange attribute(std::string_view path, Json before, Json after);

/// A step of `address` with a title, after others.
Step step(StepId id,
          std::string_view address,
          std::string_view title,
          std::vector<StepId> after = {});

/// A plan with a change of every sort, one of them blocked.
Plan sample_plan();

}  // namespace aegis::fake
