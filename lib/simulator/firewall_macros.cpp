#include <array>

#include "simulator/firewall_values.h"

namespace aegis::simulator {

std::span<const std::string_view> firewall_macros() {
  static constexpr std::array<std::string_view, 87> k_macros{
      "Amanda",  "Auth",      "BGP",    "BitTorrent", "BitTorrent32",
      "CVS",     "Ceph",      "Citrix", "DAAP",       "DCC",
      "DHCPfwd", "DHCPv6",    "DNS",    "Distcc",     "FTP",
      "Finger",  "GNUnet",    "GRE",    "Git",        "HKP",
      "HTTP",    "HTTPS",     "ICPV2",  "ICQ",        "IMAP",
      "IMAPS",   "IPIP",      "IPsec",  "IPsecah",    "IPsecnat",
      "IRC",     "Jetdirect", "L2TP",   "LDAP",       "LDAPS",
      "MDNS",    "MSNP",      "MSSQL",  "Mail",       "Munin",
      "MySQL",   "NNTP",      "NNTPS",  "NTP",        "NeighborDiscovery",
      "OSPF",    "OpenVPN",   "PBS",    "PCA",        "PMG",
      "POP3",    "POP3S",     "PPtP",   "Ping",       "PostgreSQL",
      "Printer", "RDP",       "RIP",    "RNDC",       "Razor",
      "Rdate",   "Rsync",     "SANE",   "SMB",        "SMBswat",
      "SMTP",    "SMTPS",     "SNMP",   "SPAMD",      "SPICEproxy",
      "SSH",     "SVN",       "SixXS",  "Squid",      "Submission",
      "Syslog",  "TFTP",      "Telnet", "Telnets",    "Time",
      "Trcrt",   "VNC",       "VNCL",   "Web",        "Webcache",
      "Webmin",  "Whois"};
  return k_macros;
}

}  // namespace aegis::simulator
