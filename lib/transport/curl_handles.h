#pragma once

#include <curl/curl.h>

#include <memory>

namespace aegis::transport {

struct EasyCloser {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct MultiCloser {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
struct ListCloser {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// One transfer's handle, with the connections it keeps alive.
using EasyHandle = std::unique_ptr<CURL, EasyCloser>;

/// Many transfers on one thread, with the connections they share.
using MultiHandle = std::unique_ptr<CURLM, MultiCloser>;

using HeaderList = std::unique_ptr<curl_slist, ListCloser>;

}  // namespace aegis::transport
