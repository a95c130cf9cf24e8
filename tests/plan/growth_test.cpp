#include <fmt/format.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <new>

#include "case.h"
#include "fake_kinds.h"

namespace {

std::atomic<std::size_t> allocations{0};

}  // namespace

// Allocations stand for work: they can be counted exactly, whatever else the machine is doing.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace aegis {
namespace {

using fake::Case;

Json spec_of(int memory) {
  return {{"memory", memory},
          {"cores", 4},
          {"tags", {"a", "b"}},
          {"net", {{"eth0", {{"ip", "dhcp"}, {"bridge", "vmbr0"}}}}}};
}

// Containers that each depend on the one before, in chains of ten.
Case many(int count, int live_memory) {
  Case given;
  for (int i = 0; i < count; ++i) {
    const std::string name = fmt::format("container/c{:05}", i);
    const std::string before = fmt::format("container/c{:05}", i - 1);
    if (i % 10 == 0) {
      given.want(name, spec_of(512));
    } else {
      given.want(name, spec_of(512), {before});
    }
    if (live_memory > 0) given.there(name, spec_of(live_memory));
  }
  return given;
}

std::size_t work_for(const Case& given) {
  const std::size_t before = allocations;
  const Plan plan = given.plan();
  CHECK(plan.notes.empty());
  return allocations - before;
}

TEST_CASE("twice as many resources are at most a little more than twice the work") {
  for (const int live_memory : {512, 256, 0}) {
    const Case small = many(1000, live_memory);
    const Case large = many(2000, live_memory);
    const std::size_t small_work = work_for(small);
    const std::size_t large_work = work_for(large);
    INFO("live memory " << live_memory << ": " << small_work << " and " << large_work);
    CHECK(large_work < small_work * 21 / 10);
  }
}

TEST_CASE("an unchanged resource is normalized once and lowered never") {
  const Case given = many(10'000, 512);
  const fake::Calls before = fake::calls();
  const std::size_t work = work_for(given);
  CHECK(fake::calls().normalize - before.normalize == 10'000);
  CHECK(fake::calls().refine == before.refine);
  CHECK(fake::calls().lower == before.lower);
  // The fake's normalize copies the spec, which takes most of these.
  CHECK(work < 10'000 * 60);
}

}  // namespace
}  // namespace aegis
