#include "kinds/docker/create_request.h"

#include <vector>

#include "base/text.h"
#include "kinds/docker/attachments.h"
#include "kinds/docker/bound_files.h"
#include "kinds/docker/device_requests.h"
#include "kinds/docker/earlier_images.h"
#include "kinds/docker/host_options.h"
#include "kinds/docker/kernel_options.h"
#include "kinds/docker/labels.h"
#include "kinds/docker/limits.h"
#include "kinds/docker/mounts.h"
#include "kinds/docker/peers.h"
#include "kinds/docker/placed_files.h"
#include "kinds/docker/ports.h"
#include "kinds/docker/process.h"
#include "kinds/docker/replica.h"
#include "kinds/docker/shape.h"

namespace aegis::docker {
namespace {

std::string network_mode(const Json& spec, const std::vector<Attachment>& networks) {
  std::string mode = text_or(spec, "network_mode");
  if (!mode.empty()) return mode;
  return networks.empty() ? "none" : networks.front().network;
}

std::string declared_label(const Json& wanted, const std::vector<Attachment>& networks) {
  auto paths = declared_paths(wanted);
  for (const Attachment& attachment : networks) paths.push_back("networks." + attachment.network);
  return join(paths, ",");
}

}  // namespace

Json create_request(const Stack& stack,
                    const Resource& service,
                    const Json& wanted,
                    const Json& context,
                    const Json& carried) {
  const Json& spec = service.spec;
  const auto networks = attachments(spec,
                                    get(context, "networks"),
                                    {replica_of(service.address.name, spec).service,
                                     text_or(context, "final_name"),
                                     stack.project});
  Json body = {{"HostConfig", {{"NetworkMode", network_mode(spec, networks)}}}};
  fill_process(body, spec);
  fill_ports(body, spec);
  fill_mounts(body, spec, get(context, "volumes"), carried);
  fill_limits(body, spec);
  fill_host_options(body, spec);
  fill_kernel_options(body, spec);
  fill_device_requests(body, spec);
  name_containers(body["HostConfig"], stack.project, spec);
  // Newer engines want it with the network, which a bridge without a name of its own has, too.
  if (networks.empty()) put(body, "MacAddress", get(spec, "mac_address"));
  body["Labels"] = container_labels(
      stack, service, declared_label(wanted, networks), join(sealed_paths(wanted), ","));
  put(body["Labels"], k_contents_label, bound_files_label(wanted));
  put(body["Labels"], k_file_folders_label, join(file_folders(spec), ","));
  put(body["Labels"], k_earlier_label, earlier_images_label(context));
  return body;
}

Json carried_volumes(const Json& wanted, const Json& context, const Json& live_attributes) {
  Json carried = Json::array();
  for (const Json& volume : get(context, "anonymous")) {
    const std::string target = text_or(volume, "target");
    const Json& mount = get(get(wanted, "volumes"), target);
    const bool mounts_another =
        !mount.is_null() && !(get(mount, "type") == "volume" && get(mount, "source").is_null());
    // Live volumes show an anonymous one only when it was asked for.
    const bool no_longer_asked =
        mount.is_null() && !get(get(live_attributes, "volumes"), target).is_null();
    if (!mounts_another && !no_longer_asked) carried.push_back(volume);
  }
  return carried;
}

}  // namespace aegis::docker
