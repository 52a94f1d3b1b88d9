#pragma once
// What is to be told to one webhook: a queue that knows when which change goes next. No socket, no thread, no clock of its own.
//
// Changes of one order (a projection's key) are told one after another: the next begins when the one before was taken or given up.
// Different orders go beside each other, `at_once` at most. A change that fails is tried again after a pause, which doubles and is
// shortened at random by up to a half, so that many that failed together do not come back together.
// What bounds it: where a change waits and another of the same slot (the key's lane) comes, the two become one, which tells of the
// newest from where the oldest began. So while a receiver is down there is one change for each slot, and not one for each event.
// Promise: every change is taken at least once, or given up and counted. Twice is possible: a receiver that took one may be gone before
// it could say so. A change keeps its id over all tries; what two became has a new one.
// Threads: one at a time.

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/query/watch.h"

namespace annals::stream {

using SteadyTime = std::chrono::steady_clock::time_point;

struct HookChange {
  std::string order;
  std::string slot;   // within the order
  std::string json;   // an object: what is told
};

// What two changes of one slot come to: the JSON of one that tells of both; none: the later took the earlier back, and neither was told.
// `maybe_told`: the receiver may know of the earlier, so that something has to be told.
using MergeChanges = std::function<std::optional<std::string>(const std::string& earlier, const std::string& later, bool maybe_told)>;

struct DeliveryLimits {
  unsigned tries = 100;                              // of one change; with the pauses below a day and a half
  std::chrono::milliseconds first_pause{1'000};
  std::chrono::milliseconds longest_pause{1'800'000};
  unsigned at_once = 4;                              // deliveries under way
};

// To be sent now, and then answered with taken() or failed().
struct Delivery {
  std::string order;
  std::string id;
  std::string json;
  unsigned attempt = 1;
};

struct GivenUp {
  std::string order;
  std::string id;
  unsigned attempts = 0;
  std::string why;                                   // of the last attempt
};
inline constexpr std::size_t kGivenUpListed = 16;

struct DeliveryStatus {
  std::uint64_t delivered = 0;                       // since it began, like the next four
  std::uint64_t failures = 0;                        // attempts that failed
  std::uint64_t retries = 0;                         // attempts behind the first of a change
  std::uint64_t merged = 0;                          // changes that became one with an earlier
  std::uint64_t given_up = 0;
  std::size_t waiting = 0;                           // changes, those under way included
  std::optional<SteadyTime> oldest;                  // when the oldest of them came
  std::string last_failure;                          // why; empty: the last attempt that ended went well
  std::deque<GivenUp> given_up_last;                 // the newest kGivenUpListed, newest last
};

class Deliveries {
 public:
  // `random`: evenly from [0, 1).
  Deliveries(std::string hook, DeliveryLimits limits, MergeChanges merge, std::function<double()> random);

  // Changes that one look has found, in the order in which they are to be told; `from` is where the look began.
  void add(std::vector<HookChange> changes, const WatchPoint& from, SteadyTime now);
  // The next to be sent, if one is due and no more than at_once are under way.
  std::optional<Delivery> next(SteadyTime now);
  // When next() will have something; none: not before one of the other calls.
  std::optional<SteadyTime> due() const;

  void taken(const Delivery& delivery, SteadyTime now);
  // `wait`: how long the receiver asks to be left alone; up to the longest pause it is. True: it was given up.
  bool failed(const Delivery& delivery, std::string why, SteadyTime now, std::chrono::milliseconds wait = {});

  // Where looks began whose changes are not all taken or given up: what is behind may have to be told again by whoever comes back.
  // None: all is.
  std::optional<WatchPoint> undelivered() const;
  // The last attempt that ended did not go well.
  bool failing() const { return !counts_.last_failure.empty(); }
  DeliveryStatus status() const;

 private:
  struct Waiting {
    HookChange change;
    std::string id;
    WatchPoint from;                                 // of the oldest that became this
    SteadyTime came;                                 // likewise
    unsigned attempts = 0;
  };
  // The changes of one order. The front is the one that is tried.
  struct Line {
    std::deque<Waiting> waiting;
    bool sending = false;
    unsigned failures = 0;                           // in a row
    SteadyTime ready{};
  };
  using Lines = std::map<std::string, Line>;

  std::string id_of(const HookChange& change) const;
  // `earlier` becomes what both come to; false: nothing is left.
  bool merge(Waiting& earlier, HookChange later);
  Lines::iterator sent(const Delivery& delivery);
  void go_on(Lines::iterator line, SteadyTime ready);

  std::string hook_;
  DeliveryLimits limits_;
  MergeChanges merge_;
  std::function<double()> random_;
  Lines lines_;                                      // none is empty
  std::set<std::pair<SteadyTime, std::string>> ready_;   // lines of which nothing is under way, by when their front goes
  unsigned under_way_ = 0;
  DeliveryStatus counts_;
};

// The point that lies behind neither.
WatchPoint earlier_of(const WatchPoint& one, const WatchPoint& other);

// How far each webhook has been told, kept like durable names (names.h) in a file of lines:
//   annals webhooks 1
//   desk 1834 2025-12-09T06:32:00.123456Z
using HookPoints = std::map<std::string, WatchPoint>;
// kCorrupt: the line and what was expected.
Result<HookPoints> parse_hook_points(std::string_view text);
std::string hook_points_text(const HookPoints& points);

}  // namespace annals::stream
