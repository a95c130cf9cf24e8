#include "kinds/proxmox/property_string.h"

#include <array>
#include <catch2/catch.hpp>

using namespace aegis;
using namespace aegis::proxmox;

TEST_CASE("properties are read in any order, with a bare value for the default key") {
  const Properties disk = parse_properties("ro=1,mp=/a,data:100/vm-100-disk-1.raw", "volume");
  CHECK(disk == Properties{{"mp", "/a"}, {"ro", "1"}, {"volume", "data:100/vm-100-disk-1.raw"}});
  CHECK(parse_properties("volume=data:1/x.raw,acl=1", "volume").at("volume") == "data:1/x.raw");
  CHECK(parse_properties("1", "order") == Properties{{"order", "1"}});
}

TEST_CASE("a value keeps everything after its first equals sign and its semicolons") {
  CHECK(parse_properties("mount=nfs;cifs,x=a=b") ==
        Properties{{"mount", "nfs;cifs"}, {"x", "a=b"}});
}

TEST_CASE("what Proxmox stores for an empty value has no properties") {
  CHECK(parse_properties(" ").empty());
  CHECK(parse_properties("").empty());
  CHECK(parse_properties(",,").empty());
}

TEST_CASE("texts that Proxmox prints are printed alike") {
  constexpr std::array<std::string_view, 1> k_net{"name"};
  constexpr std::array<std::string_view, 2> k_disk{"volume", "mp"};
  for (const std::string text :
       {"name=eth0,bridge=vmbr0,gw=10.99.0.1,hwaddr=BC:24:11:32:10:F4,ip=10.99.0.50/24,type=veth",
        "name=eth0,bridge=vmbr0,firewall=0,hwaddr=bc:24:11:aa:bb:cc,ip=dhcp,mtu=1400,rate=10,tag=5,"
        "type=veth"}) {
    CHECK(print_properties(parse_properties(text), k_net) == text);
  }
  for (const std::string text :
       {"data:101/vm-101-disk-1.raw,mp=/srv/data,backup=1,size=1G",
        "data:100/vm-100-disk-1.raw,mp=/a,acl=0,backup=0,ro=1,size=1G",
        "data:100/vm-100-disk-1.raw,mp=/a,mountoptions=noatime;discard,replicate=1,size=1G",
        "/srv,mp=/srv/bind"}) {
    CHECK(print_properties(parse_properties(text, "volume"), k_disk, "volume") == text);
  }
}

TEST_CASE("sizes are written in Proxmox's largest whole unit") {
  CHECK(print_size(std::int64_t{8} << 30) == "8G");
  CHECK(print_size(std::int64_t{512} << 20) == "512M");
  CHECK(print_size(std::int64_t{1} << 40) == "1T");
  CHECK(print_size(1000) == "1000");
  CHECK(print_size(0) == "0");
}

TEST_CASE("a new volume's size is told in plain gibibytes") {
  CHECK(print_gibibytes(std::int64_t{4} << 30) == "4");
  CHECK(print_gibibytes(std::int64_t{512} << 20) == "0.5");
  CHECK(print_gibibytes(std::int64_t{500} << 30) == "500");
  CHECK(print_gibibytes(std::int64_t{1} << 20) == "0.000976562");
}

TEST_CASE("only a prefix with a number is an indexed key") {
  CHECK(is_indexed("net0", "net"));
  CHECK(is_indexed("mp255", "mp"));
  CHECK_FALSE(is_indexed("net", "net"));
  CHECK_FALSE(is_indexed("nets", "net"));
  CHECK_FALSE(is_indexed("mp0x", "mp"));
}
