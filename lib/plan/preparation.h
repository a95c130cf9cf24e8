#pragma once

#include <vector>

#include "model/plan.h"

namespace aegis {

/// Law: nothing is disturbed before everything that can be fetched or checked has been. Adds to
/// `after` of every step that restarts, recreates or destroys something the preparing steps that
/// could run before it. `after` holds indices into `steps` and must have no circle; it has none
/// afterwards either.
///
/// A preparing step that itself waits for a disturbance (a pull in a container that is restarted
/// first) cannot come before that one. Steps are therefore taken by rounds: a step's round is the
/// number of disturbances that must happen before it, and a disturbance waits for every preparing
/// step of its own and of earlier rounds.
void put_preparation_first(const std::vector<Step>& steps,
                           std::vector<std::vector<std::size_t>>& after);

/// Indices of `after`'s nodes, each after those it waits for; the lowest that may come next comes
/// next. Throws std::logic_error when they run in a circle: a kind lowered to impossible steps.
std::vector<std::size_t> sorted_steps(const std::vector<std::vector<std::size_t>>& after);

}  // namespace aegis
