#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "kinds/proxmox/api.h"
#include "model/desired.h"

namespace aegis::proxmox {

/// The file that a declared template is.
struct TemplateFile {
  std::string name;  ///< "debian-12-standard_12.7-1_amd64.tar.zst"
  std::string storage;
  std::string content;    ///< "vztmpl", "iso" or "import"
  std::string url;        ///< where the host fetches it from
  std::string path;       ///< of the file here that is uploaded; without both: the appliance index
  std::string algorithm;  ///< of the checksum: "sha256"; empty: there is none
  std::string checksum;   ///< in lower case

  /// "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst"
  [[nodiscard]] std::string volume() const;
};

/// Without `content` in the manifest the name's ending tells it: ".iso" and ".img" are "iso",
/// ".qcow2", ".raw", ".vmdk" and ".ova" are "import", everything else is "vztmpl".
TemplateFile read_template(const Resource& resource);

/// True when a storage's list of files has `volume`.
bool lists(const Json& files, std::string_view volume);

/// Succeeds when the file `image` ("local:iso/a.iso") is on its storage; `query` ("?content=iso")
/// narrows the list. `not_found` says that nothing was destroyed for it.
Result<Done> expect_file(const ApiClient& api,
                         std::string_view node,
                         const std::string& image,
                         std::string_view query);

}  // namespace aegis::proxmox
