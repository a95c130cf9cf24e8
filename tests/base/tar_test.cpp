#include "base/tar.h"

#include <catch2/catch.hpp>

using namespace aegis;

TEST_CASE("what is put into an archive comes out of it, with owner and permissions") {
  const std::string long_path = std::string(180, 'd') + "/" + std::string(120, 'n');
  const std::vector<TarEntry> entries{
      {"etc", TarEntry::Type::folder, "", 0755, 0, 0},
      {"etc/app.conf", TarEntry::Type::file, std::string("a\0b\n", 4), 0440, 101, 102},
      {"etc/link", TarEntry::Type::link, "app.conf", 0777, 0, 0},
      {long_path, TarEntry::Type::file, "", 0644, 0, 0}};
  const auto read = read_tar(write_tar(entries));
  REQUIRE(read);
  REQUIRE(read->size() == 4);
  CHECK(read->at(0).type == TarEntry::Type::folder);
  CHECK(read->at(1).path == "etc/app.conf");
  CHECK(read->at(1).content == std::string("a\0b\n", 4));
  CHECK(read->at(1).mode == 0440);
  CHECK(read->at(1).uid == 101);
  CHECK(read->at(1).gid == 102);
  CHECK(read->at(2).content == "app.conf");
  CHECK(read->at(3).path == long_path);
}

TEST_CASE("equal entries give equal archives") {
  const std::vector<TarEntry> entries{{"a", TarEntry::Type::file, "x", 0644, 0, 0}};
  CHECK(write_tar(entries) == write_tar(entries));
}

TEST_CASE("what is no archive is refused") {
  CHECK_FALSE(read_tar("this is no archive, whatever it may be"));
  const std::string whole =
      write_tar(std::vector<TarEntry>{{"a", TarEntry::Type::file, std::string(5000, 'x')}});
  CHECK_FALSE(read_tar(std::string_view(whole).substr(0, 700)));
}
