// Goal: every as-of answer of the engine is the one the definition gives.
// Method: random histories of statements and of events about them, asked at random bases, the ledger against the naive oracle.
// ANNALS_SEED runs one seed again; ANNALS_HISTORIES sets how many.
#include "replay/oracle.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <random>
#include <set>

#include "engine/language/lexicon.h"
#include "engine/projection/every_key.h"
#include "engine/projection/history.h"
#include "engine/projection/index.h"
#include "engine/projection/ledger.h"
#include "engine/query/query.h"
#include "tests/support/story.h"

namespace annals {
namespace {

using support::Story;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : seed_(seed), engine_(seed) {}
  std::uint64_t seed() const { return seed_; }
  std::uint64_t below(std::uint64_t n) { return engine_() % n; }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <class T>
  const T& of(const std::vector<T>& all) { return all[below(all.size())]; }
  std::string word(std::initializer_list<const char*> all) { return *(all.begin() + below(all.size())); }

 private:
  std::uint64_t seed_;
  std::mt19937_64 engine_;
};

const Instant kStart = support::instant("2025-03-01T00:00:00Z");
Instant moment(Dice& dice) { return kStart + std::chrono::hours(dice.below(24 * 40)) + std::chrono::minutes(dice.below(2) * 30); }

std::string wall(Dice& dice) {
  const std::string full = format_civil(Zone::utc().wall(moment(dice)));
  switch (dice.below(6)) {
    case 0: return full.substr(0, 10);              // a day
    case 1: return dice.chance(20) ? full.substr(0, 7) : full.substr(0, 16);
    default: return full.substr(0, 16);
  }
}

std::string when(Dice& dice) {
  const std::string full = format_civil(Zone::utc().wall(moment(dice)));
  const std::string other = format_civil(Zone::utc().wall(moment(dice)));
  switch (dice.below(6)) {
    case 0: return full.substr(0, 7);
    case 1: return std::min(full, other).substr(0, 10) + "/" + std::max(full, other).substr(0, 10);
    case 2: return full.substr(0, 10) + "/..";
    case 3: return "../" + full.substr(0, 10);
    case 4: return dice.chance(50) ? "2025-Q1" : "2025";
    default: return full.substr(0, 10);
  }
}

std::string random_claim(Dice& dice) {
  const auto product = [&] { return dice.word({"h20", "h200", "hopper", "ai_chips", "the big chip"}); };
  const auto company = [&] { return dice.word({"kunlunxin", "metax", "kunlun chip"}); };
  const auto underscored = [](std::string text) {
    std::replace(text.begin(), text.end(), ' ', '_');
    return text;
  };
  std::string out;
  bool needs_when = false;
  switch (dice.below(8)) {
    case 0:
    case 1:
      out = "export_control product=" + underscored(product()) + " status=" +
            dice.word({"banned", "license_required", "under_discussion", "allowed", "license_pending", "license_granted"});
      if (dice.chance(30)) out += " vendor=" + dice.word({"nvidia", "amd"});
      if (dice.chance(10)) out += " destination=usa";
      break;
    case 2:
      out = "import_control product=" + underscored(product()) + " status=" + dice.word({"banned", "discouraged", "under_review", "allowed"});
      if (dice.chance(30)) out += " vendor=nvidia";
      break;
    case 3:
      out = "revenue_share product=" + underscored(product()) + " status=" +
            dice.word({"proposed", "required", "agreed", "in_effect", "not_in_effect"});
      if (dice.chance(80)) out += " rate=" + dice.word({"0.15", "0.25"});
      break;
    case 4:
      out = "ipo_milestone company=" + underscored(company()) + " stage=" +
            dice.word({"considering", "preparing", "filed", "approved", "subscription", "listed", "withdrawn", "terminated"});
      if (dice.chance(40)) out += " venue=" + dice.word({"hkex", "hong_kong", "sse_star"});
      break;
    case 5:
      if (dice.chance(50))
        out = "financing company=" + underscored(company()) + " round=" + dice.word({"A", "B"}) + " raised=" + dice.word({"100", "200"});
      else
        out = "product_milestone product=" + underscored(product()) + " stage=" +
              dice.word({"announced", "sampling", "mass_production", "shipping", "delayed", "cancelled"});
      break;
    case 6:
      out = "metric entity=" + underscored(company()) + " metric=revenue value=" + dice.word({"350", "450", "450..500", ">400"});
      if (dice.chance(60)) out += " period=" + dice.word({"2025-Q1", "2025"});
      break;
    default:
      out = "scheduled_event what=" + dice.word({"results", "meeting"});
      if (dice.chance(70)) out += " who=" + underscored(company());
      needs_when = true;
  }
  bool attributed = false;
  switch (dice.below(8)) {
    case 0: out += " modality=" + dice.word({"forecast", "planned", "conditional"}); break;
    case 1: out += " modality=denied"; break;
    case 2:
      out += " modality=reported attribution=hearsay";
      attributed = true;
      break;
    default: break;
  }
  if (dice.chance(60)) out += " aspect=" + dice.word({"begins", "holds", "held", "target"});
  if (needs_when || dice.chance(40)) out += " when=" + when(dice);
  if (dice.chance(50)) out += " speaker=" + dice.word({"Trump", "President_Trump", "Jensen_Huang", "the_Leather_Jacket", "Huang;Trump", "Nvidia_CEO_Huang"});
  if (!attributed && dice.chance(15)) out += " attribution=anonymous";
  return out;
}

// A few sentences, whole, cut at either side, or with words behind them: some are near enough to be one source, some are not.
std::string random_words(Dice& dice) {
  const std::string whole = dice.word({"联合船运公司周一在公告中说旗下第三座冷链仓库已经在北港投入使用首批可存放四万吨水果全部采用氨制冷系统",
                                       "北港多了一座能装下四万吨水果的冷库这是联合船运的第三座用氨制冷周一起开门工人们说夏天来得正是时候",
                                       "港务局的统计显示今年前五个月经北港进口的水果比去年同期多了两成其中一半在卸船之后要等冷库腾出位置"});
  const std::size_t characters = whole.size() / 3;
  const std::size_t begin = dice.chance(50) ? 0 : dice.below(characters / 2);
  const std::size_t end = dice.chance(50) ? characters : characters - dice.below(characters / 2);
  return whole.substr(3 * begin, 3 * (std::max(end, begin + 1) - begin)) + dice.word({"", "（转载）", "，本报将继续关注这座冷库的去向和它的船东"});
}

// A history of up to forty events; what it says of a few keys is denser than life, so that rules meet.
void live(Story& story, Dice& dice) {
  std::vector<Position> statements;
  std::vector<Position> others;
  std::vector<std::pair<Position, std::string>> readings;
  Dice words(dice.seed());
  const std::uint64_t events = 4 + dice.below(30);
  for (std::uint64_t i = 0; i < events; ++i) {
    if (dice.chance(30)) story.at(format_utc(story.now() + std::chrono::hours(dice.below(200))));
    const std::uint64_t what = dice.below(100);
    // Positions are part of the words, so that no two events are one.
    const std::string because = fmt::format("because {}", story.log().last().value);
    if (what < 60 || statements.empty()) {
      support::PublishOptions options;
      options.outlet = dice.word({"Daily", "Gazette", "每日", "Post", ""});
      if (dice.chance(25)) options.copy = dice.word({"first", "second"});
      if (words.chance(60)) options.words = random_words(words);
      if (dice.chance(15)) options.observed = format_utc(moment(dice));
      if (dice.chance(20)) options.zone = "Asia/Shanghai";
      if (dice.chance(10)) options.interpreter = "other/1";
      std::vector<std::string> claims;
      for (std::uint64_t n = 1 + dice.below(4); n > 0; --n) claims.push_back(random_claim(dice));
      statements.push_back(story.publish(dice.chance(12) ? "" : wall(dice), claims, options));
      readings.emplace_back(statements.back(), options.interpreter);
    } else if (what < 66) {
      others.push_back(story.withdraw(dice.of(statements), wall(dice), because));
    } else if (what < 74) {
      switch (dice.below(5)) {
        case 0: others.push_back(story.retract_article(dice.of(statements), because)); break;
        case 1: others.push_back(story.retract_note(dice.of(statements), because)); break;
        case 2: others.push_back(story.retract(dice.of(statements), because)); break;
        default: others.push_back(story.retract(others.empty() ? dice.of(statements) : dice.of(others), because));
      }
    } else if (what < 81) {
      std::vector<std::string> claims;
      for (std::uint64_t n = dice.below(4); n > 0; --n) claims.push_back(random_claim(dice));
      const Position about = dice.of(statements);
      const std::string interpreter = dice.word({"annals/1", "annals/2", "annals/3", "other/2"});
      readings.emplace_back(about, interpreter);
      others.push_back(story.reread(about, interpreter, claims));
    } else if (what < 90) {
      const auto& [about, interpreter] = dice.of(readings);
      const auto claim = static_cast<std::uint32_t>(dice.below(3));
      switch (dice.below(4)) {
        case 0: others.push_back(story.accept(about, claim, interpreter)); break;
        case 1: others.push_back(story.amend(about, claim, random_claim(dice), interpreter)); break;
        case 2: others.push_back(story.reject(about, std::nullopt, interpreter)); break;
        default: others.push_back(story.reject(about, claim, interpreter));
      }
    } else if (what < 94) {
      others.push_back(dice.chance(80) ? story.date(dice.of(statements), wall(dice)) : story.rename_outlet(dice.of(statements), "Gazette"));
    } else {
      others.push_back(story.fact(dice.word(
          {"h200 product family=hopper vendor=nvidia alias=the_big_chip", "h20 product family=hopper vendor=nvidia",
           "h20 product family=hopper vendor=nvidia rules=no", "hopper family family=ai_chips vendor=nvidia", "ai_chips class",
           "ai_chips class family=hopper", "ai_chips class tag=by_reference", "jensen_huang person alias=Jensen_Huang;the_Leather_Jacket;Huang", "trump person name=Trump",
           "kunlunxin company alias=kunlun_chip"})));
    }
  }
}

Bounds random_bounds(Dice& dice, const Story& story) {
  Bounds out = as_of(moment(dice));
  if (dice.chance(40)) out = as_of(kStart + std::chrono::hours(24 * 41));  // when nearly everything is known
  if (dice.chance(25)) out.valid_at = moment(dice);
  if (dice.chance(15)) out.published_by = story.now();
  if (dice.chance(30)) out.recorded_to = Position{1 + dice.below(story.log().last().value)};
  if (dice.chance(15)) out.recorded_by = support::instant("2025-01-01T00:00:00Z") + std::chrono::hours(dice.below(24 * 60));
  if (dice.chance(20)) out.clock = KnownClock::kObserved;
  if (dice.chance(30)) out.undated = UndatedPolicy::kInclude;
  if (dice.chance(10)) out.reviewed = true;
  if (dice.chance(25)) out.interpreter = dice.word({"annals", "annals/1", "other", "annals/2"});
  return out;
}

std::string show(const Bounds& bounds) {
  return fmt::format("P {} R {} #{} V {} {} {} {} {}", format_utc(bounds.published_by),
                     bounds.recorded_by == kInstantMax ? "-" : format_utc(bounds.recorded_by), bounds.recorded_to.value,
                     format_utc(bounds.valid_at), known_clock_name(bounds.clock), undated_policy_name(bounds.undated),
                     bounds.reviewed ? "reviewed" : "", bounds.interpreter.value_or("-"));
}

std::string show(const std::vector<State>& states) {
  std::string out;
  for (const State& state : states) out += state.key + "\n" + describe(state) + "\n";
  return out;
}

std::uint64_t number(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}
// A seed that is given is run alone.
std::uint64_t how_many(std::uint64_t otherwise) { return number("ANNALS_HISTORIES", std::getenv("ANNALS_SEED") != nullptr ? 1 : otherwise); }

// A state without the steps before, that says of the claims it rests on which they are, and when they became known and were recorded.
State heads_alone(State state) {
  const auto name = [](EvidenceRef& evidence) { evidence.whole.reset(); };
  for (LaneState& lane : state.lanes) {
    for (Entry& entry : lane.entries) {
      name(entry.first);
      name(entry.newest);
      for (Dispute& dispute : entry.disputes) name(dispute.evidence);
      entry.steps.clear();
      entry.steps_left_out = 0;
    }
  }
  return state;
}

// As of some moments, by pages: every key that the index lists, and no other, says what the oracle says.
void check_pages(std::uint64_t seed, Dice& dice, const Oracle& oracle, const Ledger& whole, const IndexView& view, IndexFollower& index) {
  for (int question = 0; question < 4; ++question) {
    const Instant at = dice.chance(20) ? kStart + std::chrono::hours(24 * 41 + dice.below(3000)) : moment(dice) + Micros(dice.below(3)) - Micros(1);
    const Bounds bounds = as_of(at);
    for (const auto& projection : projections()) {
      INFO("ANNALS_SEED=" << seed << " by pages " << projection->name() << " at " << show(bounds));
      IndexReader reader(view);
      IndexReader heads(view, Detail::kHeads);
      const auto keys = reader.keys(*projection);
      REQUIRE(keys);
      std::vector<State> got;
      for (const std::string& key : *keys) {
        auto answer = reader.state_as_of(*projection, key, at);
        REQUIRE(answer);
        if (answer->said && !answer->state.empty()) got.push_back(answer->state);
        // Until then it stays.
        REQUIRE((!answer->until || *answer->until > at));
        const auto head = heads.state_as_of(*projection, key, at);
        REQUIRE(head);
        REQUIRE(head->said == answer->said);
        REQUIRE(heads_alone(head->state) == heads_alone(answer->state));
        REQUIRE((!head->until || *head->until > at));
        if (!dice.chance(20)) continue;
        const Instant head_last = head->until ? *head->until - Micros(1) : kStart + std::chrono::hours(24 * 365 * 30);
        const auto head_later = heads.state_as_of(*projection, key, head_last);
        REQUIRE(head_later);
        INFO(key << " says the same until " << format_utc(head_last));
        REQUIRE(heads_alone(head_later->state) == heads_alone(head->state));
        const Instant last = answer->until ? *answer->until - Micros(1) : kStart + std::chrono::hours(24 * 365 * 30);
        const auto later = reader.state_as_of(*projection, key, last);
        REQUIRE(later);
        INFO(key << " stays until " << format_utc(last));
        REQUIRE(later->state == answer->state);
      }
      const std::vector<State> expected = oracle.states(projection->name(), bounds);
      if (got != expected) CHECK(show(got) == show(expected));
      REQUIRE(got == expected);
      // What was known then about a later moment, about the end of the day before, and about an earlier one.
      for (const Instant valid_at : {at + std::chrono::hours(dice.below(24 * 30)), at - Micros(1), at - std::chrono::hours(1 + dice.below(24 * 15))}) {
        if (dice.chance(40)) continue;
        Bounds apart = bounds;
        apart.valid_at = valid_at;
        got.clear();
        for (const std::string& key : *keys) {
          auto answer = reader.state_at(*projection, key, at, valid_at);
          REQUIRE(answer);
          if (answer->said && !answer->state.empty()) got.push_back(std::move(answer->state));
        }
        const std::vector<State> then = oracle.states(projection->name(), apart);
        INFO("and about " << show(apart));
        if (got != then) CHECK(show(got) == show(then));
        REQUIRE(got == then);
      }
    }
    INFO("ANNALS_SEED=" << seed << " coverage at " << show(bounds));
    const auto counted = index.coverage(at);
    REQUIRE(counted);
    CHECK(*counted == whole.coverage(bounds));
    const auto looked = view.coverage(bounds, *index.told_notes());
    REQUIRE(looked);
    CHECK(*looked == whole.coverage(bounds));
  }
}

// At any P up to the bounds' and at any V a lane has one rectangle, which says what the oracle says, or none where it says nothing.
void check_history(Dice& dice, const Oracle& oracle, const Ledger& ledger, const Projection& projection, const std::string& key, const Bounds& bounds, int points) {
  const std::vector<HistoryRow> rows = history_of(ledger, projection, key, bounds);
  std::vector<Instant> edges;
  for (const HistoryRow& row : rows) {
    edges.push_back(row.known_from);
    for (const auto& edge : {row.known_to, row.valid_from, row.valid_to})
      if (edge) edges.push_back(*edge);
  }
  const auto anywhere = [&] { return edges.empty() || dice.chance(50) ? moment(dice) : dice.of(edges) - Micros(dice.below(2)); };
  for (int point = 0; point < points; ++point) {
    Bounds at = bounds;
    at.published_by = std::min(anywhere(), bounds.published_by);
    at.valid_at = anywhere();
    INFO(projection.name() << " " << key << " up to " << format_utc(bounds.published_by) << " at " << show(at));
    const State expected = oracle.state(projection.name(), key, at);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      std::vector<const HistoryRow*> there;
      for (const HistoryRow& row : rows) {
        const bool known = row.known_from <= at.published_by && (!row.known_to || at.published_by < *row.known_to);
        const bool holds = (!row.valid_from || *row.valid_from <= at.valid_at) && (!row.valid_to || at.valid_at < *row.valid_to);
        if (row.lane == static_cast<Lane>(lane) && known && holds) there.push_back(&row);
      }
      const Entry* head = expected.lanes[lane].head();
      REQUIRE(there.size() == (head == nullptr ? 0U : 1U));
      if (head == nullptr || !differs(there.front()->entry, *head)) continue;
      CHECK(describe(there.front()->entry) == describe(*head));
      REQUIRE(!differs(there.front()->entry, *head));
    }
  }
}

}  // namespace

TEST_CASE("every answer at random bases is the oracle's over random histories") {
  const std::uint64_t first = number("ANNALS_SEED", 20250301);
  const std::uint64_t histories = how_many(2000);
  std::uint64_t answers = 0;
  std::uint64_t known = 0;
  for (std::uint64_t seed = first; seed < first + histories; ++seed) {
    Dice dice(seed);
    Story story;
    live(story, dice);
    auto oracle = Oracle::read(story.log());
    REQUIRE(oracle);
    // The index: sealed somewhere on the way, so that there is a tail, or twice, or not at all; followed meanwhile, or met at the end.
    IndexFollower index(story.log());
    if (dice.chance(70)) REQUIRE(seal_index(story.log()));
    if (dice.chance(50)) {
      if (dice.chance(50)) {
        REQUIRE(index.now());
        if (dice.chance(50)) CHECK(index.coverage(moment(dice))->statements <= story.log().last().value);
      }
      live(story, dice);
      oracle = Oracle::read(story.log());
      REQUIRE(oracle);
      if (dice.chance(40)) REQUIRE(seal_index(story.log()));
    }
    if (dice.chance(25)) {
      INFO("ANNALS_SEED=" << seed << " the index is what the log gives");
      CHECK(verify_index(story.log()).value() == std::vector<std::string>());
    }
    const Ledger whole = story.ledger();
    const auto view = index.now();
    REQUIRE(view);
    check_pages(seed, dice, *oracle, whole, **view, index);
    for (int basis = 0; basis < 3; ++basis) {
      const Bounds bounds = random_bounds(dice, story);
      for (const auto& projection : projections()) {
        const std::vector<State> got = whole.states(*projection, bounds);
        const std::vector<State> expected = oracle->states(projection->name(), bounds);
        ++answers;
        known += expected.size();
        if (!expected.empty() && got == expected) {
          // One of the keys through the index.
          const State& one = expected[dice.below(expected.size())];
          const auto few = (*view)->load(*projection, std::span(&one.key, 1), *(*view)->about().families(bounds));
          REQUIRE(few);
          INFO("ANNALS_SEED=" << seed << " by the index " << projection->name() << " " << one.key << " at " << show(bounds));
          CHECK(describe(few->state(*projection, one.key, bounds)) == describe(one));
          REQUIRE(few->state(*projection, one.key, bounds) == one);
          REQUIRE((*view)->coverage(bounds, *index.told_notes())->statements == oracle->count(bounds).statements);
          REQUIRE((*view)->coverage(bounds, *index.told_notes())->undated_left_out == oracle->count(bounds).undated_left_out);
        }
        if (got == expected) continue;
        INFO("ANNALS_SEED=" << seed << " " << projection->name() << " at " << show(bounds));
        CHECK(show(got) == show(expected));
        REQUIRE(got == expected);
      }
      const CoverageCount coverage = whole.coverage(bounds);
      const Oracle::Count count = oracle->count(bounds);
      INFO("ANNALS_SEED=" << seed << " coverage at " << show(bounds));
      REQUIRE(coverage.statements == count.statements);
      REQUIRE(coverage.undated_left_out == count.undated_left_out);
    }
  }
  WARN("seeds " << first << " to " << first + histories - 1 << ": " << answers << " answers, " << known << " states, all as the oracle's");
  CHECK(known > histories);
}

TEST_CASE("all keys, panels and differences at random bounds are the oracle's, whatever is in memory together") {
  const std::uint64_t first = number("ANNALS_SEED", 1066);
  const std::uint64_t histories = how_many(300);
  std::uint64_t known = 0;
  for (std::uint64_t seed = first; seed < first + histories; ++seed) {
    Dice dice(seed);
    Story story;
    live(story, dice);
    const Query query(story.log(), Lexicon::builtin(), story.clock());
    if (dice.chance(50)) REQUIRE(query.resolve_entity("h20"));   // it follows the log from here on
    if (dice.chance(70)) REQUIRE(seal_index(story.log()));
    if (dice.chance(70)) live(story, dice);
    const auto oracle = Oracle::read(story.log());
    REQUIRE(oracle);
    const Ledger whole = story.ledger();
    const Bounds bounds = random_bounds(dice, story);
    const Bounds other = random_bounds(dice, story);
    std::vector<Instant> steps;
    for (std::uint64_t i = 1 + dice.below(4); i > 0; --i) steps.push_back(moment(dice));
    std::sort(steps.begin(), steps.end());
    IndexFollower index(story.log());
    const auto view = index.now();
    REQUIRE(view);
    for (const auto& projection : projections()) {
      INFO("ANNALS_SEED=" << seed << " " << projection->name() << " at " << show(bounds));
      const std::vector<State> expected = oracle->states(projection->name(), bounds);
      known += expected.size();
      EvidencePage sources;
      sources.wanted = true;
      sources.limit = UINT64_MAX;
      const auto answer = query.state(projection->name(), std::nullopt, bounds, sources);
      REQUIRE(answer);
      if (answer->states != expected) CHECK(show(answer->states) == show(expected));
      REQUIRE(answer->states == expected);
      REQUIRE(answer->coverage.statements == oracle->count(bounds).statements);
      REQUIRE(answer->evidence.size() == expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i) {
        std::vector<Evidence> evidence;
        whole.state(*projection, expected[i].key, bounds, &evidence);
        REQUIRE(answer->evidence[i] == evidence);
      }

      if (!expected.empty()) {   // one by its name, and with it all whose names begin so
        const State& one = expected[dice.below(expected.size())];
        const auto by_name = query.state(projection->name(), one.key, bounds, sources);
        REQUIRE(by_name);
        REQUIRE(by_name->states == std::vector<State>{one});
        std::vector<Evidence> evidence;
        whole.state(*projection, one.key, bounds, &evidence);
        REQUIRE(by_name->evidence == std::vector<std::vector<Evidence>>{evidence});
        const char mark = projection->name() == "metric" ? '/' : '|';
        if (const std::size_t end = one.key.find(mark); end != std::string::npos && end > 0 && (mark == '|' || projection->name() == "metric")) {
          std::vector<State> same;
          for (const State& state : expected)
            if (state.key.starts_with(one.key.substr(0, end + 1))) same.push_back(state);
          const auto of_entity = query.state(projection->name(), one.key.substr(0, end), bounds, dice.chance(50) ? sources : EvidencePage{});
          REQUIRE(of_entity);
          if (of_entity->states != same) CHECK(show(of_entity->states) == show(same));
          REQUIRE(of_entity->states == same);
        }
      }

      // Ledgers of a few statements each.
      EveryKey keys(**view, *projection, bounds, 1 + dice.below(6));
      REQUIRE(keys.open());
      std::vector<State> each;
      for (auto key = keys.next(); ; key = keys.next()) {
        REQUIRE(key);
        if (!*key) break;
        if (auto state = (*key)->ledger->state_of_own(*projection, (*key)->key, bounds)) each.push_back(*std::move(state));
      }
      if (each != expected) CHECK(show(each) == show(expected));
      REQUIRE(each == expected);

      const auto differing = query.diff(projection->name(), bounds, other);
      REQUIRE(differing);
      const auto rows = differences(expected, oracle->states(projection->name(), other));
      REQUIRE(differing->rows.size() == rows.size());
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto same = [](const std::optional<Entry>& a, const std::optional<Entry>& b) { return a.has_value() == b.has_value() && (!a || *a == *b); };
        REQUIRE((differing->rows[i].key == rows[i].key && differing->rows[i].lane == rows[i].lane && same(differing->rows[i].before, rows[i].before) && same(differing->rows[i].after, rows[i].after)));
      }

      std::vector<PanelRow> shown;
      REQUIRE(query.panel(projection->name(), std::nullopt, steps, bounds, [&](const PanelRow& row) {
        shown.push_back(row);
        return true;
      }));
      auto row = shown.begin();
      for (const Instant step : steps) {
        Bounds at = bounds;
        at.published_by = at.valid_at = step;
        for (const State& state : oracle->states(projection->name(), at)) {
          for (std::size_t lane = 0; lane < kLanes; ++lane) {
            if (state.lanes[lane].entries.empty()) continue;
            INFO("panel at " << format_utc(step) << " " << state.key);
            REQUIRE(row != shown.end());
            REQUIRE((row->step == step && row->key == state.key && row->lane == static_cast<Lane>(lane)));
            REQUIRE(row->entry == *state.lanes[lane].head());
            ++row;
          }
        }
      }
      REQUIRE(row == shown.end());
    }
  }
  CHECK(known > histories);
}

TEST_CASE("a history says at every moment of knowing and of the world what the oracle says") {
  const std::uint64_t first = number("ANNALS_SEED", 90125);
  const std::uint64_t histories = how_many(600);
  std::uint64_t asked = 0;
  for (std::uint64_t seed = first; seed < first + histories; ++seed) {
    Dice dice(seed);
    Story story;
    for (std::uint64_t more = dice.below(3) + 1; more > 0; --more) live(story, dice);
    const auto oracle = Oracle::read(story.log());
    REQUIRE(oracle);
    const Ledger whole = story.ledger();
    Bounds bounds = random_bounds(dice, story);
    if (dice.chance(50)) bounds.published_by = kStart + std::chrono::hours(24 * 400);
    INFO("ANNALS_SEED=" << seed);
    for (const auto& projection : projections()) {
      std::vector<std::string> keys = whole.keys(*projection, bounds);
      if (projection->inherits()) keys.push_back("h200/china");   // perhaps of its family alone
      for (const std::string& key : keys) {
        check_history(dice, *oracle, whole, *projection, key, bounds, 6);
        ++asked;
      }
    }
  }
  CHECK(asked > histories);
}

TEST_CASE("a timeline has a row wherever the answer at a moment of knowing is another") {
  const std::uint64_t first = number("ANNALS_SEED", 5150);
  const std::uint64_t histories = how_many(300);
  std::uint64_t rows = 0;
  for (std::uint64_t seed = first; seed < first + histories; ++seed) {
    Dice dice(seed);
    Story story;
    live(story, dice);
    if (dice.chance(50)) REQUIRE(seal_index(story.log()));
    live(story, dice);
    const auto oracle = Oracle::read(story.log());
    REQUIRE(oracle);
    const Ledger whole = story.ledger();
    Bounds bounds = as_of(kStart + std::chrono::hours(24 * 400));
    if (dice.chance(40)) bounds = random_bounds(dice, story);
    const Query query(story.log(), Lexicon::builtin(), story.clock());
    const auto timeline = query.timeline("h200", TimelineOrder::kPublished, bounds);
    REQUIRE(timeline);
    rows += timeline->rows.size();
    std::set<std::pair<std::string, std::string>> keys;
    for (const std::string& key : whole.keys(*find_projection("export_control"), bounds))   // of its family alone it has no rows
      if (key == "h200/china") keys.emplace("export_control", key);
    for (const TimelineRow& row : timeline->rows) keys.emplace(row.projection, row.key);
    for (const auto& [projection, key] : keys) {
      std::array<std::map<std::string, Entry>, kLanes> shown;   // by what a row says the before and after of
      const auto slot = [](const Entry& entry) { return entry.track + "\n" + (entry.due_status == DueStatus::kNone ? "" : entry.value); };
      auto row = timeline->rows.begin();
      for (const Instant at : whole.moments(*find_projection(projection), key, bounds).known) {
        if (at > bounds.published_by) break;
        INFO("ANNALS_SEED=" << seed << " " << projection << " " << key << " at " << format_utc(at) << " by " << show(bounds));
        for (; row != timeline->rows.end() && row->at <= at; ++row) {
          if (row->projection != projection || row->key != key) continue;
          auto& lane = shown[static_cast<std::size_t>(row->lane)];
          const std::string where = slot(row->before ? *row->before : *row->after);
          REQUIRE(lane.contains(where) == row->before.has_value());
          if (row->before) REQUIRE(!differs(lane.at(where), *row->before));
          lane.erase(where);
          if (row->after) lane.insert_or_assign(where, *row->after);
        }
        Bounds then = bounds;
        then.published_by = then.valid_at = at;
        const State expected = oracle->state(projection, key, then);
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
          std::map<std::string, Entry> entries;
          for (const Entry& entry : expected.lanes[lane].entries) entries.emplace(slot(entry), entry);
          REQUIRE(shown[lane].size() == entries.size());
          for (const auto& [where, entry] : entries) REQUIRE((shown[lane].contains(where) && !differs(shown[lane].at(where), entry)));
        }
      }
    }
  }
  CHECK(rows > histories);
}

// Goal: keys with so many claims that their fold is kept in many places answer as the oracle does: pages follow each other, evidence
// stands in pages before them, news about the past is folded in, and more begins later than a page holds.
TEST_CASE("long histories of a few keys are answered by pages as by the oracle") {
  const std::uint64_t first = number("ANNALS_SEED", 4711);
  const std::uint64_t histories = std::max<std::uint64_t>(how_many(2000) / 100, 1);
  for (std::uint64_t seed = first; seed < first + histories; ++seed) {
    Dice dice(seed);
    Story story;
    std::vector<Position> statements;
    const std::uint64_t events = 200 + dice.below(500);
    const std::uint64_t withdrawn = dice.chance(50) ? 0 : 1;
    // What claims are like: as anywhere; mostly with a time of their own, before or after; all of one value after another.
    const std::uint64_t kind = dice.below(3);
    for (std::uint64_t i = 0; i < events; ++i) {
      const Instant at = dice.chance(20) ? moment(dice) : kStart + std::chrono::minutes(i * 40 * 24 * 60 / events);
      const std::string because = fmt::format("because {}", story.log().last().value);
      if (!statements.empty() && dice.chance(2)) {
        story.retract(dice.of(statements), because);
      } else if (!statements.empty() && dice.chance(withdrawn)) {
        story.withdraw(dice.of(statements), format_utc(at).substr(0, 16), because);
      } else if (!statements.empty() && dice.chance(1)) {
        story.reread(dice.of(statements), "annals/2", {random_claim(dice)});
      } else {
        std::string claim = "export_control product=h20 status=" +
                            dice.word({"banned", "license_required", "under_discussion", "allowed", "license_pending", "license_granted"});
        if (kind == 0) claim = random_claim(dice);
        if (kind == 1) claim += " when=" + format_utc(moment(dice)).substr(0, dice.chance(50) ? 16 : 10);
        if (kind != 0 && dice.chance(20)) claim += " aspect=" + dice.word({"holds", "held"});
        if (kind != 0 && dice.chance(10)) claim += " modality=" + dice.word({"planned", "denied"});
        if (kind != 0 && dice.chance(10)) claim += " attribution=anonymous";
        support::PublishOptions options;
        options.outlet = dice.word({"Daily", "Gazette", "每日", "Post"});
        if (dice.chance(2)) options.copy = dice.word({"first", "second"});
        statements.push_back(story.publish(format_utc(at).substr(0, 16), {claim}, options));
      }
    }
    IndexFollower index(story.log());
    if (dice.chance(50)) REQUIRE(seal_index(story.log()));
    else REQUIRE(rebuild_index(story.log()));
    INFO("ANNALS_SEED=" << seed);
    CHECK(verify_index(story.log()).value() == std::vector<std::string>());
    const auto oracle = Oracle::read(story.log());
    REQUIRE(oracle);
    const auto view = index.now();
    REQUIRE(view);
    const Ledger whole = story.ledger();
    check_pages(seed, dice, *oracle, whole, **view, index);
    if (events < 260)   // its work grows with the square
      check_history(dice, *oracle, whole, *find_projection("export_control"), "h20/china", as_of(kStart + std::chrono::hours(24 * 400)), 40);
  }
}

// What is published after P, or recorded after R, cannot have been known at (P, R): the answer there stays, whatever comes.
TEST_CASE("nothing that comes later changes an answer") {
  const std::uint64_t first = number("ANNALS_SEED", 77);
  const std::uint64_t histories = how_many(400);
  for (std::uint64_t seed = first; seed < first + histories; ++seed) {
    Dice dice(seed);
    Story story;
    live(story, dice);
    Bounds by_recording = random_bounds(dice, story);
    by_recording.recorded_to = story.log().last();
    by_recording.recorded_by = kInstantMax;
    Bounds by_publication = random_bounds(dice, story);
    by_publication.recorded_to = Position{UINT64_MAX};
    by_publication.recorded_by = kInstantMax;
    by_publication.clock = KnownClock::kPublished;
    by_publication.undated = UndatedPolicy::kExclude;
    const Ledger before = story.ledger();
    std::vector<std::vector<State>> recorded;
    std::vector<std::vector<State>> published;
    for (const auto& projection : projections()) {
      recorded.push_back(before.states(*projection, by_recording));
      published.push_back(before.states(*projection, by_publication));
    }
    // Statements published after P; recorded, of course, after everything.
    for (int i = 0; i < 5; ++i) {
      const Instant later = by_publication.published_by + std::chrono::minutes(1 + dice.below(60 * 24 * 20));
      support::PublishOptions options;
      options.outlet = "Later";
      if (dice.chance(30)) options.copy = "first";
      story.publish(format_civil(Zone::utc().wall(later)).substr(0, 16), {random_claim(dice), random_claim(dice)}, options);
    }
    const Ledger after = story.ledger();
    for (std::size_t i = 0; i < projections().size(); ++i) {
      INFO("ANNALS_SEED=" << seed << " " << projections()[i]->name() << " at " << show(by_publication));
      const auto again = after.states(*projections()[i], by_publication);
      CHECK(show(again) == show(published[i]));
      REQUIRE(again == published[i]);
    }
    live(story, dice);
    const Ledger much_later = story.ledger();
    for (std::size_t i = 0; i < projections().size(); ++i) {
      INFO("ANNALS_SEED=" << seed << " " << projections()[i]->name() << " at " << show(by_recording));
      REQUIRE(much_later.states(*projections()[i], by_recording) == recorded[i]);
    }
  }
}

}  // namespace annals
