#include "kinds/proxmox/content/template_perform.h"

#include <fmt/format.h>

#include "base/text.h"
#include "kinds/proxmox/api.h"
#include "kinds/proxmox/content/template_file.h"
#include "kinds/proxmox/content/template_upload.h"
#include "kinds/proxmox/task.h"

namespace aegis::proxmox {
namespace {

/// The calls about one file, for one step.
class FileCalls {
 public:
  FileCalls(const Step& step, Effects& effects)
      : api_(effects, text_or(step.input, "endpoint")),
        node_(text_or(step.input, "node")),
        deadline_(effects.clock.now() + step.timeout) {
    file_.name = text_or(step.input, "name");
    file_.storage = text_or(step.input, "storage");
    file_.content = text_or(step.input, "content");
    file_.url = text_or(step.input, "url");
    file_.path = text_or(step.input, "file");
    file_.algorithm = text_or(step.input, "algorithm");
    file_.checksum = text_or(step.input, "checksum");
  }

  Result<Json> fetch() {
    return settle(true, [this] { return file_.url.empty() ? from_index() : from_url(); });
  }

  Result<Json> upload() {
    return settle(true, [this] { return upload_template(api_, node_, file_); });
  }

  Result<Json> remove() {
    return settle(false, [this] {
      const std::string volume = percent_encode(file_.volume());
      return api_.remove(of_storage(fmt::format("/content/{}", volume)), {});
    });
  }

 private:
  // Calls until the file is there, or gone, as wanted: an answer that was lost is no reason to
  // fail.
  template <typename Call>
  Result<Json> settle(bool wanted, Call call) {
    Pauses pauses(api_.effects().clock, deadline_);
    while (true) {
      const auto files = api_.get(of_storage("/content?content=" + file_.content));
      if (!files) return files.error();
      if (lists(*files, file_.volume()) == wanted) return Json::object();
      const Result<Json> started = call();
      auto ended = started ? wait_for(*started) : started;
      if (!ended && (!may_begin_again(ended.error()) || !pauses.wait())) return ended;
      if (ended && !pauses.wait()) {
        return Error{
            ErrorCode::timed_out,
            fmt::format("storage {} does not show {} as it should be", file_.storage, file_.name)};
      }
    }
  }

  Result<Json> wait_for(const Json& upid) {
    if (!upid.is_string()) return Json::object();
    const auto ended = wait_for_task(api_, as_text(upid), deadline_);
    return ended ? Result<Json>(Json::object()) : ended.error();
  }

  Result<Json> from_index() {
    return api_.post(api_path(fmt::format("/nodes/{}/aplinfo", percent_encode(node_))),
                     {{"storage", file_.storage}, {"template", file_.name}});
  }

  Result<Json> from_url() {
    Form form{{"url", file_.url}, {"content", file_.content}, {"filename", file_.name}};
    if (!file_.checksum.empty()) {
      form.emplace_back("checksum", file_.checksum);
      form.emplace_back("checksum-algorithm", file_.algorithm);
    }
    return api_.post(of_storage("/download-url"), form);
  }

  [[nodiscard]] std::string of_storage(const std::string& rest) const {
    return storage_path(node_, file_.storage, rest);
  }

  ApiClient api_;
  std::string node_;
  Deadline deadline_;
  TemplateFile file_;
};

}  // namespace

Result<Json> perform_template(const Step& step, const Outputs&, Effects& effects) {
  FileCalls calls(step, effects);
  if (step.operation == "fetch") return calls.fetch();
  if (step.operation == "upload") return calls.upload();
  if (step.operation == "remove") return calls.remove();
  return Error{ErrorCode::rejected,
               fmt::format("a template has no operation called {}", step.operation)};
}

}  // namespace aegis::proxmox
