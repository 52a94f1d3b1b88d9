#include "engine/stream/delivery.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/base/time.h"
#include "engine/stream/names.h"

namespace annals::stream {
namespace {

constexpr std::string_view kFirstLine = "annals webhooks 1";
constexpr std::size_t kIdDigits = 32;

}  // namespace

WatchPoint earlier_of(const WatchPoint& one, const WatchPoint& other) { return {std::min(one.through, other.through), std::min(one.as_of, other.as_of)}; }

Deliveries::Deliveries(std::string hook, DeliveryLimits limits, MergeChanges merge, std::function<double()> random)
    : hook_(std::move(hook)), limits_(limits), merge_(std::move(merge)), random_(std::move(random)) {}

// Of what it says, so that it is the same wherever it is made; the JSON has the place and the moment at which it is true.
std::string Deliveries::id_of(const HookChange& change) const {
  return "msg_" + sha256(fmt::format("{}\n{}\n{}\n{}", hook_, change.order, change.slot, change.json)).hex().substr(0, kIdDigits);
}

bool Deliveries::merge(Waiting& earlier, HookChange later) {
  ++counts_.merged;
  auto both = merge_(earlier.change.json, later.json, earlier.attempts > 0);
  if (!both) return false;
  earlier.change.json = *std::move(both);
  earlier.id = id_of(earlier.change);
  earlier.attempts = 0;
  return true;
}

void Deliveries::add(std::vector<HookChange> changes, const WatchPoint& from, SteadyTime now) {
  for (HookChange& change : changes) {
    const auto [line, fresh] = lines_.try_emplace(change.order);
    auto& waiting = line->second.waiting;
    // What is under way is on its way to the receiver as it is.
    const auto first = waiting.begin() + (line->second.sending ? 1 : 0);
    const auto same = std::find_if(first, waiting.end(), [&](const Waiting& each) { return each.change.slot == change.slot; });
    if (same == waiting.end()) {
      std::string id = id_of(change);
      waiting.push_back({std::move(change), std::move(id), from, now, 0});
      if (fresh) go_on(line, now);
    } else if (!merge(*same, std::move(change))) {
      waiting.erase(same);
      if (waiting.empty()) {
        ready_.erase({line->second.ready, line->first});   // it was not under way: that one would still be here
        lines_.erase(line);
      }
    }
  }
}

void Deliveries::go_on(Lines::iterator line, SteadyTime ready) {
  line->second.ready = ready;
  ready_.emplace(ready, line->first);
}

std::optional<Delivery> Deliveries::next(SteadyTime now) {
  if (under_way_ >= limits_.at_once || ready_.empty() || ready_.begin()->first > now) return std::nullopt;
  const auto line = lines_.find(ready_.begin()->second);
  ready_.erase(ready_.begin());
  Waiting& front = line->second.waiting.front();
  line->second.sending = true;
  ++under_way_;
  if (++front.attempts > 1) ++counts_.retries;
  return Delivery{line->first, front.id, front.change.json, front.attempts};
}

std::optional<SteadyTime> Deliveries::due() const {
  if (under_way_ >= limits_.at_once || ready_.empty()) return std::nullopt;
  return ready_.begin()->first;
}

Deliveries::Lines::iterator Deliveries::sent(const Delivery& delivery) {
  const auto line = lines_.find(delivery.order);
  check(line != lines_.end() && line->second.sending && line->second.waiting.front().id == delivery.id, "what ends was under way");
  line->second.sending = false;
  --under_way_;
  return line;
}

void Deliveries::taken(const Delivery& delivery, SteadyTime now) {
  const auto line = sent(delivery);
  ++counts_.delivered;
  counts_.last_failure.clear();
  line->second.failures = 0;
  line->second.waiting.pop_front();
  if (line->second.waiting.empty()) lines_.erase(line);
  else go_on(line, now);
}

bool Deliveries::failed(const Delivery& delivery, std::string why, SteadyTime now, std::chrono::milliseconds wait) {
  const auto line = sent(delivery);
  auto& waiting = line->second.waiting;
  ++counts_.failures;
  counts_.last_failure = why;
  if (delivery.attempt >= limits_.tries) {
    ++counts_.given_up;
    counts_.given_up_last.push_back({delivery.order, delivery.id, delivery.attempt, std::move(why)});
    if (counts_.given_up_last.size() > kGivenUpListed) counts_.given_up_last.pop_front();
    line->second.failures = 0;
    waiting.pop_front();
    if (waiting.empty()) lines_.erase(line);
    else go_on(line, now);
    return true;
  }
  // What has come of the same slot meanwhile.
  const auto later = std::find_if(waiting.begin() + 1, waiting.end(), [&](const Waiting& each) { return each.change.slot == waiting.front().change.slot; });
  if (later != waiting.end()) {
    HookChange change = std::move(later->change);
    waiting.erase(later);
    if (!merge(waiting.front(), std::move(change))) waiting.pop_front();
    if (waiting.empty()) {
      lines_.erase(line);
      return false;
    }
  }
  const unsigned doublings = std::min(line->second.failures++, 30u);
  const double longest = static_cast<double>(limits_.longest_pause.count());
  const double pause = std::min(static_cast<double>(limits_.first_pause.count()) * static_cast<double>(1u << doublings), longest) * (0.5 + 0.5 * random_());
  const double asked = std::min(static_cast<double>(wait.count()), longest);
  go_on(line, now + std::chrono::milliseconds(static_cast<std::int64_t>(std::max(pause, asked))));
  return false;
}

std::optional<WatchPoint> Deliveries::undelivered() const {
  std::optional<WatchPoint> out;
  for (const auto& [order, line] : lines_)
    for (const Waiting& each : line.waiting) out = out ? earlier_of(*out, each.from) : each.from;
  return out;
}

DeliveryStatus Deliveries::status() const {
  DeliveryStatus out = counts_;
  for (const auto& [order, line] : lines_) {
    out.waiting += line.waiting.size();
    for (const Waiting& each : line.waiting) out.oldest = out.oldest ? std::min(*out.oldest, each.came) : each.came;
  }
  return out;
}

// ---- Checkpoints.

Result<HookPoints> parse_hook_points(std::string_view text) {
  HookPoints out;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string line(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const auto bad = [&](std::string_view expected) { return Error{ErrorCode::kCorrupt, fmt::format("checkpoints of webhooks, line {}: expected {}, found '{}'", number, expected, line)}; };
    if (number == 1) {
      if (line != kFirstLine) return bad("'annals webhooks 1'");
      continue;
    }
    const std::size_t first = line.find(' ');
    const std::size_t second = line.find(' ', first + 1);
    if (first == std::string::npos || second == std::string::npos || !is_subscription_name(line.substr(0, first))) return bad("a name, a position and a moment");
    WatchPoint point;
    const char* const end = line.data() + second;
    const auto as_of = parse_moment(line.substr(second + 1), Zone::utc(), Instant{});
    if (std::from_chars(line.data() + first + 1, end, point.through.value).ptr != end || !as_of) return bad("a name, a position and a moment");
    point.as_of = as_of->instant;
    out[line.substr(0, first)] = point;
  }
  return out;
}

std::string hook_points_text(const HookPoints& points) {
  std::string out(kFirstLine);
  for (const auto& [name, point] : points) out += fmt::format("\n{} {} {}", name, point.through.value, format_utc(point.as_of));
  return out + '\n';
}

}  // namespace annals::stream
