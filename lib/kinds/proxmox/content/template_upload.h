#pragma once

#include <string>

#include "kinds/proxmox/api.h"
#include "kinds/proxmox/content/template_file.h"

namespace aegis::proxmox {

/// Sends the local file of `file` to its storage, read from the disk as it goes, with a checksum
/// that the host compares. Progress is told in percent. Gives the task's UPID. Nothing is sent when
/// the file cannot be read (`io`) or has another checksum than the manifest says (`conflict`).
Result<Json> upload_template(const ApiClient& api,
                             const std::string& node,
                             const TemplateFile& file);

}  // namespace aegis::proxmox
