#pragma once
// Webhooks: what becomes of answers, told by HTTP POST to those who hold no connection.
//
// A hook has watches (engine/query/watch.h, engine/audit/watch.h) like a connection that subscribes to states. What they find goes into the hook's queue
// (delivery.h), and from there to its URL, over HTTP/1.1 (Boost.Beast), one POST for each change:
//
//   POST /path HTTP/1.1
//   content-type: application/json
//   webhook-id: msg_3f1c…             of the change, the same over all tries
//   webhook-timestamp: 1765262400     of this try, seconds since 1970
//   webhook-signature: v1,K5oZ…=      base64(HMAC-SHA256(secret, id.timestamp.body)); one for each secret, a blank between them
//   annals-attempt: 1
//   {"hook":"desk","delivery":"msg_3f1c…","kind":"change","projection":"ipo","key":"kunlunxin","through":1841,"before":…,"after":…}
//
// The three webhook- headers are those of Standard Webhooks (https://www.standardwebhooks.com, specification 1.0.0), so that receivers check them with
// a library of theirs. A secret that begins with whsec_ is base64 behind that; any other is taken as its bytes.
//
// Taken is what is answered with 2xx. Redirects are not followed. Of an answer's body some KiB are read and thrown away. https needs a certificate
// for the host that leads to one that the system trusts (SSL_CERT_FILE names others), TLS 1.2 or newer.
// How far each hook has been told is kept in a file beside the store, so that after a restart all that has changed since is told; what was taken but not
// yet noted down (about a second's worth) comes twice. A hook that is new begins with what is the answer now, and is told of changes.
// Of hooks, logs and status name no path and no secret: the first are often secrets too.
// Threads: every function from any. One thread looks, one holds the sockets.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.h"
#include "engine/base/time.h"
#include "engine/stream/delivery.h"

namespace annals::stream {

struct HookUrl {
  bool secure = false;
  std::string host;        // a name or an address, without brackets
  std::uint16_t port = 80;
  std::string target;      // path and query
  std::string origin() const;   // "https://desk.example:8443": what may be shown
};
// http://host[:port]/path?query or https://…; a fragment is refused, and so is user:password@, which would be a secret in the wrong place.
Result<HookUrl> parse_hook_url(std::string_view text);

// The keys in a file or variable of secrets: one, or some with white space between (a new one and the old, while receivers change over). kInvalid, without
// a word of the secret: none, or one that is shorter than 24 bytes.
Result<std::vector<std::string>> parse_hook_secrets(std::string_view text);
// "v1,…" by one key.
std::string hook_signature(std::string_view key, std::string_view id, std::int64_t timestamp, std::string_view body);
// The body of a delivery.
std::string hook_body(std::string_view hook, const Delivery& delivery);

struct Hook {
  std::string name;                             // is_subscription_name()
  HookUrl url;
  std::vector<WatchSpec> watches;
  std::vector<std::string> keys;                // parse_hook_secrets()
  std::chrono::milliseconds timeout{10'000};    // of one attempt, from the connection to the answer's head
  DeliveryLimits limits;
};

struct HookStatus {
  std::string name;
  std::string origin;
  DeliveryStatus deliveries;
  WatchPoint told;                              // all that has changed up to here is taken or given up
  double oldest_seconds = 0;                    // since the oldest undelivered change was found; 0: none
};

struct WebhookParts {
  const EventLog& log;                          // these two must outlive the hooks
  const Clock& clock;
  // As ServerParts::changes, but each with its place in the queue.
  std::function<Result<std::vector<HookChange>>(const WatchSpec& spec, const std::optional<WatchPoint>& from, WatchPoint& to)> changes;
  MergeChanges merge;
  // Puts the checkpoints in the place of those before, on disk when it returns.
  std::function<Status(std::string_view text)> keep;
  std::function<void(std::string_view)> tell;   // for whoever runs it, one line each
};

struct WebhookOptions {
  std::vector<Hook> hooks;
  std::string points;                           // what `keep` was given last; empty: nothing yet
  std::string program = "annals";               // user-agent
  std::chrono::milliseconds look_again{5'000};  // so often whether the clock has changed an answer; seldomer where looking takes more than a twentieth of that
  std::chrono::milliseconds keep_every{1'000};  // checkpoints, where something was told
};

class Webhooks {
 public:
  // Begins to look and to tell. kInvalid: a watch asks for what there is not; kCorrupt: the checkpoints; kConflict: they are of another log.
  static Result<std::unique_ptr<Webhooks>> start(WebhookParts parts, WebhookOptions options);
  ~Webhooks();   // stop()
  Webhooks(const Webhooks&) = delete;
  Webhooks& operator=(const Webhooks&) = delete;

  // The log has grown.
  void woke();
  std::vector<HookStatus> status() const;
  // Begins no more attempts, waits for those under way, keeps the checkpoints. After `patience` attempts are cut off: they are made again by the next
  // process. A second call does nothing.
  void stop(std::chrono::milliseconds patience = std::chrono::seconds(3));

 private:
  struct Impl;
  explicit Webhooks(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace annals::stream
