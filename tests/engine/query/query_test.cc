// Goal: the questions of the command line, over stories: bounds as typed, keys from people's words, history, panel, timeline, diff,
// calendar.
#include "engine/query/query.h"
#include "engine/query/watch.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <random>

#include "engine/language/lexicon.h"
#include "engine/projection/heads.h"
#include "engine/projection/index.h"
#include "tests/support/story.h"

namespace annals {
namespace {

using support::instant;
using support::Story;

constexpr const char* kAllowed = "export_control product=h20 status=allowed";
constexpr const char* kBanned = "export_control product=h20 status=banned";

struct Asked : Story {
  explicit Asked(std::string_view starts_at = "2025-12-01T00:00:00Z") : Story(starts_at) {}
  Query query{log(), Lexicon::builtin(), clock()};
};

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().message);
  return *std::move(result);
}

std::string typed(BoundsText text) {
  const auto bounds = resolve_bounds(text, Zone::find("Asia/Shanghai").value(), instant("2026-01-01T00:00:00Z"));
  if (!bounds) return bounds.error().message;
  return fmt::format("P {} V {}", format_utc(bounds->published_by), format_utc(bounds->valid_at));
}

}  // namespace

TEST_CASE("a watch tells the difference between two points and what may have made it") {
  Asked story;
  const auto point = [&] { return WatchPoint{story.log().last(), story.now()}; };
  const WatchSpec spec{"export_control", {"H20"}};
  // Asked by one who remembers where it can, and by one who never does.
  WatchMemory memory;
  const auto look = [&](const WatchPoint& from, const WatchPoint& to) {
    WatchPoint came_to = to;
    const auto out = must(watch(story.log(), story.query, spec, from, came_to, memory));
    CHECK(came_to == to);   // nothing is recorded meanwhile
    WatchMemory none;
    CHECK(must(watch(story.log(), story.query, spec, from, came_to, none)).rows.size() == out.rows.size());
    return out;
  };
  const auto rows = [&](const WatchPoint& from, const WatchPoint& to) {
    std::string out;
    for (const DiffRow& row : look(from, to).rows)
      out += fmt::format("{} {} > {};", row.key, row.before ? row.before->value : "-", row.after ? row.after->value : "-");
    return out;
  };
  story.at("2025-12-02T00:00:00Z");
  const Position allowed = story.publish("2025-12-01T10:00", {kAllowed});
  const WatchPoint first = point();
  CHECK(rows({}, first) == "h20/china - > allowed;");
  // Another product's rule, and a repetition, are no change of this answer.
  story.publish("2025-12-01T11:00", {"export_control product=h100 status=banned"});
  const WatchPoint second = point();
  CHECK(rows(first, second).empty());
  story.at("2025-12-03T00:00:00Z");
  const Position banned = story.publish("2025-12-02T10:00", {kBanned});
  const WatchPoint third = point();
  CHECK(rows(second, third) == "h20/china allowed > banned;");
  CHECK(rows(first, third) == "h20/china allowed > banned;");
  // What may have made it: every claim of this kind in between.
  CHECK(look(first, third).events == std::vector<Position>{second.through, third.through});
  story.retract(banned);
  const WatchPoint fourth = point();
  CHECK(rows(third, fourth) == "h20/china banned > allowed;");
  CHECK(rows(first, fourth).empty());
  // The clock alone: what was announced begins, though nothing was recorded.
  story.publish("2025-12-02T12:00", {"export_control product=h20 status=banned when=2025-12-20"});
  const WatchPoint told = point();
  const WatchPoint later{told.through, instant("2025-12-21T00:00:00Z")};
  CHECK(rows(told, later).find("banned") != std::string::npos);
  CHECK(look(told, later).events.empty());
  // What is recorded by the time the answers are read counts: the point moves on.
  story.publish("2025-12-02T13:00", {"export_control product=h20 status=allowed when=2025-12-21"});
  WatchPoint moved{later.through, instant("2025-12-22T00:00:00Z")};
  CHECK(must(watch(story.log(), story.query, spec, later, moved, memory)).rows.size() == 1);
  CHECK(moved.through == story.log().last());
  static_cast<void>(allowed);

  WatchPoint now = point();
  CHECK(watch(story.log(), story.query, {"weather", {}}, {}, now, memory).error().message.find("export_control") != std::string::npos);
  CHECK_FALSE(can_watch(story.query, {"weather", {}}).ok());
  CHECK(can_watch(story.query, spec).ok());
}

// What a memory skips (nothing since bears on the keys) has to be what asking again would say.
TEST_CASE("a watch that remembers tells what one that forgets would") {
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    INFO("seed " << seed);
    std::mt19937_64 dice(seed);
    const auto below = [&](std::uint64_t n) { return dice() % n; };
    const auto one_of = [&](std::initializer_list<const char*> all) { return std::string(*(all.begin() + below(all.size()))); };
    Asked story("2025-01-01T00:00:00Z");
    const WatchSpec specs[] = {{"export_control", {"H20"}}, {"export_control", {}}, {"market_access", {"h20", "h200"}}, {"product", {"H20"}}};
    WatchMemory memory;
    WatchPoint from[4];
    Instant clock = story.now();
    std::vector<Position> told;
    std::size_t changes = 0;
    for (int step = 0; step < 60; ++step) {
      clock += std::chrono::minutes(1 + below(600));
      story.at(format_utc(clock));
      for (std::uint64_t events = below(4); events > 0; --events) {
        const Instant at = below(5) == 0 ? clock - std::chrono::hours(below(2'000)) : clock - std::chrono::minutes(below(30));
        switch (told.empty() ? 0 : below(12)) {
          case 9: story.retract(told[below(told.size())], fmt::format("wrong {}", step)); break;
          case 10: story.fact(fmt::format("h20 product {}name=H20", below(2) == 0 ? "family=hopper " : "")); break;
          case 11: story.withdraw(told[below(told.size())], format_utc(at).substr(0, 16), fmt::format("gone {}", step)); break;
          case 8: told.push_back(story.publish(format_utc(at).substr(0, 16), {"product_milestone product=h20 stage=" + one_of({"sampling", "shipping"})})); break;
          default: {
            std::string claim = "export_control product=" + one_of({"h20", "h200", "h100", "hopper"}) + " status=" + one_of({"banned", "allowed", "license_required"});
            if (below(4) == 0) claim += " when=" + format_utc(clock + std::chrono::hours(below(200)) - std::chrono::hours(below(300))).substr(0, 16);
            told.push_back(story.publish(format_utc(at).substr(0, 16), {claim}));
          }
        }
      }
      if (below(6) == 0) REQUIRE(seal_index(story.log()));
      const std::size_t which = below(4);
      WatchPoint to{story.log().last(), story.now()}, again = to;
      const WatchAnswer remembered = must(watch(story.log(), story.query, specs[which], from[which], to, memory));
      WatchMemory none;
      const WatchAnswer forgot = must(watch(story.log(), story.query, specs[which], from[which], again, none));
      CHECK(to == again);
      REQUIRE(remembered.rows.size() == forgot.rows.size());
      for (std::size_t i = 0; i < forgot.rows.size(); ++i) {
        CHECK(remembered.rows[i].key == forgot.rows[i].key);
        CHECK(remembered.rows[i].before == forgot.rows[i].before);
        CHECK(remembered.rows[i].after == forgot.rows[i].after);
      }
      changes += forgot.rows.size();
      from[which] = to;
    }
    CHECK(changes > 10);
  }
}

TEST_CASE("bounds mean what their help says") {
  BoundsText text;
  CHECK(typed(text) == "P 2026-01-01T00:00:00Z V 2026-01-01T00:00:00Z");
  text.as_of = "2025-12-07";
  CHECK(typed(text) == "P 2025-12-07T16:00:00Z V 2025-12-07T15:59:59.999999Z");
  text.valid_at = "2025-05-01";
  CHECK(typed(text).find("leave out --valid-at") != std::string::npos);
  text.as_of.reset();
  CHECK(typed(text) == "P 2026-01-01T00:00:00Z V 2025-05-01T15:59:59.999999Z");
  text.published_by = "2025-12-10T09:00+08:00";
  CHECK(typed(text) == "P 2025-12-10T01:00:00Z V 2025-05-01T15:59:59.999999Z");
  text.valid_at.reset();
  CHECK(typed(text) == "P 2025-12-10T01:00:00Z V 2025-12-10T01:00:00Z");
  text.clock = "wall";
  CHECK(typed(text).find("--clock") != std::string::npos);
}

TEST_CASE("recorded by takes a position or a time") {
  BoundsText text;
  const auto ask = [&](std::string value) {
    text.recorded_by = std::move(value);
    return must(resolve_bounds(text, Zone::utc(), instant("2026-01-01T00:00:00Z")));
  };
  CHECK(ask("#12").recorded_to == Position{12});
  CHECK(ask("12").recorded_to == Position{12});
  CHECK(ask("1200").recorded_to == Position{1200});
  CHECK(ask("#2025").recorded_to == Position{2025});
  CHECK(ask("2025-12-02T00:00:00Z").recorded_by == instant("2025-12-02T00:00:00Z"));
  text.recorded_by = "2025";
  const auto either = resolve_bounds(text, Zone::utc(), instant("2026-01-01T00:00:00Z"));
  REQUIRE_FALSE(either);
  CHECK(either.error().message.find("#2025") != std::string::npos);
}

TEST_CASE("keys come from the words people use") {
  Asked story;
  const auto key = [&](std::string_view projection, std::string_view words) { return must(story.query.resolve_key(projection, words)).key; };
  CHECK(key("export_control", "H20") == "h20/china");
  CHECK(key("export_control", "h200") == "h200/china");
  CHECK(key("export_control", "英伟达H200") == "h200/china");
  CHECK(key("market_access", "輝達H200") == "h200/china");
  CHECK(key("export_control", "h20/usa") == "h20/usa");
  CHECK(key("ipo", "Kunlunxin") == "kunlunxin");
  CHECK(key("ipo", "昆仑芯") == "kunlunxin");
  CHECK(key("export_control", "ai_chips@nvidia") == "ai_chips@nvidia/china");
  CHECK(must(story.query.resolve_key("ipo", "Nobody Ever Heard")).known == false);
  CHECK(story.query.resolve_key("nothing", "h20").error().code == ErrorCode::kInvalid);
  story.fact("s1 product name=Special_One");
  CHECK(key("export_control", "special one") == "s1/china");
}

TEST_CASE("an answer says what it rests on and what was looked at") {
  Asked story;
  story.publish("2025-08-05", {kAllowed});
  story.publish("", {kBanned});
  const StateAnswer answer = must(story.query.state("export_control", "H20", story.bounds("--as-of 2025-08-04"), {true, 0, 10}));
  REQUIRE(answer.states.size() == 1);
  CHECK(describe(answer.states[0]) == "nothing known");
  CHECK(answer.coverage.statements == 0);
  CHECK(answer.coverage.undated_left_out == 1);
  CHECK(answer.basis.log_size == Position{2});
  CHECK(answer.basis.log_root == must(story.log().root(Position{2})));
  CHECK(answer.basis.valid_at == instant("2025-08-04T23:59:59.999999Z"));
  const StateAnswer later = must(story.query.state("export_control", std::nullopt, story.bounds("--as-of 2025-08-06"), {true, 0, 10}));
  REQUIRE(later.states.size() == 1);
  REQUIRE(later.evidence.at(0).size() == 1);
  CHECK(later.evidence[0][0].outlet == "Daily");
  CHECK(later.evidence_total[0] == 1);
  CHECK(later.coverage.outlets == 1);
}

TEST_CASE("answers through the index are those without it") {
  Asked story;
  story.fact("h20 product family=hopper vendor=nvidia");
  story.publish("2025-08-05", {kAllowed, "revenue_share product=h20 rate=0.15 status=required"});
  story.publish("2025-08-06", {"export_control product=hopper status=license_required"});
  const Bounds bounds = story.bounds("--as-of 2025-09-01");
  const auto ask = [&](std::string_view projection) {
    Query fresh(story.log(), Lexicon::builtin(), story.clock());
    return must(fresh.state(projection, "h20", bounds)).states.at(0);
  };
  std::vector<State> before;
  for (const char* projection : {"export_control", "revenue_share", "market_access"}) before.push_back(ask(projection));
  REQUIRE(seal_index(story.log()));
  std::vector<State> after;
  for (const char* projection : {"export_control", "revenue_share", "market_access"}) after.push_back(ask(projection));
  CHECK(before == after);
  CHECK(before[0].lane(Lane::kStated).head()->inherited_from == "hopper/china");
}

TEST_CASE("the heads of very many keys are those of their states, in the same order") {
  Asked story;
  constexpr std::size_t kKeys = 4'500;   // more than are in memory together
  for (std::size_t i = 0; i < kKeys;) {
    std::vector<std::string> claims;
    for (; claims.size() < 20; ++i) claims.push_back(fmt::format("export_control product=chip{} status={}", i, i % 3 == 0 ? "banned" : "allowed"));
    story.publish("2025-12-02T10:00", claims);
  }
  story.publish("2025-12-05T10:00", {"export_control product=chip77 status=license_required"});
  REQUIRE(seal_index(story.log()));
  story.publish("2025-12-06T10:00", {"export_control product=chip5 status=banned"});   // told by the tail
  for (const char* at : {"2025-12-01T00:00:00Z", "2025-12-04T00:00:00Z", "2025-12-07T00:00:00Z"}) {
    INFO(at);
    const std::vector<State> whole = must(story.query.state("export_control", std::nullopt, as_of(instant(at)))).states;
    const std::vector<State> heads = must(story.query.state("export_control", std::nullopt, as_of(instant(at)), {}, Detail::kHeads)).states;
    REQUIRE(whole.size() == (std::string_view(at) < "2025-12-02" ? 0 : kKeys));
    REQUIRE(heads.size() == whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i)
      if (heads_of(whole[i]) != heads_of(heads[i])) FAIL(describe(whole[i]) + "\n" + describe(heads[i]));
  }
  // Whoever has seen enough is shown no more.
  std::size_t shown = 0;
  must(story.query.each_state("export_control", as_of(instant("2025-12-07T00:00:00Z")), [&](const StateAnswer&, const State&) { return ++shown < 4'300; }, Detail::kHeads));
  CHECK(shown == 4'300);
}

TEST_CASE("history is rectangles of knowing and holding") {
  Asked story;
  story.publish("2025-08-05T00:00", {kBanned});
  story.publish("2025-08-20T00:00", {std::string(kAllowed) + " when=2025-08-10"});
  const HistoryAnswer history = must(story.query.history("export_control", "h20", story.bounds("")));
  std::string out;
  const auto show = [](const std::optional<Instant>& instant) { return instant ? format_utc(*instant).substr(0, 10) : std::string(); };
  for (const HistoryRow& row : history.rows)
    if (!row.entry.starts)
      out += fmt::format("{} {}..{} holds {}..{}\n", row.entry.value, format_utc(row.known_from).substr(0, 10), show(row.known_to),
                         show(row.valid_from), show(row.valid_to));
  CHECK(out ==
        "banned 2025-08-05..2025-08-20 holds 2025-08-05..\n"
        "banned 2025-08-20.. holds 2025-08-05..2025-08-10\n"
        "allowed 2025-08-20.. holds 2025-08-10..\n");
}

TEST_CASE("a panel asks each step and no row knows anything later") {
  Asked story;
  story.publish("2025-08-05T09:00", {kBanned});
  story.publish("2025-08-07T10:00", {kAllowed});
  story.publish("2025-08-06T09:00", {"export_control product=h200 status=allowed when=2025-08-08"});
  std::vector<Instant> steps;
  for (int day = 4; day < 10; ++day) steps.push_back(instant(fmt::format("2025-08-{:02}T09:30:00Z", day)));
  std::string out;
  must(story.query.panel("export_control", std::nullopt, steps, story.bounds(""), [&](const PanelRow& row) {
    CHECK(*row.entry.newest.known_from <= row.step);
    out += fmt::format("{} {} {}{}\n", format_utc(row.step).substr(5, 5), row.key, row.entry.value, row.entry.starts ? " ahead" : "");
    return true;
  }));
  CHECK(out ==
        "08-05 h20/china banned\n"
        "08-06 h20/china banned\n"
        "08-06 h200/china allowed ahead\n"
        "08-07 h20/china banned\n"
        "08-07 h200/china allowed ahead\n"
        "08-08 h20/china allowed\n"
        "08-08 h200/china allowed\n"
        "08-09 h20/china allowed\n"
        "08-09 h200/china allowed\n");
}

TEST_CASE("a timeline has a row where the answer changes and says by whose word") {
  Asked story;
  story.publish("2025-08-05T09:00", {kBanned});
  const Position second = story.publish("2025-08-07T10:00", {kAllowed});
  story.publish("2025-08-08T10:00", {kAllowed});
  story.withdraw(second, "2025-08-09T10:00");
  const TimelineAnswer timeline = must(story.query.timeline("H20", TimelineOrder::kPublished, story.bounds("")));
  std::string out;
  for (const TimelineRow& row : timeline.rows) {
    REQUIRE(!row.by.empty());
    out += fmt::format("{} {} → {} #{}\n", format_utc(row.at).substr(0, 16), row.before ? row.before->value : "-",
                       row.after ? row.after->value : "-", row.by[0].position.value);
  }
  CHECK(out ==
        "2025-08-05T09:01 - → banned #1\n"
        "2025-08-07T10:01 banned → allowed #2\n"
        "2025-08-09T10:01 allowed → allowed #2\n");
}

TEST_CASE("a timeline tells of a withdrawal without those who had said it, too") {
  Asked story;
  support::PublishOptions copy;
  copy.outlet = "Daily";
  copy.copy = "the release";
  const Position first = story.publish("2025-08-05T09:00", {kAllowed}, copy);
  copy.outlet = "Gazette";
  story.publish("2025-08-07T10:00", {kAllowed}, copy);
  story.withdraw(first, "2025-08-09T10:00");
  const TimelineAnswer timeline = must(story.query.timeline("H20", TimelineOrder::kPublished, story.bounds("")));
  REQUIRE(timeline.rows.size() > 1);
  // It holds from the second's publication now, whose statement stands in another place and is no news.
  const TimelineRow& last = timeline.rows.back();
  CHECK(format_utc(last.at).substr(0, 16) == "2025-08-09T10:01");
  REQUIRE(last.by.size() == 1);
  CHECK(last.by[0].position == first);
}

TEST_CASE("a diff tells what two moments say otherwise") {
  Asked story;
  story.publish("2025-08-05T09:00", {kBanned});
  story.publish("2025-08-07T10:00", {kAllowed, "export_control product=h200 status=allowed"});
  const DiffAnswer diff = must(story.query.diff("export_control", story.bounds("--as-of 2025-08-06"), story.bounds("--as-of 2025-08-08")));
  std::string out;
  for (const DiffRow& row : diff.rows)
    out += fmt::format("{} {} → {}\n", row.key, row.before ? row.before->value : "-", row.after ? row.after->value : "-");
  CHECK(out ==
        "h20/china banned → allowed\n"
        "h200/china - → allowed\n");
}

TEST_CASE("the calendar of a week has its days, its whole-week rows and what was called off") {
  Asked story("2026-03-01T00:00:00Z");
  story.publish("2026-01-20", {"scheduled_event what=rate_decision who=fed modality=planned when=2026-01-30",
                               "scheduled_event what=results who=sandisk modality=planned when=2026-01-26/2026-02-02",
                               "scheduled_event what=tariffs who=trump modality=denied when=2026-02-01",
                               "scheduled_event what=other_week modality=planned when=2026-02-03",
                               "product_milestone product=c600 stage=mass_production modality=planned when=2026",
                               "ipo_milestone company=metax stage=subscription modality=planned when=2026-01-26"});
  story.publish("2026-01-21", {"scheduled_event what=rate_decision who=fed modality=planned when=2026-01-29"});
  story.publish("2026-01-28", {"scheduled_event what=rate_decision who=fed modality=planned when=2026-02-05"});
  const auto week = [&](std::string_view bounds) {
    const CalendarAnswer calendar = must(story.query.calendar(parse_civil("2026-01-26")->from, parse_civil("2026-02-01")->to, Zone::utc(),
                                                              story.bounds(bounds)));
    std::string out;
    for (const CalendarRow& row : calendar.rows)
      out += fmt::format("{}{} {}|{} {}{}\n", row.when.text, row.whole_week ? " (week)" : "", row.who, row.what,
                         calendar_status_name(row.status), row.moved_from.empty() ? "" : ", was " + row.moved_from.back().text);
    return out;
  };
  CHECK(week("--as-of 2026-01-25") ==
        "2026-01-26 metax|ipo: subscription scheduled\n"
        "2026-01-26/2026-02-02 (week) sandisk|results scheduled\n"
        "2026-01-29 fed|rate decision scheduled, was 2026-01-30\n"
        "2026-02-01 trump|tariffs called off\n");
  CHECK(week("--as-of 2026-01-28").find("fed") == std::string::npos);  // moved out of the week
}

}  // namespace annals
