#pragma once

namespace aegis::test {

/// A script for a PrivateRoot: apt, the real one, knows only a repository in /srv/apt, which the
/// script `build` adds packages to: "build NAME VERSION [FIELDS]", as a control file has fields, in
/// the form of printf's %b. What is in the folder b goes into the package.
inline constexpr const char* k_private_repository = R"sh(
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d /var/lib/apt/lists/*
echo 'deb [trusted=yes] file:/srv/apt ./' > /etc/apt/sources.list
mkdir /srv/apt
cd /srv/apt
build() {
  mkdir -p b/DEBIAN
  printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: t <t@example.net>\n' \
    "$1" "$2" > b/DEBIAN/control
  printf '%bDescription: a test\n' "${3-}" >> b/DEBIAN/control
  dpkg-deb -Znone -b b "$1_$2.deb" > /dev/null
  { cat b/DEBIAN/control
    printf 'Filename: ./%s_%s.deb\nSize: %s\nSHA256: %s\n\n' "$1" "$2" \
      "$(stat -c %s "$1_$2.deb")" "$(sha256sum < "$1_$2.deb" | cut -c1-64)"; } >> Packages
  rm -r b
}
)sh";

/// After it: the package "aegis-web", which brings web.service and its file /etc/web, and starts it
/// by the fake systemctl: apt gives its scripts a PATH of its own.
inline constexpr const char* k_web_package = R"sh(
mkdir -p b/DEBIAN b/usr/lib/systemd/system b/etc
printf '[Service]\nExecStart=/bin/sleep 99\nEnvironmentFile=/etc/web\n' \
  > b/usr/lib/systemd/system/web.service
echo packaged > b/etc/web
echo /etc/web > b/DEBIAN/conffiles
printf '#!/bin/sh\n/usr/local/sbin/systemctl start web.service\n' > b/DEBIAN/postinst
chmod 755 b/DEBIAN/postinst
build aegis-web 1
)sh";

}  // namespace aegis::test
