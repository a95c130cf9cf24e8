#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "model/desired.h"

namespace aegis::proxmox {

/// The file that a declared template is.
struct TemplateFile {
  std::string name;  ///< "debian-12-standard_12.7-1_amd64.tar.zst"
  std::string storage;
  std::string content;    ///< "vztmpl", "iso" or "import"
  std::string url;        ///< empty: from the appliance index
  std::string algorithm;  ///< of the checksum: "sha256"; empty: there is none
  std::string checksum;   ///< in lower case

  /// "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  [[nodiscard]] std::string volume() const;
};

/// Without `content` in the manifest the name's ending tells it: ".iso" and ".img" are "iso",
/// ".qcow2", ".raw", ".vmdk" and ".ova" are "import", everything else is "vztmpl".
TemplateFile read_template(const Resource& resource);

/// The files of a storage, of one content type: GET it.
std::string content_path(std::string_view node, std::string_view storage, std::string_view content);

/// True when the list that such a GET gave has `volume`.
bool lists(const Json& files, std::string_view volume);

}  // namespace aegis::proxmox
