// Serves a Docker engine in memory on a unix socket until it is told to end, so that the tool can
// be measured with thousands of containers that nobody has to run. `run` starts it.
//   bench_engine SOCKET

#include <fmt/format.h>

#include <csignal>

#include "support/fake_docker.h"
#include "transport/test_server.h"

namespace aegis::test {
namespace {

TestReply reply_of(FakeDocker& engine, const SeenRequest& seen) {
  HttpRequest request;
  request.endpoint = engine.endpoint();
  request.method = seen.method;
  request.path = seen.path;
  request.body = seen.body;
  for (const auto& [name, value] : seen.headers) {
    if (name == "content-type") request.content_type = value;
    if (name.starts_with("x-registry-")) request.headers.emplace_back(name, value);
  }
  const auto response = engine.send(request);
  if (!response) return {.status = "500 Internal Server Error", .body = response.error().message};
  TestReply reply;
  reply.status = fmt::format("{} {}", response->status, response->reason);
  for (const auto& [name, value] : response->headers)
    reply.headers += fmt::format("{}: {}\r\n", name, value);
  reply.body = response->body;
  return reply;
}

int serve(const char* socket) {
  sigset_t ends{};
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  FakeDocker engine;
  engine.add_image("demo/web:1", {{"Env", {"PATH=/bin"}}, {"Cmd", {"serve"}}});
  const TestServer server(socket,
                          [&](const SeenRequest& request) { return reply_of(engine, request); });
  int received = 0;
  sigwait(&ends, &received);
  return 0;
}

}  // namespace
}  // namespace aegis::test

int main(int argc, char** argv) {
  if (argc == 2) return aegis::test::serve(argv[1]);
  fmt::print(stderr, "usage: bench_engine SOCKET\n");
  return 1;
}
