#include "relay/disk_queue.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "relay/queue_folder.h"

namespace aegis::relay {
namespace {

Notice notice(const std::string& title) {
  return {"firing", "critical", title, "text"};
}

std::unique_ptr<DiskQueue> open_queue(const QueueFolder& folder) {
  auto queue = DiskQueue::open(folder.path() / "ops");
  REQUIRE(queue);
  return std::move(*queue);
}

}  // namespace

TEST_CASE("what was put into a queue is there again after a crash, in its order") {
  const QueueFolder folder;
  for (const char* title : {"a", "b", "c"}) {
    REQUIRE(open_queue(folder)->put(notice(title)));  // each by a process of its own
  }
  // What a killed process left behind was never answered for.
  std::ofstream(folder.path() / "ops/00000000000000000004.json.99.tmp") << "{";
  const auto queue = open_queue(folder);
  CHECK(queue->size() == 3);
  CHECK_FALSE(std::filesystem::exists(folder.path() / "ops/00000000000000000004.json.99.tmp"));
  for (const char* title : {"a", "b", "c"}) {
    CHECK(queue->front() == notice(title));
    queue->pop();
  }
  CHECK(queue->front() == std::nullopt);
}

TEST_CASE("a file that somebody broke holds up nothing, and only its owner reads the others") {
  const QueueFolder folder;
  {
    const auto queue = open_queue(folder);
    REQUIRE(queue->put(notice("a")));
    REQUIRE(queue->put(notice("b")));
  }
  const auto first = folder.path() / "ops/00000000000000000001.json";
  const auto second = folder.path() / "ops/00000000000000000002.json";
  CHECK(std::filesystem::status(second).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  std::ofstream(first) << "broken";
  const auto queue = open_queue(folder);
  CHECK(queue->front() == notice("b"));
  CHECK(queue->size() == 1);
}

TEST_CASE("what was refused is put aside with the reason, and its number is not used again") {
  const QueueFolder folder;
  const auto refused = folder.path() / "ops/refused/00000000000000000001.json";
  {
    const auto queue = open_queue(folder);
    REQUIRE(queue->put(notice("a")));
    queue->set_aside("400 too odd");
    CHECK(queue->size() == 0);
  }
  std::string text;
  std::getline(std::ifstream(refused), text);
  CHECK(text.find("400 too odd") != std::string::npos);
  const auto queue = open_queue(folder);
  REQUIRE(queue->put(notice("b")));
  queue->set_aside("400");
  CHECK(std::filesystem::exists(refused));
  CHECK(std::filesystem::exists(folder.path() / "ops/refused/00000000000000000002.json"));
}

TEST_CASE("a queue that cannot be written says so, and does not count what it did not keep") {
  const QueueFolder folder;
  const auto queue = open_queue(folder);
  std::filesystem::remove_all(folder.path() / "ops");
  const auto put = queue->put(notice("a"));
  REQUIRE_FALSE(put);
  CHECK(put.error().code == ErrorCode::io);
  CHECK(queue->size() == 0);
}

}  // namespace aegis::relay
