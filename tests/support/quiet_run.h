#pragma once

#include <string_view>
#include <vector>

#include "engine/apply.h"
#include "engine/journal.h"

namespace aegis::test {

/// A journal that keeps nothing, for runs whose journal is not the point.
class NoJournal : public Journal {
 public:
  Result<Done> append(const JournalEntry&) override { return Done{}; }
  Result<std::vector<JournalEntry>> read_unfinished() override {
    return std::vector<JournalEntry>{};
  }
  Result<std::vector<JournalEntry>> read_newest() override { return std::vector<JournalEntry>{}; }
};

/// Watches a run and says nothing.
class NoObserver : public ApplyObserver {
 public:
  void step_started(const Step&) override {}
  void step_progress(const Step&, std::string_view) override {}
  void step_finished(const Step&, const StepResult&) override {}
};

}  // namespace aegis::test
