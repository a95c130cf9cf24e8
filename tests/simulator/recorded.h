#pragma once

#include <string>
#include <vector>

#include "simulator/testbed.h"

namespace aegis::test {

/// One exchange that was recorded on a live Proxmox VE 8.4 host.
struct Exchange {
  std::string method;
  std::string path;       ///< below /nodes/pve when it starts with "./"
  std::string form = {};  ///< "key=value  key=value": pairs are two blanks apart
  int status = 200;
  /// 2xx: "task X" for a UPID whose task ends with X, else the data as JSON ("" for any; digests
  /// are left out). Errors: "parameter| complaint", or the message.
  std::string expected = "null";
};

/// Sends the exchanges one after the other and checks each answer.
void replay(Testbed& bed, const std::vector<Exchange>& exchanges);

/// The configuration of a container without its digest.
Json config_of(Testbed& bed, int vmid, bool current = false);

/// The text of one configuration key, "-" when it is not set.
std::string config_value(Testbed& bed, int vmid, const std::string& key, bool current = false);

/// The entry of one key in GET pending without its "key"; null when nothing waits there.
Json pending_of(Testbed& bed, int vmid, const std::string& key);

}  // namespace aegis::test
