// Goal: the rows of the index hang on the log alone, not on how often it was sealed on the way nor on how much of it was held at a time.
// Method: random histories about few keys (mostly in order, some late, some about the past, copies, events about events), sealed at
// random moments, beside the same index made anew; and the pages of a subject made in small parts beside those made at once.
// ANNALS_SEED runs one seed again; ANNALS_HISTORIES sets how many.
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <numeric>
#include <random>
#include <utility>

#include "engine/projection/coverage_rows.h"
#include "engine/projection/every_key.h"
#include "engine/projection/heads.h"
#include "engine/projection/index.h"
#include "engine/projection/index_load.h"
#include "engine/projection/index_subject.h"
#include "engine/projection/index_write.h"
#include "engine/projection/snapshots.h"
#include "tests/support/story.h"

namespace annals {
namespace {

using support::Story;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t below(std::uint64_t n) { return engine_() % n; }
  bool chance(unsigned percent) { return below(100) < percent; }
  std::string word(std::initializer_list<const char*> all) { return *(all.begin() + below(all.size())); }

 private:
  std::mt19937_64 engine_;
};

const Instant kStart = support::instant("2025-03-01T00:00:00Z");
std::string minute(Instant at) { return format_utc(at).substr(0, 16); }

std::uint64_t number(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// Those of the histories that a test makes.
std::vector<std::uint64_t> seeds(std::uint64_t first) {
  const bool one = std::getenv("ANNALS_SEED") != nullptr;
  std::vector<std::uint64_t> out(number("ANNALS_HISTORIES", one ? 1 : 40));
  std::iota(out.begin(), out.end(), number("ANNALS_SEED", first));
  return out;
}

// How often what is not simply the next piece of news comes, in percent.
struct Kind {
  unsigned late = 0;
  unsigned past = 0;     // told with a time of its own
  unsigned about = 0;    // events about events, and facts
};

// A history that goes on. Claims about a few products and one company's figures, many a key.
class History {
 public:
  History(std::uint64_t seed, Kind kind) : dice_(seed), kind_(kind) {}

  void live(std::size_t events) {
    for (std::size_t i = 0; i < events; ++i) {
      clock_ += std::chrono::minutes(1 + dice_.below(90));
      const Instant at = dice_.chance(kind_.late) ? kStart + std::chrono::minutes(dice_.below(1 + static_cast<std::uint64_t>((clock_ - kStart) / std::chrono::minutes(1)))) : clock_;
      const std::string because = fmt::format("because {}", story.log().last().value);
      if (!statements_.empty() && dice_.chance(kind_.about)) {
        const Position about = statements_[statements_.size() - 1 - dice_.below(std::min<std::size_t>(statements_.size(), 30))];
        switch (dice_.below(6)) {
          case 0: story.retract(about, because); break;
          case 1: story.withdraw(about, minute(at), because); break;
          case 2: story.reread(about, fmt::format("annals/{}", 2 + ++readings_), {claim(at)}); break;
          case 3: story.date(about, minute(at)); break;
          case 4: story.reject(about); break;
          default: story.fact(fmt::format("h200 product vendor=nvidia name=H200 alias=the_big_chip{}", dice_.chance(50) ? ";h-200" : "")); break;
        }
        continue;
      }
      support::PublishOptions options;
      options.outlet = dice_.word({"Daily", "Gazette", "每日", "Post"});
      if (dice_.chance(kind_.late > 0 ? 6 : 0)) options.copy = fmt::format("text {}", statements_.size() / 20);
      std::vector<std::string> claims{claim(at)};
      if (dice_.chance(20)) claims.push_back(claim(at));
      statements_.push_back(story.publish(dice_.chance(kind_.late > 0 ? 10 : 0) ? minute(at).substr(0, 10) : minute(at), claims, options));
    }
  }

  Instant now() const { return clock_; }

  Story story;

 private:
  std::string claim(Instant at) {
    std::string out;
    switch (dice_.below(5)) {
      case 0:
        out = "metric entity=metax metric=revenue value=" + dice_.word({"350", "450", "500"}) + " period=" + dice_.word({"2025-Q1", "2025-Q2", "2025"});
        break;
      case 1:
        out = "product_milestone product=h20 stage=" + dice_.word({"announced", "sampling", "shipping", "delayed"});
        break;
      default:
        out = "export_control product=" + dice_.word({"h20", "h20", "h20", "h200", "the_big_chip", "h-200"}) + " status=" +
              dice_.word({"banned", "license_required", "under_discussion", "allowed", "license_pending", "license_granted"});
    }
    if (dice_.chance(kind_.past)) {
      const Instant then = kStart + std::chrono::minutes(dice_.below(1 + static_cast<std::uint64_t>((at - kStart) / std::chrono::minutes(1))) );
      out += " when=" + minute(dice_.chance(80) ? then : at + std::chrono::hours(dice_.below(300))).substr(0, dice_.chance(50) ? 16 : 10);
      if (dice_.chance(40)) out += " aspect=" + dice_.word({"holds", "held"});
    }
    if (dice_.chance(10)) out += " modality=" + dice_.word({"planned", "denied"});
    if (dice_.chance(15)) out += " attribution=anonymous";
    else if (dice_.chance(15)) out += " speaker=" + dice_.word({"Trump", "Jensen_Huang"});
    return out;
  }

  Dice dice_;
  Kind kind_;
  Instant clock_ = kStart;
  std::vector<Position> statements_;
  std::size_t readings_ = 0;
};

Kind kind_of(std::uint64_t seed) {
  switch (seed % 4) {
    case 0: return {0, 0, 0};
    case 1: return {2, 2, 0};
    case 2: return {5, 10, 1};
    default: return {20, 20, 3};
  }
}

}  // namespace

TEST_CASE("an index that was sealed many times is the index made at once") {
  for (const std::uint64_t seed : seeds(1201)) {
    INFO("ANNALS_SEED=" << seed);
    History history(seed, kind_of(seed));
    Dice dice(seed + 1'000'000);
    for (std::uint64_t seals = 5 + dice.below(30); seals > 0; --seals) {
      history.live(1 + dice.below(dice.chance(30) ? 80 : 8));
      REQUIRE(seal_index(history.story.log()));
    }
    const auto grown = index_digest(history.story.log());
    REQUIRE(grown);
    const auto differences = verify_index(history.story.log());
    REQUIRE(differences);
    CHECK(*differences == std::vector<std::string>());
    // Made of so few events at a time that articles, and readings and what they are about, lie across many; and no rows of other programs stay.
    for (const char* other : {"px2/a/p", "px999/b/g"}) REQUIRE(history.story.log().put_derived(std::vector{std::pair(std::string(other), std::string("x"))}));
    REQUIRE(rebuild_index(history.story.log(), {}, 1 + dice.below(40)));
    std::set<std::string> named;
    REQUIRE(history.story.log().scan_derived("px", "px", [&](std::string_view key, std::string_view) {
      named.emplace(key.substr(0, key.find('/')));
      return Visit::kContinue;
    }));
    CHECK(named.size() == 1);
    const auto anew = index_digest(history.story.log());
    REQUIRE(anew);
    CHECK(grown->rows == anew->rows);
    CHECK(grown->digest == anew->digest);
  }
}

// Snapshots of few changes, so that short histories have many: also in the midst of what is there, where late news thickens it.
TEST_CASE("what all keys say in one piece is what each of them says") {
  const Projection& projection = *find_projection("export_control");
  const index_rows::Space space('a');
  std::size_t snapshots = 0, later = 0;
  for (const std::uint64_t seed : seeds(9301)) {
    INFO("ANNALS_SEED=" << seed);
    History history(seed, kind_of(seed));
    EventLog& log = history.story.log();
    Dice dice(seed);
    for (int round = 0; round < 8; ++round) {
      history.live(5 + dice.below(60));
      REQUIRE(seal_index(log));
      const Instant upto = dice.chance(50) ? kInstantMax : kStart + std::chrono::hours(dice.below(400));
      REQUIRE(index_rows::take_snapshots(log, space, projection, upto, 5));
      const auto there = index_rows::Snapshots::read(*log.derived(), space, projection);
      REQUIRE(there);
      later += round > 0 && (*there)->moments().size() > snapshots;
      snapshots = (*there)->moments().size();
      IndexFollower follower(log);
      const auto view = follower.now();
      REQUIRE(view);
      IndexReader reader(**view, Detail::kHeads);
      const auto keys = reader.keys(projection);
      REQUIRE(keys);
      std::vector<Instant> moments;
      for (int question = 0; question < 10; ++question) moments.push_back(kStart + std::chrono::hours(dice.below(400)));
      for (const Instant at : (*there)->moments())
        if (at > kInstantMin) moments.insert(moments.end(), {at - Micros(1), at});
      for (const Instant at : moments) {
        IndexReader one_by_one(**view, Detail::kHeads), at_once(**view, Detail::kHeads);
        const auto all = at_once.all_heads(projection, at);
        REQUIRE(all);
        REQUIRE(*all != nullptr);
        at_once.use(*all);
        for (const std::string& key : *keys) {
          const auto theirs = one_by_one.state_as_of(projection, key, at), ours = at_once.state_as_of(projection, key, at);
          REQUIRE(theirs);
          REQUIRE(ours);
          CHECK(ours->state == theirs->state);
          CHECK(ours->said == theirs->said);
          CHECK((ours->until == theirs->until || (!theirs->said && ours->until == at + Micros(1))));   // when a key begins is not in it
        }
      }
    }
    CHECK(verify_index(log).value() == std::vector<std::string>());
    CHECK(snapshots > 3);
    const std::string newest = space.snapshot(projection.name(), index_rows::Snapshots::read(*log.derived(), space, projection).value()->moments().back());
    REQUIRE(log.drop_derived(newest + "h20/china"));
    CHECK_FALSE(verify_index(log).value().empty());
  }
  CHECK(later > 0);
}

TEST_CASE("what becomes known at the end of a key is put behind its pages without its older postings") {
  History history(7, {0, 0, 0});
  history.live(300);
  Story& story = history.story;
  REQUIRE(seal_index(story.log()));
  // With them gone, pages made anew would know next to nothing.
  REQUIRE(story.log().drop_derived(std::string("px12/a/p/export_control") + '\0'));
  history.live(40);
  IndexFollower follower(story.log());
  const auto check_answers = [&] {
    const auto view = follower.now();
    REQUIRE(view);
    const Ledger whole = story.ledger();
    const Projection& projection = *find_projection("export_control");
    for (int hours = 0; hours < 300; hours += 7) {
      const Instant at = kStart + std::chrono::hours(hours);
      const auto answer = IndexReader(**view).state_as_of(projection, "h20/china", at);
      REQUIRE(answer);
      CHECK(answer->state == whole.state(projection, "h20/china", as_of(at)));
    }
  };
  check_answers();   // the tail behind the pages
  REQUIRE(seal_index(story.log()));
  check_answers();
}

// A view may be asked while the pages it reads are written anew, or behind that: what they have and the tail has counts once.
TEST_CASE("a view that is older than the seal gives the answers that it gave before") {
  for (const std::uint64_t seed : seeds(7201)) {
    INFO("ANNALS_SEED=" << seed);
    History history(seed, kind_of(seed));
    Story& story = history.story;
    IndexFollower follower(story.log());
    Dice dice(seed);
    for (int round = 0; round < 4; ++round) {
      history.live(20 + dice.below(60));
      REQUIRE(seal_index(story.log()));
      history.live(1 + dice.below(20));
      const auto view = follower.now();
      REQUIRE(view);
      const Ledger whole = story.ledger();
      IndexReader before(**view);   // reads the rows as they are now
      if (dice.chance(50)) history.live(1 + dice.below(10));   // the pages will speak of more than the view
      REQUIRE(seal_index(story.log()));
      for (int question = 0; question < 20; ++question) {
        const Instant at = kStart + std::chrono::hours(dice.below(400));
        const bool figures = dice.chance(30);
        const Projection& projection = *find_projection(figures ? "metric" : "export_control");
        const std::string key = figures ? "metax/revenue" : "h20/china";
        for (const auto& answer : {IndexReader(**view).state_as_of(projection, key, at), before.state_as_of(projection, key, at)}) {
          REQUIRE(answer);
          CHECK(answer->state == whole.state(projection, key, as_of(at)));
        }
        const auto head = IndexReader(**view, Detail::kHeads).state_as_of(projection, key, at);
        REQUIRE(head);
        CHECK(heads_of(head->state) == heads_of(whole.state(projection, key, as_of(at))));
      }
    }
  }
}

TEST_CASE("a view whose rows are gone says so, and what was begun goes on to its end") {
  for (const bool rebuilt : {false, true}) {
    History history(23, {0, 0, 0});
    Story& story = history.story;
    history.live(120);
    REQUIRE(seal_index(story.log()));
    history.live(10);
    IndexFollower follower(story.log());
    const auto view = follower.now();
    REQUIRE(view);
    const auto told = follower.told_notes();
    const Ledger whole = story.ledger();
    const Projection& projection = *find_projection("export_control");
    const Bounds bounds = as_of(kStart + std::chrono::hours(400));
    const std::string key = "h20/china";
    const std::vector<std::string> names{key};
    EveryKey begun(**view, projection, bounds, 1);
    REQUIRE(begun.open());
    IndexReader reader(**view);
    if (rebuilt) REQUIRE(rebuild_index(story.log()));
    else REQUIRE(drop_index(story.log()));
    CHECK((*view)->load(projection, names, (*view)->families()).error().code == ErrorCode::kOverloaded);
    CHECK((*view)->coverage(bounds, *told).error().code == ErrorCode::kOverloaded);
    CHECK(EveryKey(**view, projection, bounds).open().error().code == ErrorCode::kOverloaded);
    CHECK(IndexReader(**view).state_as_of(projection, key, bounds.valid_at).error().code == ErrorCode::kOverloaded);
    const auto state = reader.state_as_of(projection, key, bounds.valid_at);
    REQUIRE(state);
    CHECK(state->state == whole.state(projection, key, bounds));
    std::vector<State> states;
    for (auto next = begun.next(); ; next = begun.next()) {
      REQUIRE(next);
      if (!*next) break;
      if (auto one = (*next)->ledger->state_of_own(projection, (*next)->key, bounds)) states.push_back(*std::move(one));
    }
    CHECK(states == whole.states(projection, bounds));
    CHECK_FALSE(states.empty());
  }
}

// Whoever asks again and again keeps what the answers grew from.
TEST_CASE("an answer that goes on from the one before is the answer made anew") {
  for (const std::uint64_t seed : seeds(9201)) {
    INFO("ANNALS_SEED=" << seed);
    History history(seed, kind_of(seed));
    Story& story = history.story;
    IndexFollower follower(story.log());
    KeptGrowths kept;
    Dice dice(seed);
    const Projection& projection = *find_projection("export_control");
    for (int look = 0; look < 60; ++look) {
      history.live(1 + dice.below(5));
      if (dice.chance(10)) {
        // Something comes, and is looked at, while the seal is at work: behind the next mark stands what was looked at behind the last.
        bool met = dice.chance(30);
        REQUIRE(seal_index(story.log(), [&](std::uint64_t, std::uint64_t) {
          if (std::exchange(met, true)) return;
          history.live(1 + dice.below(12));
          REQUIRE(follower.now());
        }));
      }
      const auto view = follower.now();
      REQUIRE(view);
      const Ledger whole = story.ledger();
      IndexReader reader(**view);
      reader.use(kept);
      const Instant at = history.now() + std::chrono::minutes(dice.below(30));
      const auto counted = follower.coverage(at);
      REQUIRE(counted);
      CHECK(*counted == whole.coverage(as_of(at)));
      for (const std::string key : {"h20/china", "h200/china"}) {
        const auto answer = reader.state_as_of(projection, key, at);
        REQUIRE(answer);
        CHECK(answer->state == whole.state(projection, key, as_of(at)));
        const auto again = IndexReader(**view).state_as_of(projection, key, at);
        REQUIRE(again);
        CHECK(answer->said == again->said);
        CHECK(answer->until == again->until);
      }
    }
  }
}

TEST_CASE("an answer that goes on from the one before reads no pages") {
  History history(7, {0, 0, 0});
  Story& story = history.story;
  const Projection& projection = *find_projection("export_control");
  history.live(200);
  REQUIRE(seal_index(story.log()));
  IndexFollower follower(story.log());
  KeptGrowths kept;
  history.live(60);
  for (const bool pages : {true, false}) {
    if (!pages) {
      REQUIRE(story.log().drop_derived(std::string("px12/a/g/export_control") + '\0'));
      history.live(20);
    }
    const auto view = follower.now();
    REQUIRE(view);
    IndexReader reader(**view);
    reader.use(kept);
    const auto answer = reader.state_as_of(projection, "h20/china", history.now() + std::chrono::hours(1));
    REQUIRE(answer);
    const State expected = story.ledger().state(projection, "h20/china", as_of(history.now() + std::chrono::hours(1)));
    CHECK(answer->state == expected);
    const auto anew = IndexReader(**view).state_as_of(projection, "h20/china", history.now() + std::chrono::hours(1));
    REQUIRE(anew);
    CHECK((anew->state == expected) == pages);
  }
}

TEST_CASE("whoever asks while a seal is at work is answered by the pages before it") {
  History history(11, {0, 0, 0});
  Story& story = history.story;
  history.live(200);
  REQUIRE(seal_index(story.log()));
  const Instant at = kStart + std::chrono::hours(2);
  history.live(40);
  const State expected = story.ledger().state(*find_projection("export_control"), "h20/china", as_of(at));
  int asked = 0;
  REQUIRE(seal_index(story.log(), [&](std::uint64_t, std::uint64_t) {
    IndexFollower follower(story.log());
    const auto view = follower.now();
    REQUIRE(view);
    const auto answer = IndexReader(**view).state_as_of(*find_projection("export_control"), "h20/china", at);
    REQUIRE(answer);
    CHECK(answer->state == expected);
    CHECK(answer->until != at + Micros(1));   // as an answer from postings has it
    ++asked;
  }));
  CHECK(asked > 1);
}

TEST_CASE("a seal that was stopped is completed by the next") {
  struct Stopped {};
  History history(12, {5, 10, 1});
  Story& story = history.story;
  history.live(200);
  REQUIRE(seal_index(story.log()));
  history.live(60);
  // In the midst of the rows that pages are made of.
  CHECK_THROWS_AS(seal_index(story.log(), [](std::uint64_t, std::uint64_t) { throw Stopped(); }), Stopped);
  CHECK(verify_index(story.log()).value() == std::vector<std::string>{"index: a seal was stopped on its way; the next completes it"});
  history.live(20);
  REQUIRE(seal_index(story.log()));
  CHECK(verify_index(story.log()).value() == std::vector<std::string>());
}

TEST_CASE("rows are kept back until they are too many, or all are there") {
  Story story;
  EventLog& log = story.log();
  int told = 0;
  const auto kept = [&](std::size_t most) {
    return index_rows::KeptBack(log, [&]() -> Status {
      ++told;
      CHECK_FALSE(log.get_derived("a"));
      return {};
    }, most);
  };
  {
    auto few = kept(1000);
    REQUIRE(few.put({{"a", std::string(100, 'x')}}));
    REQUIRE(few.put({{"c", "1"}}));
    CHECK_FALSE(log.get_derived("a"));
    REQUIRE(few.finish({{"z", "1"}}));
    CHECK(told == 0);
    for (const char* row : {"a", "c", "z"}) CHECK(log.get_derived(row));
  }
  REQUIRE(log.drop_derived(""));
  auto many = kept(1000);
  REQUIRE(many.put({{"a", std::string(500, 'x')}}));
  REQUIRE(many.put({{"b", std::string(600, 'x')}}));
  CHECK(told == 1);
  for (const char* row : {"a", "b"}) CHECK(log.get_derived(row));
  REQUIRE(many.put({{"c", "1"}}));
  CHECK(log.get_derived("c"));
  CHECK(told == 1);
  REQUIRE(many.finish({{"z", "1"}}));
  CHECK(log.get_derived("z"));
}

// A forecast is its origin's, and a copy's origin is that of the first of the text.
TEST_CASE("a copy whose first is withdrawn is on a track of its own outlet from then on") {
  Story story;
  support::PublishOptions first, copy;
  first.copy = copy.copy = "the same text";
  copy.outlet = "Post";
  const std::vector<std::string> forecast{"metric entity=metax metric=revenue value=450 period=2025 modality=forecast"};
  const Position original = story.publish("2025-03-01T10:00", forecast, first);
  story.publish("2025-03-02T10:00", forecast, copy);
  story.publish("2025-03-03T10:00", {"metric entity=metax metric=revenue value=400 period=2024"});
  story.withdraw(original, "2025-03-04T10:00");
  REQUIRE(seal_index(story.log()));
  IndexFollower follower(story.log());
  const auto view = follower.now();
  REQUIRE(view);
  const Projection& projection = *find_projection("metric");
  const Ledger whole = story.ledger();
  const auto tracks_at = [&](const char* at) {
    const auto answer = IndexReader(**view).state_as_of(projection, "metax/revenue", support::instant(at));
    REQUIRE(answer);
    CHECK(answer->state == whole.state(projection, "metax/revenue", as_of(support::instant(at))));
    std::set<std::string> out;
    for (const LaneState& lane : answer->state.lanes)
      for (const Entry& entry : lane.entries) out.insert(entry.track);
    return out;
  };
  const auto before = tracks_at("2025-03-03T12:00:00Z"), after = tracks_at("2025-03-04T12:00:00Z");
  CHECK(before.size() == 2);
  CHECK(after.size() == 2);
  CHECK(before != after);
}

// Statements of two spellings, copies whose first is in another part, and claims that begin later than the part they come in.
TEST_CASE("a subject that is read in parts has the pages of one that is read at once") {
  for (const std::uint64_t seed : seeds(4201)) {
    INFO("ANNALS_SEED=" << seed);
    History history(seed, kind_of(seed));
    history.live(400);
    const EventLog& log = history.story.log();
    REQUIRE(seal_index(history.story.log()));
    const index_rows::Space space('a');
    const auto base = index_rows::load_about(log, space, log.last());
    REQUIRE(base);
    const auto families = base->families(Bounds{});
    for (const auto& [name, subject] : {std::pair("export_control", "h20"), std::pair("export_control", "h200"), std::pair("metric", "metax"), std::pair("product", "h20")}) {
      const Projection* projection = find_projection(name);
      REQUIRE(projection != nullptr);
      using Rows = std::map<std::pair<std::string, Instant>, std::string>;
      std::map<std::string, Rows> made[2];
      for (const std::size_t at_once : {std::size_t{1} << 20, std::size_t{13}}) {
        auto& rows = made[at_once == 13];
        const auto reader = log.derived();
        index_rows::SubjectPages pages(log, *reader, space, log.last(), *base, *projection, subject, *families, at_once);
        REQUIRE(pages.open());
        for (const std::string& key : pages.keys()) {
          REQUIRE(pages.make(key, [&](std::string_view track, Instant at, std::string page) -> Status {
            rows[key][{std::string(track), at}] = std::move(page);
            return {};
          }, [&](std::string_view track, const PageEnd& end) { rows[key][{std::string(track) + " end", end.at}] = index_rows::pack_end(end); }));
        }
      }
      CHECK(!made[0].empty());
      const bool same = made[0] == made[1];
      CHECK(same);
    }
  }
}

}  // namespace annals
