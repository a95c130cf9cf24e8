#include "engine/file_journal.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <thread>

#include "support/fake_clock.h"
#include "temporary_folder.h"

using namespace aegis;
namespace fs = std::filesystem;

namespace {

using Event = JournalEntry::Event;

/// Lets files grow to `bytes` and no further: a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : handler_(signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  sighandler_t handler_;
};

struct Rig {
  TemporaryFolder temporary;
  fs::path folder = temporary.path() / "state" / "journal";
  FakeClock clock;

  FileJournal journal(const std::string& run) { return {folder, {run, "a@b"}}; }

  JournalEntry entry(Event event, int step = 0, std::string status = {}) {
    clock.sleep_for(std::chrono::milliseconds{1});
    return {event, "", clock.now(), step, {"", "toy", "x"}, step != 0 ? "do x" : "", status};
  }

  /// A whole run; without `outcome` it has no end.
  void run(const std::string& name, const std::string& outcome) {
    FileJournal writer = journal(name);
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
    for (const auto& file : fs::directory_iterator(folder)) {
      names.push_back(file.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
};

int mode_of(const fs::path& path) {
  struct stat status {};
  stat(path.c_str(), &status);
  return static_cast<int>(status.st_mode & 07777U);
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("a run without an end is found by the next one, with who ran it") {
  Rig rig;
  rig.run("aa", "");
  const auto entries = rig.journal("reader").read_unfinished();
  REQUIRE(entries);
  REQUIRE(entries->size() == 2);
  CHECK(entries->front().title == "a@b");
  CHECK(entries->back().title == "do x");
  CHECK(entries->back().run == "aa");
}

TEST_CASE("a run that ended is not told, nor one that a later success has made meaningless") {
  Rig rig;
  CHECK(rig.unfinished() == "none");
  rig.run("aa", "");
  rig.run("bb", "partial");
  CHECK(rig.unfinished() == "aa");
  rig.run("cc", "succeeded");
  CHECK(rig.unfinished() == "none");
}

TEST_CASE("a run does not take itself for an unfinished one") {
  Rig rig;
  FileJournal journal = rig.journal("aa");
  CHECK(journal.append(rig.entry(Event::run_started)));
  CHECK(journal.read_unfinished()->empty());
}

TEST_CASE("reading creates nothing") {
  Rig rig;
  CHECK(rig.unfinished() == "none");
  CHECK_FALSE(fs::exists(rig.folder));
}

TEST_CASE("the journal is readable by its owner only, whatever the umask") {
  Rig rig;
  const mode_t before = umask(0);
  rig.run("aa", "");
  umask(before);
  CHECK(mode_of(rig.folder) == 0700);
  CHECK(mode_of(rig.folder / rig.files().at(0)) == 0600);
}

TEST_CASE("a line that a crash tore does not hide the others") {
  Rig rig;
  rig.run("aa", "");
  const fs::path file = rig.folder / rig.files().at(0);
  fs::resize_file(file, fs::file_size(file) - 5);
  CHECK(rig.journal("reader").read_unfinished()->size() == 1);
}

TEST_CASE("a file that is no journal inside is an error that names it") {
  Rig rig;
  rig.run("aa", "");
  std::ofstream(rig.folder / rig.files().at(0)) << "garbage\n";
  CHECK_THAT(rig.unfinished(), Catch::Contains("line 1") && Catch::Contains("-aa.jsonl"));
}

TEST_CASE("a full disk is an error, and leaves no half line behind") {
  Rig rig;
  FileJournal journal = rig.journal("aa");
  REQUIRE(journal.append(rig.entry(Event::run_started)));
  const fs::path file = rig.folder / rig.files().at(0);
  const auto size = fs::file_size(file);
  {
    const FullDisk full(size + 10);
    const auto refused = journal.append(rig.entry(Event::step_started, 1));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::io);
    CHECK_THAT(refused.error().message, Catch::Contains("-aa.jsonl"));
    CHECK(fs::file_size(file) == size);
  }
  CHECK(journal.append(rig.entry(Event::run_ended, 0, "partial")));
  CHECK(rig.unfinished() == "none");
}

TEST_CASE("a folder that cannot be made is an error") {
  Rig rig;
  std::ofstream(rig.temporary.path() / "state") << "a file is in the way";
  const auto refused = rig.journal("aa").append(rig.entry(Event::run_started));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::io);
}

TEST_CASE("of ended runs the newest twenty are kept; foreign files are left alone") {
  Rig rig;
  rig.run("lost", "");
  for (int i = 0; i < 25; ++i) rig.run(fmt::format("run{}", i), "partial");
  std::ofstream(rig.folder / "notes.txt") << "mine";
  rig.run("last", "partial");
  auto files = rig.files();
  REQUIRE(files.size() == 22);  // twenty, the unfinished one, the note
  CHECK_THAT(files.front(), Catch::Contains("-lost."));
  CHECK(rig.unfinished() == "lost");

  rig.run("good", "succeeded");
  rig.run("after", "partial");
  files = rig.files();
  CHECK(files.size() == 21);
  CHECK_THAT(files.front(), !Catch::Contains("-lost."));
  CHECK(text_of(rig.folder / "notes.txt") == "mine");
}

TEST_CASE("lines of many threads are whole") {
  Rig rig;
  FileJournal journal = rig.journal("aa");
  const JournalEntry entry = rig.entry(Event::step_started, 1);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10; ++n) (void)journal.append(entry);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(rig.journal("reader").read_unfinished()->size() == 40);
}

TEST_CASE("the newest run on this machine is told by its first and its last entry") {
  Rig rig;
  CHECK(rig.journal("reader").read_newest()->empty());
  rig.run("aa", "succeeded");
  rig.run("bb", "rolled_back");
  const auto entries = rig.journal("reader").read_newest();
  REQUIRE(entries);
  REQUIRE(entries->size() == 2);
  CHECK(entries->front().run == "bb");
  CHECK(entries->front().event == Event::run_started);
  CHECK(entries->back().status == "rolled_back");
}
