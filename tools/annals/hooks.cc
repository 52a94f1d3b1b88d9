#include "tools/annals/hooks.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "engine/audit/watch.h"
#include "engine/stream/names.h"
#include "tools/annals/inputs.h"
#include "tools/annals/outputs.h"
#include "tools/annals/program.h"
#include "tools/annals/remote.h"
#include "tools/annals/watches.h"

namespace annals::cli {
namespace {

// ---- The file. Errors leave by exception and stop at read_hooks.

struct Wrong {
  Error error;
};

class HooksFile {
 public:
  explicit HooksFile(const std::string& path) : path_(path) {}

  std::vector<stream::Hook> read(const YAML::Node& root) {
    if (!root.IsSequence() || root.size() == 0) wrong(root, "a list of webhooks (- name: …)");
    std::vector<stream::Hook> out;
    std::set<std::string> names;
    for (const auto& node : root) {
      out.push_back(hook(node));
      if (!names.insert(out.back().name).second) say(node, fmt::format("webhook '{}' is there already: each needs a name of its own", out.back().name));
    }
    return out;
  }

  std::string place(const YAML::Mark& mark) const { return mark.is_null() ? path_ : fmt::format("{}:{}:{}", path_, mark.line + 1, mark.column + 1); }

 private:
  [[noreturn]] void say(const YAML::Node& node, std::string_view message) const { throw Wrong{{ErrorCode::kInvalid, fmt::format("{}: {}", place(node.Mark()), message)}}; }
  // `shown`: what stands there is no secret in the wrong place.
  [[noreturn]] void wrong(const YAML::Node& node, std::string_view expected, bool shown = true) const {
    const std::string found = !node.IsDefined() || node.IsNull() ? "nothing" : node.IsMap() ? "a map" : node.IsSequence() ? "a list" : shown ? "'" + node.Scalar() + "'" : "something else";
    say(node, fmt::format("expected {}, found {}", expected, found));
  }
  std::string text(const YAML::Node& node, std::string_view expected) const {
    if (!node.IsScalar() || node.Scalar().empty()) wrong(node, expected);
    return node.Scalar();
  }
  std::uint32_t number(const YAML::Node& node, std::uint32_t least, std::uint32_t most, std::string_view of) const {
    const std::string expected = fmt::format("{} from {} to {}", of, least, most);
    const std::string digits = text(node, expected);
    std::uint32_t out = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    if (error != std::errc() || end != digits.data() + digits.size() || out < least || out > most) wrong(node, expected);
    return out;
  }

  stream::Hook hook(const YAML::Node& node) const {
    if (!node.IsMap()) wrong(node, "a webhook: a map with name, url, states and secret_file or secret_env");
    stream::Hook out;
    bool has_url = false;
    std::set<std::string> seen;
    for (const auto& row : node) {
      const std::string key = text(row.first, "a key");
      const YAML::Node& value = row.second;
      if (!seen.insert(key).second) say(row.first, fmt::format("'{}' is given twice", key));
      if (key == "name") {
        out.name = text(value, "a name");
        if (!stream::is_subscription_name(out.name)) wrong(value, "a name of 1 to 64 letters, digits, dots, dashes and underscores");
      } else if (key == "url") {
        auto url = stream::parse_hook_url(value.IsScalar() ? value.Scalar() : "");
        if (!url) say(value, url.error().message);
        out.url = *std::move(url);
        has_url = true;
      } else if (key == "states") {
        read_states(value, out.watches);
      } else if (key == "secret_file" || key == "secret_env") {
        if (!out.keys.empty()) say(row.first, "secret_file or secret_env, not both");
        read_secret(value, key == "secret_file", out.keys);
      } else if (key == "timeout") {
        out.timeout = std::chrono::seconds(number(value, 1, 300, "seconds"));
      } else if (key == "tries") {
        out.limits.tries = number(value, 1, 1'000'000, "a number of tries");
      } else if (key == "first_pause") {
        out.limits.first_pause = std::chrono::seconds(number(value, 1, 86'400, "seconds"));
      } else if (key == "longest_pause") {
        out.limits.longest_pause = std::chrono::seconds(number(value, 1, 86'400, "seconds"));
      } else if (key == "connections") {
        out.limits.at_once = number(value, 1, 64, "a number of connections");
      } else {
        wrong(row.first, "name, url, states, secret_file, secret_env, timeout, tries, first_pause, longest_pause or connections", key != "secret");
      }
    }
    if (out.name.empty()) say(node, "expected a name, found none");
    if (!has_url) say(node, fmt::format("webhook '{}': expected a url, found none", out.name));
    if (out.watches.empty()) say(node, fmt::format("webhook '{}': expected states, found none", out.name));
    if (out.keys.empty()) say(node, fmt::format("webhook '{}': expected secret_file or secret_env, found neither", out.name));
    return out;
  }

  void read_states(const YAML::Node& node, std::vector<WatchSpec>& out) const {
    constexpr std::string_view kExpected = "a projection such as export_control, or one with keys such as ipo:kunlunxin,metax, or a list of them";
    const auto one = [&](const YAML::Node& each) {
      const std::string words = text(each, kExpected);
      if (const Status added = add_watch(words, out); !added) say(each, added.error().message);
      const std::string projection = words.substr(0, words.find(':'));
      if (projection == kContradictions) return;
      if (const auto known = projection_named(projection); !known) say(each, known.error().message);
    };
    if (node.IsScalar()) return one(node);
    if (!node.IsSequence() || node.size() == 0) wrong(node, kExpected);
    for (const auto& each : node) one(each);
  }

  void read_secret(const YAML::Node& node, bool file, std::vector<std::string>& out) const {
    // Somebody may write the secret itself here, so nothing of it is shown.
    if (!node.IsScalar() || node.Scalar().empty()) wrong(node, file ? "the path of a file" : "the name of an environment variable", false);
    std::string secret;
    if (file) {
      const std::filesystem::path where = std::filesystem::path(path_).parent_path() / node.Scalar();
      auto bytes = read_file(where.string());
      if (!bytes) say(node, "expected the path of a file that can be read, found none there");
      secret = *std::move(bytes);
    } else {
      const char* const value = std::getenv(node.Scalar().c_str());
      if (value == nullptr) say(node, "expected the name of an environment variable that is set, found none of that name");
      secret = value;
    }
    auto keys = stream::parse_hook_secrets(secret);
    if (!keys) say(node, fmt::format("in that {}: {}", file ? "file" : "variable", keys.error().message));
    out = *std::move(keys);
  }

  const std::string& path_;
};

// ---- Changes.

std::string text_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

// As the query tells entries of one lane apart: by track, and of expectations by what is expected.
std::string slot_of(const Json& change) {
  const Json& entry = change["after"].is_null() ? change["before"] : change["after"];
  const bool expected = entry["due"].is_object() && !entry["due"]["status"].is_null();
  return fmt::format("{}\n{}\n{}", text_of(change, "lane"), text_of(entry, "track"), expected ? text_of(entry, "value") : "");
}

std::string slot_of_contradiction(const Json& change) {
  std::vector<std::string> sides;
  for (const Json& side : change["sides"]) sides.push_back(text_of(side, "value"));
  std::sort(sides.begin(), sides.end());
  std::string out = text_of(change, "is") + "\n" + text_of(change, "type") + "\n" + text_of(change, "slot");
  for (const std::string& each : sides) out += "\n" + each;
  return out;
}

// The same answer, but for which statement told it.
bool same_answer(Json one, Json other) {
  for (Json* each : {&one, &other})
    for (const char* name : {"first", "newest", "steps"})
      if (each->is_object()) each->erase(name);
  return one == other;
}

// "P K L: A → B" and "P K L: B → C" as "P K L: A → C". Where the arrow is also in somebody's words, what the later says.
std::string joined_text(const std::string& earlier, const std::string& later, std::size_t head) {
  constexpr std::string_view kArrow = " → ";
  const auto arrow = [&](const std::string& text) { return text.find(kArrow) == text.rfind(kArrow) ? text.find(kArrow) : std::string::npos; };
  const std::size_t one = arrow(earlier);
  const std::size_t other = arrow(later);
  if (one == std::string::npos || other == std::string::npos || head > one || head > other || earlier.compare(0, head, later, 0, head) != 0) return later;
  return earlier.substr(0, one) + later.substr(other);
}

}  // namespace

Result<std::vector<stream::Hook>> read_hooks(const std::string& path) {
  ANNALS_TRY(const std::string bytes, read_file(path));
  HooksFile file(path);
  try {
    return file.read(YAML::Load(bytes));
  } catch (const Wrong& wrong) {
    return wrong.error;
  } catch (const YAML::Exception& broken) {
    return Error{ErrorCode::kInvalid, fmt::format("{}: expected YAML, found: {}", file.place(broken.mark), broken.msg)};
  }
}

std::vector<stream::HookChange> hook_changes(std::vector<std::string> changes) {
  std::vector<stream::HookChange> out;
  for (std::string& line : changes) {
    const Json json = Json::parse(line);
    const std::string kind = text_of(json, "kind");
    stream::HookChange change;
    if (kind == "change") {
      change.order = text_of(json, "projection") + " " + text_of(json, "key");
      change.slot = slot_of(json);
    } else if (kind == "contradiction") {
      change.order = fmt::format("{} {}", kContradictions, text_of(json, "subject"));
      change.slot = slot_of_contradiction(json);
    } else {   // an erasure: each is told
      change.order = text_of(json, "projection") + " " + text_of(json, "key");
      change.slot = "erased " + json["erasure"].dump();
    }
    change.json = std::move(line);
    out.push_back(std::move(change));
  }
  return out;
}

std::optional<std::string> merge_changes(const std::string& earlier, const std::string& later, bool maybe_told) {
  const Json one = Json::parse(earlier);
  Json other = Json::parse(later);
  const std::string kind = text_of(other, "kind");
  if (kind == "contradiction") {
    if (text_of(one, "change") != "found" || maybe_told) return later;
    if (text_of(other, "change") == "gone") return std::nullopt;
    const std::string was = "contradiction " + text_of(other, "change") + ":";
    std::string text = text_of(other, "text");
    if (text.starts_with(was)) text = "contradiction found:" + text.substr(was.size());
    other["change"] = "found";
    other["text"] = text;
    return to_line(other);
  }
  if (kind != "change") return later;
  if (!maybe_told && same_answer(one["before"], other["after"])) return std::nullopt;
  other["before"] = one["before"];
  const std::size_t head = fmt::format("{} {} {}: ", text_of(other, "projection"), text_of(other, "key"), text_of(other, "lane")).size();
  other["text"] = joined_text(text_of(one, "text"), text_of(other, "text"), head);
  std::set<std::uint64_t> events;
  for (const Json* each : {&one["events"], static_cast<const Json*>(&other["events"])})
    for (const Json& event : *each) events.insert(event.get<std::uint64_t>());
  while (events.size() > kWatchedEventsMax) events.erase(events.begin());
  other["events"] = Json(events);
  return to_line(other);
}

Result<std::unique_ptr<stream::Webhooks>> start_hooks(std::vector<stream::Hook> hooks, const EventLog& log, const Lexicon& lexicon, const Query& query, WatchMemory& memory, const Clock& clock, const std::string& points_file,
                                                      std::function<void(std::string_view)> tell) {
  stream::WebhookOptions options;
  options.hooks = std::move(hooks);
  options.program = "annals/" ANNALS_VERSION;
  if (std::filesystem::exists(points_file)) {
    ANNALS_TRY(options.points, read_file(points_file));
  }
  stream::WebhookParts parts{log, clock,
                             [&log, &lexicon, &query, &memory](const WatchSpec& spec, const std::optional<WatchPoint>& from, WatchPoint& to) -> Result<std::vector<stream::HookChange>> {
                               ANNALS_TRY(std::vector<std::string> changes, changes_between(spec, from, to, log, lexicon, query, memory));
                               return hook_changes(std::move(changes));
                             },
                             merge_changes, [points_file](std::string_view text) { return write_whole(points_file, text, 0644, false); }, std::move(tell)};
  return stream::Webhooks::start(std::move(parts), std::move(options));
}

Json hooks_json(const std::vector<stream::HookStatus>& hooks) {
  Json out = Json::object();
  for (const stream::HookStatus& each : hooks) {
    const stream::DeliveryStatus& from = each.deliveries;
    Json given_up = Json::array();
    for (const stream::GivenUp& one : from.given_up_last) given_up.push_back({{"of", one.order}, {"delivery", one.id}, {"attempts", one.attempts}, {"why", one.why}});
    out[each.name] = {{"to", each.origin},
                      {"delivered", from.delivered},
                      {"failures", from.failures},
                      {"retries", from.retries},
                      {"merged", from.merged},
                      {"given_up", from.given_up},
                      {"waiting", from.waiting},
                      {"oldest_seconds", static_cast<std::uint64_t>(each.oldest_seconds)},
                      {"told_through", each.told.through.value},
                      {"told_as_of", format_utc(each.told.as_of)},
                      {"last_failure", from.last_failure.empty() ? Json(nullptr) : Json(from.last_failure)},
                      {"given_up_last", std::move(given_up)}};
  }
  return out;
}

std::vector<std::string> hook_lines(const Json& hooks) {
  std::vector<std::string> out;
  const auto count = [](const Json& of, const char* name) { return grouped(of.value(name, std::uint64_t{0})); };
  for (const auto& [name, hook] : hooks.items()) {
    std::string line = fmt::format("webhook {} ({}): {} delivered, {} waiting", name, text_of(hook, "to"), count(hook, "delivered"), count(hook, "waiting"));
    if (hook.value("waiting", std::uint64_t{0}) > 0) line += fmt::format(" for up to {} s", count(hook, "oldest_seconds"));
    if (const std::string why = text_of(hook, "last_failure"); !why.empty()) line += fmt::format("; failing: {}", why);
    if (hook.value("given_up", std::uint64_t{0}) > 0) line += fmt::format("; {} given up", count(hook, "given_up"));
    out.push_back(std::move(line));
    for (const Json& one : hook.value("given_up_last", Json::array()))
      out.push_back(fmt::format("  given up: {} {} after {} attempts: {}", text_of(one, "of"), text_of(one, "delivery"), count(one, "attempts"), text_of(one, "why")));
  }
  return out;
}

}  // namespace annals::cli
