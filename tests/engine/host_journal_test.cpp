#include "engine/host_journal.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "support/fake_clock.h"
#include "support/fake_shell.h"
#include "temporary_folder.h"

using namespace aegis;
namespace fs = std::filesystem;

namespace {

using Event = JournalEntry::Event;

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Runs scripts with this machine's `sh`, with the host's journal folder moved to one of the test.
class LocalShell : public RemoteShell {
 public:
  explicit LocalShell(fs::path root) : root_(std::move(root)) {}

  std::vector<ShellCommand> commands;
  std::string prelude;  ///< put in front of every script

  [[nodiscard]] fs::path folder() const { return root_ / "journal"; }

  Result<ShellOutput> run(const ShellCommand& command) override {
    commands.push_back(command);
    std::string script = prelude + command.input;
    const std::string place = "/var/lib/aegisctl/journal";
    for (auto at = script.find(place); at != std::string::npos; at = script.find(place)) {
      script.replace(at, place.size(), folder().string());
    }
    std::ofstream(root_ / "script") << script;
    const std::string line = fmt::format("cd {0} && sh <script >out 2>err", root_.string());
    const int status = std::system(line.c_str());  // NOLINT: a fixed line with a path of ours
    return ShellOutput{WEXITSTATUS(status), text_of(root_ / "out"), text_of(root_ / "err")};
  }

 private:
  fs::path root_;
};

struct Rig {
  TemporaryFolder temporary;
  LocalShell shell{temporary.path()};
  FakeClock clock;

  HostJournal journal(const std::string& run) { return {shell, "host/fsn1", {run, "a@b"}}; }

  JournalEntry entry(Event event, int step = 0, std::string status = {}) {
    clock.sleep_for(std::chrono::milliseconds{1});
    return {event, "", clock.now(), step, {"", "toy", "x"}, step != 0 ? "do 'x' $(y)" : "", status};
  }

  void run(const std::string& name, const std::string& outcome) {
    HostJournal writer = journal(name);
    CHECK(writer.append(entry(Event::run_started)));
    CHECK(writer.append(entry(Event::step_started, 1)));
    if (!outcome.empty()) CHECK(writer.append(entry(Event::run_ended, 0, outcome)));
  }

  std::string unfinished() {
    const auto entries = journal("reader").read_unfinished();
    if (!entries) return "error: " + entries.error().message;
    return entries->empty() ? "none" : entries->front().run;
  }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& file : fs::directory_iterator(shell.folder())) {
      names.push_back(file.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
};

}  // namespace

TEST_CASE("the host keeps the journal of a run without an end") {
  Rig rig;
  rig.run("aa", "");
  const auto entries = rig.journal("reader").read_unfinished();
  REQUIRE(entries);
  REQUIRE(entries->size() == 2);
  CHECK(entries->front().title == "a@b");
  CHECK(entries->back().title == "do 'x' $(y)");
}

TEST_CASE("the host's journal is for root only") {
  Rig rig;
  rig.run("aa", "");
  struct stat status {};
  stat(rig.shell.folder().c_str(), &status);
  CHECK((status.st_mode & 07777U) == 0700);
  stat((rig.shell.folder() / rig.files().at(0)).c_str(), &status);
  CHECK((status.st_mode & 07777U) == 0600);
}

TEST_CASE("nothing of an entry becomes a word of a command, and reading is marked as such") {
  Rig rig;
  rig.run("aa", "");
  rig.unfinished();
  for (const ShellCommand& command : rig.shell.commands) {
    CHECK(command.words == std::vector<std::string>{"sh"});
    CHECK(command.host == "host/fsn1");
    CHECK_THAT(command.input, !Catch::Contains("$(y)"));
    CHECK(command.reads_only == (&command == &rig.shell.commands.back()));
  }
}

TEST_CASE("runs that ended are not told, nor those before a success; reading creates nothing") {
  Rig rig;
  CHECK(rig.unfinished() == "none");
  CHECK_FALSE(fs::exists(rig.shell.folder()));
  rig.run("aa", "");
  rig.run("bb", "partial");
  CHECK(rig.unfinished() == "aa");
  rig.run("cc", "succeeded");
  CHECK(rig.unfinished() == "none");
}

TEST_CASE("a run does not take its own journal on the host for an unfinished one") {
  Rig rig;
  HostJournal journal = rig.journal("aa");
  CHECK(journal.append(rig.entry(Event::run_started)));
  CHECK(journal.read_unfinished()->empty());
}

TEST_CASE("of ended runs the host keeps the newest twenty, and every foreign file") {
  Rig rig;
  rig.run("lost", "");
  for (int i = 0; i < 22; ++i) rig.run(fmt::format("run{}", i), "partial");
  std::ofstream(rig.shell.folder() / "notes.txt") << "mine";
  rig.run("last", "partial");
  CHECK(rig.files().size() == 22);
  CHECK(rig.unfinished() == "lost");
  rig.run("good", "succeeded");
  rig.run("after", "partial");
  CHECK(rig.files().size() == 21);
  CHECK_THAT(rig.files().front(), !Catch::Contains("-lost."));
}

TEST_CASE("a host that cannot write says why, and leaves no half line behind") {
  Rig rig;
  HostJournal journal = rig.journal("aa");
  REQUIRE(journal.append(rig.entry(Event::run_started)));
  const fs::path file = rig.shell.folder() / rig.files().at(0);
  const auto size = fs::file_size(file);
  rig.shell.prelude = "base64() { printf half; echo 'No space left on device' >&2; return 1; }\n";
  const auto refused = journal.append(rig.entry(Event::step_started, 1));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::io);
  CHECK(refused.error().message == "the journal on host/fsn1: No space left on device");
  CHECK(fs::file_size(file) == size);
}

TEST_CASE("a host that is not reached is an error of the shell, not of the journal") {
  FakeShell shell;
  shell.on("", "", [](const ShellCommand&) -> Result<ShellOutput> {
    return Error{ErrorCode::unreachable, "connection refused"};
  });
  HostJournal journal(shell, "host/fsn1", {"aa", "a@b"});
  CHECK(journal.append({}).error().code == ErrorCode::unreachable);
  CHECK(journal.read_unfinished().error().code == ErrorCode::unreachable);
}

TEST_CASE("the newest run is told by its first and its last entry, whatever became of it") {
  Rig rig;
  CHECK(rig.journal("reader").read_newest()->empty());
  rig.run("one", "succeeded");
  const auto ended = rig.journal("reader").read_newest();
  REQUIRE(ended);
  REQUIRE(ended->size() == 2);
  CHECK(ended->front().event == Event::run_started);
  CHECK(ended->front().title == "a@b");
  CHECK(ended->back().status == "succeeded");
  rig.run("two", "");
  const auto cut = rig.journal("reader").read_newest();
  REQUIRE(cut);
  CHECK(cut->front().run == "two");
  CHECK(cut->back().event == Event::step_started);
  CHECK(rig.shell.commands.back().reads_only);
}
