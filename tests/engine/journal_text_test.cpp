#include "engine/journal_text.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "engine/explain_run.h"
#include "support/fake_clock.h"

using namespace aegis;

namespace {

using Event = JournalEntry::Event;

JournalEntry entry(Event event, int step = 0, std::string status = {}) {
  JournalEntry made;
  made.event = event;
  made.run = "3f2a";
  made.time = FakeClock().now();
  made.step = step;
  if (step != 0) made.address = {"", "container", "aegis"};
  if (step != 0) made.title = "stop container 103";
  if (event == Event::run_started) made.title = "a@b";
  made.status = std::move(status);
  return made;
}

}  // namespace

TEST_CASE("an entry is one line that reads back as it was, whatever its title holds") {
  JournalEntry written = entry(Event::step_ended, 4, "done");
  written.title = "a \"quoted\"\nand broken {line} \xff";
  const std::string line = to_line(written);
  CHECK(std::count(line.begin(), line.end(), '\n') == 1);
  const auto read = parse_journal(line);
  REQUIRE(read);
  REQUIRE(read->size() == 1);
  CHECK(read->front().event == Event::step_ended);
  CHECK(read->front().run == "3f2a");
  CHECK(read->front().time == written.time);
  CHECK(read->front().step == 4);
  CHECK(read->front().address == written.address);
  CHECK(read->front().status == "done");
  CHECK_THAT(read->front().title, Catch::Contains("\"quoted\"\nand"));
}

TEST_CASE("a torn last line is left out") {
  const std::string text =
      to_line(entry(Event::run_started)) + to_line(entry(Event::step_started, 1));
  for (std::size_t cut = 1; cut < 40; ++cut) {
    const auto read = parse_journal(std::string_view(text).substr(0, text.size() - cut));
    REQUIRE(read);
    CHECK(read->size() == 1);
  }
}

TEST_CASE("a broken line in the middle is an error with its number") {
  const std::string line = to_line(entry(Event::run_started));
  const auto read = parse_journal(line + "garbage\n" + line);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ErrorCode::io);
  CHECK_THAT(read.error().message, Catch::Contains("line 2"));
}

TEST_CASE("journals are named so that they sort by time, and other files are not taken for one") {
  FakeClock clock;
  const std::string name = journal_file_name(clock.now(), "3f2a");
  CHECK(name == "20260131T023000000Z-3f2a.jsonl");
  clock.sleep_for(std::chrono::milliseconds{1});
  CHECK(name < journal_file_name(clock.now(), "0000"));
  CHECK(is_journal_file_name(name));
  for (const char* other : {"notes.jsonl",
                            "20260131T023000000Z-.jsonl",
                            "20260131T023000000Z-a b.jsonl",
                            "20260131T023000000Z-3f2a.jsonl.bak",
                            ""}) {
    CAPTURE(other);
    CHECK_FALSE(is_journal_file_name(other));
  }
}

TEST_CASE("a run has ended when its journal's last whole line says so") {
  const std::string begun =
      to_line(entry(Event::run_started)) + to_line(entry(Event::step_started, 1));
  const std::string done = begun + to_line(entry(Event::run_ended, 0, "succeeded"));
  CHECK(end_of_run("") == RunEnd::none);
  CHECK(end_of_run(begun) == RunEnd::none);
  CHECK(end_of_run(done) == RunEnd::succeeded);
  CHECK(end_of_run(begun + to_line(entry(Event::run_ended, 0, "failed"))) == RunEnd::otherwise);
  CHECK(end_of_run(std::string_view(done).substr(0, done.size() - 1)) == RunEnd::none);
  CHECK(end_of_run(to_line(entry(Event::run_ended, 0, "succeeded"))) == RunEnd::succeeded);
}

TEST_CASE("the next plan tells which step of a run was begun and has no end") {
  const std::vector<JournalEntry> entries{entry(Event::run_started),
                                          entry(Event::step_started, 3),
                                          entry(Event::step_ended, 3, "done"),
                                          entry(Event::step_started, 4)};
  const Diagnostics told = explain_run(entries);
  REQUIRE(told.size() == 1);
  CHECK(told[0].severity == Severity::warning);
  CHECK_THAT(told[0].detail,
             Catch::Contains("The run 3f2a by a@b of 2026-01-31 02:30 UTC did not end") &&
                 Catch::Contains("Step 4 'stop container 103' (container/aegis) was begun and its "
                                 "end was not seen.") &&
                 !Catch::Contains("Step 3 '") && Catch::Contains("1 step had ended: 1 done."));
}

TEST_CASE("nothing is told when there is nothing to tell") {
  CHECK(explain_run({}).empty());
}
