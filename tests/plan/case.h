#pragma once

#include <initializer_list>
#include <string_view>

#include "base/json.h"
#include "model/desired.h"
#include "model/plan.h"
#include "model/world.h"
#include "plan/make_plan.h"

namespace aegis::fake {

/// What is wanted, what is there and what was allowed, put together line by line. Scopes:
/// "server/s1" for addresses of two pieces, "stack/app" and so on for those of four.
struct Case {
  Desired desired;
  World world;
  PlanOptions options;

  /// Declares a resource with what it depends on.
  Case& want(std::string_view address,
             Json spec,
             std::initializer_list<std::string_view> depends_on = {});

  /// Puts an object there, marked as ours or not.
  Case& there(std::string_view address, Json attributes, bool owned = true);

  /// want() and there() with the same attributes.
  Case& unchanged(std::string_view address,
                  const Json& attributes,
                  std::initializer_list<std::string_view> depends_on = {});

  [[nodiscard]] Plan plan() const;

  /// The plan's change at `address`. Fails the test when there is none.
  [[nodiscard]] Change change(std::string_view address) const;
};

/// The address in `text`. Fails the test when it is none.
Address at(std::string_view text);

/// True when the step with `operation` at `address` comes, directly or not, after the other one.
bool comes_after(const Plan& plan,
                 std::string_view address,
                 std::string_view operation,
                 std::string_view before_address,
                 std::string_view before_operation);

}  // namespace aegis::fake
