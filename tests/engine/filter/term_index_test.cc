// Goal: what is found by seeking is what a reading of the whole log finds, wherever the index ends, and little else is looked at.
// Method: random logs of several blocks and random filters, beside Filter::matches asked of every event.
#include "engine/filter/term_index.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

#include "tests/support/logs.h"
#include "tests/support/sample_events.h"
#include "tests/support/story.h"

namespace {
using namespace annals;

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().message);
  return std::move(result).value();
}

// Statements about some products at some outlets, and what happens to some of them.
class Shelf {
 public:
  explicit Shelf(std::uint64_t seed, support::LogKind kind = support::LogKind::kMemory) : random_(seed), owned_(support::make_log(kind, clock_)) {}
  EventLog& log() { return *owned_.log; }

  void grow(std::size_t events) {
    std::vector<EventDraft> drafts;
    while (drafts.size() < events) drafts.push_back({"test", next()});
    for (std::size_t at = 0; at < drafts.size(); at += 1'000)
      REQUIRE(log().append(std::span(drafts).subspan(at, std::min<std::size_t>(1'000, drafts.size() - at)), OnRepeat::kAnswerFirst));
    clock_.advance(std::chrono::hours(1));
  }

 private:
  EventBody next() {
    ++number_;
    const Digest note = samples::digest_of(static_cast<std::uint8_t>(1 + number_ % 7));
    if (number_ <= 7) return NoteArrival{note, 10, "plain", Encoding::kUtf8, "inbox", 1, 1'000'000};
    switch (random_() % 60) {
      case 0: return Retraction{statements_.empty() || random_() % 16 == 0 ? Target::of_article(note, 1) : Target::of_event(any()), "because " + std::to_string(number_), {}};
      case 1: return Review{any(), std::nullopt, {"annals", 1}, Verdict::kReject, std::nullopt, "because " + std::to_string(number_), {}};
      case 2: {
        Reinterpretation again{any(), {"annals", static_cast<std::uint32_t>(2 + number_)}, "", {}};
        again.reading.claims.push_back(claim());
        return again;
      }
      case 3: {
        Entity entity;
        entity.id = "entity" + std::to_string(random_() % 4);
        entity.name = "Entity " + std::to_string(number_);
        entity.kind = EntityKind::kProduct;
        return LexiconFact{entity, {}};
      }
      default: break;
    }
    StatementEvent statement = samples::plain_statement(static_cast<std::uint8_t>(1 + number_ % 7), static_cast<std::uint32_t>(number_));
    statement.article.ordinal = 1 + static_cast<std::uint32_t>(random_() % 3);
    if (random_() % 5 != 0) statement.article.outlet = random_() % 40 == 0 ? "Harbor Wire" : "海岸財經";
    if (random_() % 6 != 0)
      statement.article.published = make_published("2025-01-" + std::to_string(10 + std::min<std::uint64_t>(19, number_ / 1'000)), Zone::utc(), ZoneSource::kPrinted).value();
    if (random_() % 9 == 0) statement.reading.modality = Modality::kPlanned;
    if (random_() % 3 == 0) statement.reading.entities.push_back({"", random_() % 200 == 0 ? "某家新公司" : "某署", {0, 3}, EntityKind::kOther});
    if (random_() % 4 == 0) statement.reading.entities.push_back({"nvidia", "英伟达", {0, 3}, EntityKind::kCompany});
    for (std::uint64_t i = random_() % 3; i > 0; --i) statement.reading.claims.push_back(claim());
    statements_.push_back(event_id(EventBody(statement)));
    return statement;
  }
  EventId any() { return statements_.empty() ? EventId{} : statements_[random_() % statements_.size()]; }
  Claim claim() {
    static const std::vector<std::string> kLines = {"export_control product=h20 status=allowed", "export_control product=h200 status=banned modality=reported",
                                                    "ipo_milestone company=metax stage=listed", "ipo_milestone company=biren stage=filed modality=planned"};
    Claim out = support::claim_of(kLines[random_() % 97 == 0 ? 3 : random_() % 3]);
    if (random_() % 50 == 0) out.set("product", EntityRef{"ai_chips@nvidia", "AI芯片", true});
    return out;
  }

  std::mt19937_64 random_;
  ManualClock clock_{support::instant("2025-02-01T00:00:00Z")};
  support::OwnedLog owned_;
  std::uint64_t number_ = 0;
  std::vector<EventId> statements_;
};

FilterSpec some_filter(std::mt19937_64& random) {
  const auto one_of = [&](const std::vector<std::string>& items) { return items[random() % items.size()]; };
  FilterSpec out;
  do {
    if (random() % 4 == 0) out.kinds = {one_of({"statement", "note", "retraction", "review", "lexicon", "reinterpretation"}), "amendment"};
    if (random() % 4 == 0) out.claim_types = {one_of({"export_control", "ipo_milestone", "financing"})};
    if (random() % 4 == 0) out.modalities = {one_of({"reported", "planned", "denied"})};
    if (random() % 4 == 0) out.outlets = {one_of({"harbor wire", "海岸财经", "nobody"}), "some other"};
    if (random() % 3 == 0) out.entities = {one_of({"h200", "biren", "ai_chips", "某家新公司", "英伟达", "nowhere"})};
    if (random() % 5 == 0) out.published_from = support::instant("2025-01-" + std::to_string(10 + random() % 20) + "T00:00:00Z");
    if (random() % 8 == 0) out.note = std::string("0") + one_of({"1", "5", "9"});
  } while (out.all());
  return out;
}

std::vector<std::uint64_t> by_reading(const EventLog& log, PositionRange range, const Filter& filter) {
  std::vector<std::uint64_t> out;
  must(log.read(range, [&](const Event& event) {
    if (filter.matches(event, log)) out.push_back(event.position.value);
    return Visit::kContinue;
  }));
  // What a filter need not see of an event makes no difference.
  std::vector<std::uint64_t> by_less;
  must(log.read(range, [&](const Event& event) {
    if (filter.matches(event, log)) by_less.push_back(event.position.value);
    return Visit::kContinue;
  }, {.parts = filter.parts()}));
  CHECK(by_less == out);
  return out;
}

std::vector<std::uint64_t> by_seeking(const EventLog& log, PositionRange range, const Filter& filter) {
  std::vector<std::uint64_t> out;
  const Position upto = must(read_passing(log, range, filter, [&](const Event& event) {
    out.push_back(event.position.value);
    return Visit::kContinue;
  }));
  CHECK(upto == range.upto);
  return out;
}

std::uint64_t looked_at(const EventLog& log, const Filter& filter) {
  Candidates candidates(log, &filter, {Position{}, log.last()});
  std::uint64_t out = 0;
  while (const auto stretch = must(candidates.next())) out += stretch->upto.value - stretch->after.value;
  return out;
}
}  // namespace

TEST_CASE("what is found by seeking is what reading finds") {
  for (const std::uint64_t seed : {1u, 2u, 3u}) {
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    Shelf shelf(seed, seed == 1 ? support::LogKind::kRocks : support::LogKind::kMemory);
    for (int turn = 0; turn < 3; ++turn) {
      shelf.grow(2'000 + random() % 6'000);
      if (turn != 1) {
        const Position sealed = must(seal_terms(shelf.log()));
        CHECK(sealed.value == shelf.log().last().value / kTermBlock * kTermBlock);
        CHECK(terms_sealed_to(shelf.log()) == sealed);
      }
      for (int question = 0; question < 10; ++question) {
        const Filter filter = must(Filter::make(some_filter(random), Lexicon::builtin()));
        const std::uint64_t last = shelf.log().last().value;
        PositionRange range{Position{random() % last}, Position{}};
        range.upto = Position{range.after.value + 1 + random() % (last - range.after.value)};
        if (question % 3 == 0) range = {Position{}, shelf.log().last()};
        const auto expected = by_reading(shelf.log(), range, filter);
        CHECK(by_seeking(shelf.log(), range, filter) == expected);

        // From the end on, the same the other way round; stretches do not meet and leave the range nowhere.
        Candidates candidates(shelf.log(), &filter, range);
        Position below = range.upto;
        std::vector<std::uint64_t> backwards;
        while (const auto stretch = must(candidates.back())) {
          CHECK(stretch->upto <= below);
          CHECK(stretch->after >= range.after);
          CHECK(stretch->after < stretch->upto);
          below = stretch->after;
          for (std::uint64_t at = stretch->upto.value; at > stretch->after.value; --at) {
            if (filter.matches(must(shelf.log().get(Position{at})), shelf.log())) backwards.push_back(at);
          }
        }
        std::reverse(backwards.begin(), backwards.end());
        CHECK(backwards == expected);
      }
    }
    CHECK(must(verify_terms(shelf.log())).empty());
  }
}

TEST_CASE("a filter that little passes looks at little") {
  Shelf shelf(7);
  shelf.grow(3 * kTermBlock);
  FilterSpec rare;
  rare.entities = {"某家新公司"};
  rare.kinds = {"statement"};
  FilterSpec late;
  late.kinds = {"statement"};
  late.published_from = support::instant("2025-01-22T00:00:00Z");
  const Filter of_rare = must(Filter::make(rare, Lexicon::builtin()));
  const Filter of_late = must(Filter::make(late, Lexicon::builtin()));
  const std::uint64_t all = shelf.log().last().value;
  CHECK(looked_at(shelf.log(), of_rare) == all);
  must(seal_terms(shelf.log()));
  const std::size_t matches = by_reading(shelf.log(), {Position{}, shelf.log().last()}, of_rare).size();
  REQUIRE(matches > 3);
  CHECK(looked_at(shelf.log(), of_rare) >= matches);
  CHECK(looked_at(shelf.log(), of_rare) < 3 * matches + all / 60);
  // The undated count as published when recorded, which is later; so no block is all older. Of one that is, nothing is looked at.
  CHECK(looked_at(shelf.log(), of_late) > all / 2);
  late.published_from = support::instant("2025-03-01T00:00:00Z");
  CHECK(looked_at(shelf.log(), must(Filter::make(late, Lexicon::builtin()))) == 0);
}

TEST_CASE("terms made anew are the terms that grew and what is wrong with them is found") {
  Shelf shelf(9);
  shelf.grow(kTermBlock + 100);
  must(seal_terms(shelf.log()));
  shelf.grow(kTermBlock + 100);
  must(seal_terms(shelf.log()));
  EventLog& log = shelf.log();
  FilterSpec spec;
  spec.entities = {"biren"};
  const Filter filter = must(Filter::make(spec, Lexicon::builtin()));
  const PositionRange all{Position{}, log.last()};
  const auto expected = by_reading(log, all, filter);
  const auto rows_of = [&](const std::string& space) {
    std::vector<std::pair<std::string, std::string>> out;
    REQUIRE(log.scan_derived(space, {}, [&](std::string_view key, std::string_view value) {
      out.emplace_back(key.substr(space.size()), value);
      return Visit::kContinue;
    }));
    return out;
  };
  const auto grown = rows_of("tx2/a/");
  REQUIRE(grown.size() > 20);
  Candidates before(log, &filter, all);   // the set that it goes by is about to go
  CHECK(must(rebuild_terms(log)).value == 2 * kTermBlock);
  CHECK(rows_of("tx2/b/") == grown);
  CHECK(rows_of("tx2/a/").empty());
  std::vector<std::uint64_t> seen;
  while (const auto stretch = must(before.next())) {
    must(log.read(*stretch, [&](const Event& event) {
      if (filter.matches(event, log)) seen.push_back(event.position.value);
      return Visit::kContinue;
    }));
  }
  CHECK(seen == expected);

  const std::string somewhere = "tx2/b/" + grown[grown.size() / 2].first;
  const auto put = [&](const std::string& key, const std::string& value) {
    const std::pair<std::string, std::string> row{key, value};
    REQUIRE(log.put_derived(std::span(&row, 1)));
  };
  CHECK(must(verify_terms(log)).empty());
  put(somewhere, grown[grown.size() / 2].second + "xx");
  CHECK(must(verify_terms(log)).size() == 1);
  REQUIRE(log.drop_derived(somewhere));
  CHECK_THAT(must(verify_terms(log)).at(0), Catch::Contains("is missing"));
  put(somewhere, grown[grown.size() / 2].second);
  CHECK(must(verify_terms(log)).empty());
  std::string stray = grown.back().first;
  stray[4] = static_cast<char>(stray[4] ^ 1);
  put("tx2/b/" + stray, "xx");
  CHECK(must(verify_terms(log)).size() == 1);
  CHECK(must(rebuild_terms(log)).value == 2 * kTermBlock);
  CHECK(must(verify_terms(log)).empty());

  // A row that cannot be one is told, not read over.
  for (const auto& [key, value] : rows_of("tx2/a/")) put("tx2/a/" + key, value + "x");
  const auto read = read_passing(log, all, filter, [](const Event&) { return Visit::kContinue; });
  REQUIRE(!read);
  CHECK(read.error().code == ErrorCode::kCorrupt);
  CHECK_THAT(read.error().message, Catch::Contains("annals rebuild"));
}

TEST_CASE("a filter of a note takes what is about that note alone") {
  Shelf shelf(11);
  shelf.grow(500);
  FilterSpec spec;
  spec.note = samples::digest_of(3).hex();
  const Filter filter = must(Filter::make(spec, Lexicon::builtin()));
  std::size_t found = 0;
  must(shelf.log().read({Position{}, shelf.log().last()}, [&](const Event& event) {
    const auto* statement = std::get_if<StatementEvent>(&event.body);
    const auto* arrival = std::get_if<NoteArrival>(&event.body);
    const bool passes = filter.matches(event, shelf.log());
    if (statement != nullptr) CHECK(passes == (statement->note == samples::digest_of(3)));
    if (arrival != nullptr) CHECK(passes == (arrival->note == samples::digest_of(3)));
    if (const auto* retraction = std::get_if<Retraction>(&event.body); retraction != nullptr && retraction->about.kind == TargetKind::kArticle)
      CHECK(passes == (retraction->about.note == samples::digest_of(3)));
    found += passes;
    return Visit::kContinue;
  }));
  CHECK(found > 50);
  spec.note = "xyz";
  CHECK(!Filter::make(spec, Lexicon::builtin()));
}
