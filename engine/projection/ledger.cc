#include "engine/projection/ledger.h"

#include <algorithm>
#include <cstring>
#include <deque>
#include <mutex>
#include <numeric>
#include <set>
#include <unordered_set>

#include "engine/language/fold.h"
#include "engine/language/offices.h"
#include "engine/projection/pack.h"
#include "engine/projection/wording.h"

namespace annals {
namespace {

using ArticleKey = std::pair<Digest, std::uint32_t>;
struct ArticleKeyHash {
  std::size_t operator()(const ArticleKey& key) const noexcept { return std::hash<Digest>{}(key.first) ^ (key.second * 0x9e3779b97f4a7c15ull); }
};

// What is said of one thing in more ways than that is not looked through for copies when evidence is listed.
constexpr std::size_t kWordingsListed = 64;

struct ReadingRow {
  Position position;
  EventId id;                       // of a reinterpretation; the statement's own for its first reading
  InterpreterId interpreter;
  std::vector<Claim> claims;
  std::vector<std::uint32_t> ordinals;
};

struct StatementRow {
  Position position;
  EventId id;
  Instant recorded_at{};
  std::size_t article = 0;
  std::vector<ReadingRow> readings;  // by position
  std::string wording;
};

struct ArticleRow {
  Digest note;
  ArticleHead head;
  EventId arrival{};                 // the event of its note's arrival
  bool whole = false;                // the head is the statement's own, not only what coverage needs of it
  CoveredArticle covered;
};

struct RetractionRow {
  Position position;
  EventId id;
  Instant recorded_at{};
};

struct AmendmentRow {
  Position position;
  EventId id;
  Instant recorded_at{};
  std::optional<std::string> outlet;
  std::optional<Published> published;
};

struct WithdrawalRow {
  Position position;
  EventId id;
  Instant recorded_at{};
  Instant known_from{};
};

struct ReviewRow {
  Position position;
  EventId id;
  Instant recorded_at{};
  Review review;
};

struct FactRow {
  Position position;
  EventId id;
  Instant recorded_at{};
  Entity entity;
};

struct ReadingOf {
  Position position;
  Instant recorded_at{};
};

struct TargetLess {
  bool operator()(const Target& a, const Target& b) const { return a < b; }
};

// The same thing said: what a review of one reading carries over to another.
bool same_assertion(const Claim& a, const Claim& b) {
  return a.type == b.type && a.modality == b.modality && a.attribution == b.attribution && a.aspect == b.aspect && a.speakers == b.speakers &&
         a.when == b.when && a.slots == b.slots;
}

bool wanted(const InterpreterId& id, const std::string& asked) {
  const std::size_t slash = asked.rfind('/');
  return slash == std::string::npos ? id.name == asked : id.text() == asked;
}

// The head of an article as the amendments by R have it.
struct Head {
  std::optional<std::string> outlet;
  std::optional<Published> published;
  std::vector<Position> amended_by;
};

struct Admitted {
  const StatementRow* row = nullptr;
  const ArticleRow* article = nullptr;
  Head head;
  Instant known{};                   // when it counts as known
};

struct Candidate {
  const Admitted* of = nullptr;
  const Claim* claim = nullptr;
  std::uint32_t ordinal = 0;
  std::optional<Position> reading;   // a reinterpretation
  std::optional<Position> review;
};

}  // namespace

// What was said about events, and the lexicon facts: few beside the statements, and needed for each of them.
struct Ledger::About {
  std::map<Target, std::vector<RetractionRow>, TargetLess> retractions;
  std::map<Target, std::vector<AmendmentRow>, TargetLess> amendments;
  std::map<Target, std::vector<WithdrawalRow>, TargetLess> withdrawals;
  std::unordered_map<EventId, std::vector<ReviewRow>> reviews;
  std::vector<std::shared_ptr<const Event>> erasures;   // the log shows erased events with what they kept
  std::vector<FactRow> facts;
  // Of the events and notes that amendments, withdrawals and retractions name, the first bytes: nearly every statement is none of them,
  // and is told so without a search.
  std::unordered_set<std::uint64_t> named;

  static std::uint64_t first_bytes(const Digest& digest) {
    std::uint64_t out = 0;
    std::memcpy(&out, digest.bytes.data(), sizeof out);
    return out;
  }
  void name(const Target& target) { named.insert(first_bytes(target.kind == TargetKind::kEvent ? target.event : target.note)); }
  bool names(const Digest& event_or_note) const { return !named.empty() && named.contains(first_bytes(event_or_note)); }

  mutable std::mutex families_mutex;
  mutable std::vector<std::pair<std::pair<Instant, Position>, std::shared_ptr<const Families>>> families_cache;

  About() = default;
  About(const About& other)
      : retractions(other.retractions), amendments(other.amendments), withdrawals(other.withdrawals), reviews(other.reviews),
        erasures(other.erasures), facts(other.facts), named(other.named) {}
  About& operator=(const About&) = delete;
};

struct Ledger::Impl {
  Zone store_zone = Zone::utc();
  Position upto;
  std::vector<ArticleRow> articles;
  std::unordered_map<ArticleKey, std::size_t, ArticleKeyHash> article_of;
  std::vector<StatementRow> statements;
  std::unordered_map<EventId, std::size_t> statement_of;
  std::unordered_map<EventId, Instant> recorded_of_reading;
  std::shared_ptr<About> about = std::make_shared<About>();
  mutable std::mutex zones_mutex;
  mutable std::map<std::string, Zone> zones;   // by name, found once each
  mutable std::unordered_map<std::string, std::string> folded;   // outlets; with the same mutex
  // Per projection, raw subject → statements.
  std::vector<std::map<std::string, std::vector<std::size_t>, std::less<>>> postings;

  // Of this ledger alone, to add to: others that share it keep what they have.
  About& own_about() {
    if (about.use_count() > 1) about = std::make_shared<About>(*about);
    return *about;
  }

  static bool recorded(Position position, Instant recorded_at, const Bounds& bounds) {
    return position <= bounds.recorded_to && recorded_at <= bounds.recorded_by;
  }

  bool struck(const Target& target, const Bounds& bounds) const {
    const auto at = about->retractions.find(target);
    if (at == about->retractions.end()) return false;
    return std::any_of(at->second.begin(), at->second.end(), [&](const RetractionRow& row) {
      return recorded(row.position, row.recorded_at, bounds) && !struck(Target::of_event(row.id), bounds);
    });
  }
  bool struck(const EventId& id, const Bounds& bounds) const { return about->names(id) && struck(Target::of_event(id), bounds); }
  // Whether an amendment, withdrawal or retraction names the statement, its article or its note.
  bool spoken_of(const EventId& id, const ArticleRow& article) const {
    return about->names(id) || about->names(article.note) || about->names(article.arrival);
  }

  // The targets that a statement is hit by: itself, its article, its note (by the note's hash or its arrival).
  static std::array<Target, 4> targets(const EventId& id, const ArticleRow& article) {
    return {Target::of_event(id), Target::of_article(article.note, article.head.ordinal), Target::of_note(article.note), Target::of_event(article.arrival)};
  }

  bool withdrawn(const Target& target, const Bounds& bounds) const {
    const auto at = about->withdrawals.find(target);
    if (at == about->withdrawals.end()) return false;
    return std::any_of(at->second.begin(), at->second.end(), [&](const WithdrawalRow& row) {
      return recorded(row.position, row.recorded_at, bounds) && row.known_from <= bounds.published_by && !struck(row.id, bounds);
    });
  }

  Head head_of(const ArticleRow& article, const Bounds& bounds) const {
    Head head{article.head.outlet, article.head.published, {}};
    if (about->amendments.empty() || !about->names(article.note)) return head;
    std::vector<const AmendmentRow*> rows;
    for (const Target& target : {Target::of_article(article.note, article.head.ordinal), Target::of_note(article.note)}) {
      const auto at = about->amendments.find(target);
      if (at == about->amendments.end()) continue;
      for (const AmendmentRow& row : at->second)
        if (recorded(row.position, row.recorded_at, bounds) && !struck(row.id, bounds)) rows.push_back(&row);
    }
    std::sort(rows.begin(), rows.end(), [](const AmendmentRow* a, const AmendmentRow* b) { return a->position < b->position; });
    for (const AmendmentRow* row : rows) {
      if (row->outlet) head.outlet = row->outlet;
      if (row->published) head.published = row->published;
      head.amended_by.push_back(row->position);
    }
    return head;
  }

  // When it counts as known; none: undated and left out.
  std::optional<Instant> known(const ArticleRow& article, const Head& head, Instant recorded_at, const Bounds& bounds) const {
    return known_at(head.published ? std::optional(head.published->known_from) : std::nullopt, article.head.observed, recorded_at, bounds);
  }

  // Neither struck nor withdrawn, wherever it is in time.
  bool stands(const EventId& id, const ArticleRow& article, const Bounds& bounds) const {
    if (!spoken_of(id, article)) return true;
    for (const Target& target : targets(id, article))
      if ((!about->retractions.empty() && struck(target, bounds)) || (!about->withdrawals.empty() && withdrawn(target, bounds))) return false;
    return true;
  }

  std::optional<Admitted> admit(const StatementRow& row, const Bounds& bounds) const {
    if (!recorded(row.position, row.recorded_at, bounds)) return std::nullopt;
    const ArticleRow& article = articles[row.article];
    Admitted out{&row, &article, head_of(article, bounds), {}};
    const auto when = known(article, out.head, row.recorded_at, bounds);
    if (!when || *when > bounds.published_by) return std::nullopt;
    out.known = *when;
    if (!stands(row.id, article, bounds)) return std::nullopt;
    return out;
  }

  bool reading_counts(const StatementRow& row, const ReadingRow& reading, const Bounds& bounds) const {
    if (reading.position == row.position) return true;
    const auto at = recorded_of_reading.find(reading.id);
    return recorded(reading.position, at->second, bounds) && !struck(reading.id, bounds);
  }

  const ReadingRow* reading_of(const StatementRow& row, const Bounds& bounds) const {
    if (row.readings.size() == 1 && !bounds.interpreter) return &row.readings.front();
    const std::string own = row.readings.empty() ? std::string() : row.readings.front().interpreter.name;
    const std::string& asked = bounds.interpreter ? *bounds.interpreter : own;
    const ReadingRow* newest = nullptr;
    for (const ReadingRow& reading : row.readings)
      if (wanted(reading.interpreter, asked) && reading_counts(row, reading, bounds)) newest = &reading;
    return newest;
  }

  static std::uint32_t ordinal_of(const ReadingRow& reading, std::size_t index) {
    return index < reading.ordinals.size() ? reading.ordinals[index] : static_cast<std::uint32_t>(index);
  }

  // The claims of the statement as read and reviewed by R.
  template <class Visit>
  void each_claim(const Admitted& of, const Bounds& bounds, Visit visit) const {
    const ReadingRow* reading = reading_of(*of.row, bounds);
    if (reading == nullptr) return;
    const std::vector<Claim>& claims = reading->claims;
    if (claims.empty()) return;
    struct Judged {
      const ReviewRow* last = nullptr;
      Verdict verdict = Verdict::kAccept;
    };
    std::vector<Judged> judged;
    if (const auto at = about->reviews.find(of.row->id); at != about->reviews.end()) {
      judged.resize(claims.size());
      for (const ReviewRow& row : at->second) {
        if (!recorded(row.position, row.recorded_at, bounds) || struck(row.id, bounds)) continue;
        // The reading it was made on: that interpreter's and version's newest before it.
        const ReadingRow* made_on = nullptr;
        for (const ReadingRow& each : of.row->readings)
          if (each.interpreter == row.review.interpreter && each.position < row.position && reading_counts(*of.row, each, bounds)) made_on = &each;
        if (made_on == nullptr || made_on->interpreter.name != reading->interpreter.name) continue;
        const std::vector<Claim>& seen = made_on->claims;
        for (std::size_t i = 0; i < claims.size(); ++i) {
          bool meant = false;
          for (std::size_t j = 0; j < seen.size() && !meant; ++j) {
            if (row.review.claim && ordinal_of(*made_on, j) != *row.review.claim) continue;
            meant = made_on == reading ? i == j : same_assertion(claims[i], seen[j]);
          }
          if (meant && !(row.review.verdict == Verdict::kAmend && !row.review.amended)) judged[i] = {&row, row.review.verdict};
        }
      }
    }
    for (std::size_t i = 0; i < claims.size(); ++i) {
      const ReviewRow* review = judged.empty() ? nullptr : judged[i].last;
      if (review != nullptr && judged[i].verdict == Verdict::kReject) continue;
      if (review == nullptr && bounds.reviewed) continue;
      const Claim* claim = review != nullptr && judged[i].verdict == Verdict::kAmend ? &*review->review.amended : &claims[i];
      Candidate candidate{&of, claim, ordinal_of(*reading, i), std::nullopt, std::nullopt};
      if (reading->position != of.row->position) candidate.reading = reading->position;
      if (review != nullptr) candidate.review = review->position;
      visit(candidate);
    }
  }

  Zone zone_of(const std::optional<Published>& published) const {
    if (!published) return store_zone;
    const std::scoped_lock lock(zones_mutex);
    const auto at = zones.find(published->zone);
    if (at != zones.end()) return at->second;
    auto zone = Zone::find(published->zone);
    return zones.emplace(published->zone, zone ? *zone : store_zone).first->second;
  }

  static std::string article_name(const ArticleRow& article) { return article.note.hex().substr(0, 16) + "#" + std::to_string(article.head.ordinal); }

  // Whose word it is: the outlet, else the article.
  std::string source_of(const Admitted& of) const {
    if (!of.head.outlet) return article_name(*of.article);
    const std::scoped_lock lock(zones_mutex);
    const auto [at, fresh] = folded.try_emplace(*of.head.outlet);
    if (fresh) at->second = fold(*of.head.outlet);
    return at->second;
  }

  // Which of two copies holds for both: dated before undated, then by publication, then by position.
  static bool earlier(const Candidate& a, const Candidate& b) {
    const auto rank = [](const Candidate& c) {
      const auto& published = c.of->head.published;
      return std::make_tuple(!published.has_value(), published ? published->known_from : c.of->row->recorded_at, c.of->row->position);
    };
    return rank(a) < rank(b);
  }

  // Puts the claims of one key in their places and in order.
  std::vector<PlacedClaim> place_all(std::span<const Candidate> candidates, const Families& names) const {
    std::unordered_map<Digest, const Candidate*> first_of;
    for (const Candidate& candidate : candidates) {
      const Digest& hash = candidate.of->article->head.text_hash;
      if (hash.none()) continue;
      const Candidate*& first = first_of[hash];
      if (first == nullptr || earlier(candidate, *first)) first = &candidate;
    }

    std::vector<PlacedClaim> out;
    out.reserve(candidates.size());
    for (const Candidate& candidate : candidates) {
      const Digest& hash = candidate.of->article->head.text_hash;
      out.push_back(place_one(candidate, hash.none() ? candidate : *first_of[hash], names));
    }
    std::sort(out.begin(), out.end(), before);
    return out;
  }

  // One claim in its place, which is that of the first of its copies.
  PlacedClaim place_one(const Candidate& candidate, const Candidate& first, const Families& names) const {
    const Admitted& of = *candidate.of;
    const ArticleRow& article = *of.article;
    const Admitted& from = *first.of;
    PlacedClaim placed = place(*candidate.claim, from.head.published, from.row->recorded_at, zone_of(from.head.published));
    placed.source = source_of(from);
    placed.wording = of.row->wording;

    Evidence& evidence = placed.evidence;
    evidence.position = of.row->position;
    evidence.claim = candidate.ordinal;
    evidence.note = article.note;
    evidence.article = article.head.ordinal;
    evidence.title = article.head.title;
    evidence.outlet = of.head.outlet;
    evidence.speakers = candidate.claim->speakers;
    if (of.head.published) {
      evidence.published = format_published(*of.head.published);
      evidence.known_from = of.head.published->known_from;
    }
    evidence.recorded_at = of.row->recorded_at;
    evidence.rendition = article.head.rendition;
    evidence.modality = candidate.claim->modality;
    evidence.attribution = candidate.claim->attribution;
    evidence.aspect = candidate.claim->aspect;
    if (candidate.claim->when) evidence.when = candidate.claim->when->iso;
    evidence.quote = candidate.claim->quote;
    if (from.article != of.article) evidence.copy_of = from.row->position;
    evidence.amended_by = of.head.amended_by;
    if (candidate.reading) evidence.amended_by.push_back(*candidate.reading);
    if (candidate.review) evidence.amended_by.push_back(*candidate.review);
    std::sort(evidence.amended_by.begin(), evidence.amended_by.end());

    const bool unnamed = candidate.claim->attribution == Attribution::kAnonymous || candidate.claim->attribution == Attribution::kHearsay;
    if (unnamed) {
      evidence.origin = "anonymous:" + placed.source;
    } else if (candidate.claim->speakers.empty()) {
      evidence.origin = "outlet:" + placed.source;
    } else {
      const std::string& deepest = candidate.claim->speakers.back();
      const Entity* entity = speaker_of(names, deepest);
      evidence.origin = entity != nullptr ? entity->id : fold(deepest);
    }
    return placed;
  }

  static std::size_t index_of(const Projection& projection) {
    const auto all = projections();
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].get() == &projection) return i;
    check(false, "a projection of the registry");
    return 0;
  }

  // The statements that may bear on keys of a subject, by position.
  std::vector<std::size_t> rows_for(const Projection& projection, std::string_view subject, const Families& names) const {
    const auto& lists = postings[index_of(projection)];
    std::vector<std::size_t> rows;
    const std::size_t bar = subject.find('|');
    for (const std::string& spelling : names.spellings(subject.substr(0, bar))) {
      const auto at = lists.find(bar == std::string::npos ? spelling : spelling + std::string(subject.substr(bar)));
      if (at != lists.end()) rows.insert(rows.end(), at->second.begin(), at->second.end());
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
  }

  // The placed claims of one key. `admitted` keeps what they point to.
  std::vector<PlacedClaim> placed_for(const Projection& projection, std::string_view key, const Bounds& bounds, const Families& names) const {
    std::vector<std::unique_ptr<Admitted>> admitted;
    std::vector<Candidate> candidates;
    for (const std::size_t row : rows_for(projection, projection.subject_of_key(key), names)) {
      auto of = admit(statements[row], bounds);
      if (!of) continue;
      admitted.push_back(std::make_unique<Admitted>(std::move(*of)));
      each_claim(*admitted.back(), bounds, [&](const Candidate& candidate) {
        if (!projection.subject(*candidate.claim).empty() && projection.key(*candidate.claim, names) == key) candidates.push_back(candidate);
      });
    }
    return place_all(candidates, names);
  }

  // The earliest moment at which a withdrawal that counts takes back what `target` names.
  void find_withdrawal(const Target& target, const Bounds& bounds, std::optional<Instant>& first) const {
    const auto at = about->withdrawals.find(target);
    if (at == about->withdrawals.end()) return;
    for (const WithdrawalRow& row : at->second)
      if (recorded(row.position, row.recorded_at, bounds) && !struck(row.id, bounds) && (!first || row.known_from < *first)) first = row.known_from;
  }

  // A claim of a course before it is placed.
  struct Told {
    Candidate candidate;
    Instant known{};
    std::optional<Instant> gone;
  };
  struct Selected {
    std::deque<Admitted> admitted;   // what the candidates point to
    std::map<std::string, std::vector<Told>> keys;
  };
  // What ever becomes known of a subject's keys, by key, whatever P the bounds have.
  Selected select(const Projection& projection, std::string_view subject, const Families& names, const Bounds& bounds = {}) const {
    Selected out;
    for (const std::size_t index : rows_for(projection, subject, names)) {
      const StatementRow& row = statements[index];
      if (!recorded(row.position, row.recorded_at, bounds)) continue;
      const ArticleRow& article = articles[row.article];
      Admitted of{&row, &article, head_of(article, bounds), {}};
      const auto when = known(article, of.head, row.recorded_at, bounds);
      if (!when) continue;
      of.known = *when;
      bool stays = true;
      std::optional<Instant> gone;
      if (spoken_of(row.id, article)) {
        for (const Target& target : targets(row.id, article)) {
          if (!about->retractions.empty() && struck(target, bounds)) stays = false;
          if (!about->withdrawals.empty()) find_withdrawal(target, bounds, gone);
        }
      }
      if (!stays || (gone && *gone <= *when)) continue;
      out.admitted.push_back(std::move(of));
      each_claim(out.admitted.back(), bounds, [&](const Candidate& candidate) {
        if (projection.subject(*candidate.claim).empty()) return;
        std::string key = projection.key(*candidate.claim, names);
        if (projection.subject_of_key(key) != subject) return;
        out.keys[std::move(key)].push_back({candidate, out.admitted.back().known, gone});
      });
    }
    return out;
  }

  // The texts that several articles have: one article's claims are in one place anyway.
  struct SharedTexts {
    std::unordered_set<std::uint64_t> hashes;
    explicit SharedTexts(std::span<const Told> told) {
      std::vector<std::pair<std::uint64_t, const ArticleRow*>> texts;
      texts.reserve(told.size());
      for (const Told& each : told) texts.emplace_back(About::first_bytes(each.candidate.of->article->head.text_hash), each.candidate.of->article);
      std::sort(texts.begin(), texts.end());
      for (std::size_t i = 1; i < texts.size(); ++i)
        if (texts[i].first == texts[i - 1].first && texts[i].second != texts[i - 1].second) hashes.insert(texts[i].first);
    }
    // Null: no other article has it.
    const Digest* of(const Told& each) const {
      const Digest& hash = each.candidate.of->article->head.text_hash;
      return hashes.contains(About::first_bytes(hash)) && !hash.none() ? &hash : nullptr;
    }
  };

  // From one moment of knowing to the next. Where claims go, or come beside copies, all that stand are placed anew and compared.
  std::vector<Turn> turns(const Projection& projection, std::string_view key, const Families& names, const Bounds& bounds) const {
    Selected selected = select(projection, projection.subject_of_key(key), names, bounds);
    const auto found = selected.keys.find(std::string(key));
    if (found == selected.keys.end()) return {};
    std::vector<Told>& told = found->second;
    std::stable_sort(told.begin(), told.end(), [](const Told& a, const Told& b) { return a.known < b.known; });
    const SharedTexts shared(told);
    std::map<Instant, bool> moments;   // whether claims move
    for (const Told& each : told) {
      bool& moves = moments[each.known];
      moves = moves || shared.of(each) != nullptr;
      if (each.gone) moments[*each.gone] = true;
    }
    const bool compare = std::any_of(moments.begin(), moments.end(), [](const auto& each) { return each.second; });
    std::map<FoldPlace, std::string> standing;
    const auto bytes = [](const PlacedClaim& placed) { return Pack().placed(placed).evidence(placed.evidence).take(); };

    std::vector<Turn> out;
    std::size_t next = 0;
    for (const auto& [known, moves] : moments) {
      if (known > bounds.published_by) break;
      Turn turn;
      turn.known = known;
      std::vector<Candidate> candidates;
      for (; next < told.size() && told[next].known == known; ++next)
        if (!moves) candidates.push_back(told[next].candidate);
      if (moves) {
        for (std::size_t i = 0; i < next; ++i)
          if (!told[i].gone || *told[i].gone > known) candidates.push_back(told[i].candidate);
      }
      turn.comes = place_all(candidates, names);
      if (moves) {
        std::map<FoldPlace, std::string> now;
        for (const PlacedClaim& placed : turn.comes) now.emplace(fold_place(placed), bytes(placed));
        std::erase_if(turn.comes, [&](const PlacedClaim& placed) {
          const FoldPlace place = fold_place(placed);
          const auto before = standing.find(place);
          return before != standing.end() && before->second == now.at(place);
        });
        for (const auto& [place, what] : standing) {
          const auto still = now.find(place);
          if (still == now.end() || still->second != what) turn.goes.push_back(place);
        }
        standing = std::move(now);
      } else if (compare) {
        for (const PlacedClaim& placed : turn.comes) standing.emplace(fold_place(placed), bytes(placed));
      }
      if (!turn.comes.empty() || !turn.goes.empty()) out.push_back(std::move(turn));
    }
    return out;
  }

  Course course(std::vector<Told>& told, const Families& names) const {
    std::stable_sort(told.begin(), told.end(), [](const Told& a, const Told& b) { return a.known < b.known; });

    Course out;
    out.items.reserve(told.size());
    const SharedTexts shared(told);
    const auto text_of = [&](const Told& each) { return shared.of(each); };
    // Of each group of copies those that have become known so far; the first of those that still stand holds for the next.
    std::unordered_map<Digest, std::vector<const Told*>> groups;
    for (std::size_t i = 0; i < told.size();) {
      std::size_t end = i;
      for (; end < told.size() && told[end].known == told[i].known; ++end)
        if (const Digest* text = text_of(told[end])) groups[*text].push_back(&told[end]);
      const std::size_t begin = out.items.size();
      for (; i < end; ++i) {
        const Candidate* first = &told[i].candidate;
        if (const Digest* text = text_of(told[i])) {
          auto& group = groups[*text];
          std::erase_if(group, [&](const Told* other) { return other->gone && *other->gone <= told[i].known; });
          for (const Told* other : group)
            if (earlier(other->candidate, *first)) first = &other->candidate;
          // While nobody goes, the first stays the first.
          if (group.size() > 8 && std::none_of(group.begin(), group.end(), [](const Told* other) { return other->gone.has_value(); })) {
            const Told* keep = *std::find_if(group.begin(), group.end(), [&](const Told* other) { return &other->candidate == first; });
            group.assign(1, keep);
          }
        }
        out.items.push_back({place_one(told[i].candidate, *first, names), told[i].known, told[i].gone});
      }
      std::sort(out.items.begin() + static_cast<std::ptrdiff_t>(begin), out.items.end(),
                [](const Course::Item& a, const Course::Item& b) { return before(a.placed, b.placed); });
    }
    return out;
  }

  // The evidence of folded claims, with who says in the same words what another said before.
  static void list(std::span<const PlacedClaim> folded, std::vector<Evidence>& out) {
    SaidBefore said;
    for (const PlacedClaim& placed : folded) {
      out.push_back(placed.evidence);
      const auto before = said.look(placed);
      if (!out.back().copy_of) out.back().copy_of = before;
    }
  }

  // `said`, where wanted, is set where an admitted claim is about the key itself.
  State state(const Projection& projection, std::string_view key, const Bounds& bounds, const Families& names,
              std::vector<Evidence>* evidence, bool* said) const {
    if (!projection.parts().empty()) {
      std::vector<State> parts;
      for (const std::string_view part : projection.parts())
        parts.push_back(state(*find_projection(part), key, bounds, names, evidence, said));
      return projection.join(key, parts);
    }
    std::vector<PlacedClaim> own = placed_for(projection, key, bounds, names);
    if (said != nullptr && !own.empty()) *said = true;
    State out = fold_claims(projection, key, own, bounds.valid_at, bounds.published_by);
    if (evidence != nullptr) list(own, *evidence);
    if (!projection.inherits()) return out;
    std::vector<Inherited> ancestors;
    std::map<std::string, std::vector<PlacedClaim>> theirs;
    for (std::string& ancestor : ancestor_keys(key, names)) {
      std::vector<PlacedClaim> placed = placed_for(projection, ancestor, bounds, names);
      if (placed.empty()) continue;
      State each = fold_claims(projection, ancestor, placed, bounds.valid_at, bounds.published_by);
      theirs[ancestor] = std::move(placed);
      ancestors.push_back({std::move(ancestor), std::move(each)});
    }
    if (ancestors.empty()) return out;
    out = inherit(std::move(out), ancestors);
    if (evidence != nullptr) {
      for (const Inherited& ancestor : ancestors) {
        const bool reached = std::any_of(out.lanes.begin(), out.lanes.end(), [&](const LaneState& lane) {
          return std::any_of(lane.entries.begin(), lane.entries.end(), [&](const Entry& entry) { return entry.inherited_from == ancestor.key; });
        });
        if (!reached) continue;
        const std::size_t begin = evidence->size();
        list(theirs[ancestor.key], *evidence);
        for (std::size_t i = begin; i < evidence->size(); ++i) (*evidence)[i].inherited_from = ancestor.key;
      }
    }
    return out;
  }

  std::vector<State> over_valid(const Projection& projection, std::string_view key, const Bounds& bounds, const Families& names,
                                std::span<const Instant> valid) const {
    std::vector<State> out;
    if (!projection.parts().empty()) {
      std::vector<std::vector<State>> parts;
      for (const std::string_view part : projection.parts()) parts.push_back(over_valid(*find_projection(part), key, bounds, names, valid));
      for (std::size_t i = 0; i < valid.size(); ++i) {
        std::vector<State> joined;
        for (auto& part : parts) joined.push_back(std::move(part[i]));
        out.push_back(projection.join(key, joined));
      }
      return out;
    }
    std::vector<PlacedClaim> own = placed_for(projection, key, bounds, names);
    std::vector<std::pair<std::string, std::vector<PlacedClaim>>> theirs;
    if (projection.inherits()) {
      for (std::string& ancestor : ancestor_keys(key, names)) {
        std::vector<PlacedClaim> placed = placed_for(projection, ancestor, bounds, names);
        if (!placed.empty()) theirs.emplace_back(std::move(ancestor), std::move(placed));
      }
    }
    for (const Instant at : valid) {
      State state = fold_claims(projection, key, own, at, bounds.published_by);
      std::vector<Inherited> ancestors;
      for (auto& [ancestor, placed] : theirs) ancestors.push_back({ancestor, fold_claims(projection, ancestor, placed, at, bounds.published_by)});
      out.push_back(ancestors.empty() ? std::move(state) : inherit(std::move(state), ancestors));
    }
    return out;
  }

  std::set<std::string> keys_of(const Projection& projection, const Families& names) const {
    std::set<std::string> out;
    if (!projection.parts().empty()) {
      for (const std::string_view part : projection.parts()) out.merge(keys_of(*find_projection(part), names));
      return out;
    }
    std::set<std::size_t> rows;
    for (const auto& [subject, list] : postings[index_of(projection)]) rows.insert(list.begin(), list.end());
    const auto take = [&](const Claim& claim) {
      if (!projection.subject(claim).empty()) out.insert(projection.key(claim, names));
    };
    for (const std::size_t row : rows) {
      for (const ReadingRow& reading : statements[row].readings)
        for (const Claim& claim : reading.claims) take(claim);
      if (const auto at = about->reviews.find(statements[row].id); at != about->reviews.end())
        for (const ReviewRow& review : at->second)
          if (review.review.amended) take(*review.review.amended);
    }
    return out;
  }

  void post(std::size_t row, const Claim& claim) {
    const auto all = projections();
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::string subject = all[i]->subject(claim);
      if (subject.empty()) continue;
      auto& list = postings[i][subject];
      if (list.empty() || list.back() != row) list.push_back(row);
    }
  }

  std::size_t article_row(const Digest& note, std::uint32_t ordinal) {
    const auto [at, fresh] = article_of.try_emplace({note, ordinal}, articles.size());
    if (fresh) {
      articles.emplace_back();
      articles.back().note = note;
      articles.back().arrival = note_event_id(note);
      articles.back().head.ordinal = ordinal;
    }
    return at->second;
  }
  std::size_t article_row(const Digest& note, ArticleHead head) {
    const std::size_t at = article_row(note, head.ordinal);
    if (!articles[at].whole) {
      articles[at].head = std::move(head);
      articles[at].whole = true;
    }
    return at;
  }

  void add_statement(StatementRow row);
};

std::optional<Position> SaidBefore::look(const PlacedClaim& placed) {
  auto& before = said_[{placed.evidence.lane, placed.evidence.value}];
  const auto same = std::find_if(before.begin(), before.end(), [&](const Words& other) { return same_wording(other.wording, placed.wording); });
  if (same != before.end()) return same->source == placed.source ? std::nullopt : std::optional(same->position);
  if (before.size() < kWordingsListed) before.push_back({placed.wording, placed.source, placed.evidence.position});
  return std::nullopt;
}

Ledger::Ledger(Zone store_zone, Position upto) : impl_(std::make_unique<Impl>()) {
  impl_->store_zone = std::move(store_zone);
  impl_->upto = upto;
  impl_->postings.resize(projections().size());
}
Ledger Ledger::beside(const Ledger& base, Position upto) {
  Ledger out(base.impl_->store_zone, upto);
  out.impl_->about = base.impl_->about;
  return out;
}
Ledger Ledger::without(const std::set<Position>& statements) const {
  Ledger out = beside(*this, impl_->upto);
  out.impl_->articles = impl_->articles;
  out.impl_->article_of = impl_->article_of;
  out.impl_->recorded_of_reading = impl_->recorded_of_reading;
  for (const StatementRow& row : impl_->statements)
    if (!statements.contains(row.position)) out.impl_->add_statement(row);
  return out;
}
Ledger::~Ledger() = default;
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;

Position Ledger::upto() const { return impl_->upto; }

const std::vector<std::shared_ptr<const Event>>& Ledger::erasures() const { return impl_->about->erasures; }

void Ledger::cover(const CoveredArticle& article) {
  ArticleRow& row = impl_->articles[impl_->article_row(article.note, article.ordinal)];
  row.covered = article;
  if (row.whole) return;
  row.head.outlet = article.outlet;
  row.head.observed = article.observed;
  if (article.known_from) {
    row.head.published.emplace();
    row.head.published->known_from = *article.known_from;
  }
}

void Ledger::cover(const Event& statement) {
  const auto& body = std::get<StatementEvent>(statement.body);
  ArticleRow& row = impl_->articles[impl_->article_row(body.note, body.article.ordinal)];
  row.covered.add(statement.position, statement.recorded_at);
  if (row.whole) return;
  row.head.outlet = body.article.outlet;
  row.head.observed = body.article.observed;
  row.head.published.reset();
  if (body.article.published) row.head.published.emplace().known_from = body.article.published->known_from;
}

void Ledger::cover_named(const Digest& note, std::uint32_t article, Position position, const EventId& id, Instant recorded_at) {
  Impl& in = *impl_;
  const auto [at, fresh] = in.statement_of.try_emplace(id, in.statements.size());
  if (fresh) in.statements.push_back({position, id, recorded_at, in.article_row(note, article), {}, {}});
}

void Ledger::Impl::add_statement(StatementRow row) {
  const std::size_t at = statements.size();
  statement_of.emplace(row.id, at);
  statements.push_back(std::move(row));
  const StatementRow& added = statements[at];
  for (const ReadingRow& reading : added.readings)
    for (const Claim& claim : reading.claims) post(at, claim);
  // What was said about it before it came here.
  if (const auto judged = about->reviews.find(added.id); judged != about->reviews.end())
    for (const ReviewRow& review : judged->second)
      if (review.review.amended) post(at, *review.review.amended);
}

void Ledger::add(StatementExtract extract) {
  Impl& in = *impl_;
  StatementRow row{extract.position, extract.id, extract.recorded_at, in.article_row(extract.note, std::move(extract.article)), {}, std::move(extract.wording)};
  row.readings.push_back({extract.position, extract.id, std::move(extract.interpreter), std::move(extract.claims), std::move(extract.ordinals)});
  in.add_statement(std::move(row));
}

void Ledger::add(const Event& event, Covered covered) {
  Impl& in = *impl_;
  if (const auto* body = std::get_if<StatementEvent>(&event.body)) {
    StatementRow row{event.position, event.id, event.recorded_at, in.article_row(body->note, body->article), {}, wording_of(body->statement.text)};
    if (covered == Covered::kNow) in.articles[row.article].covered.add(event.position, event.recorded_at);
    ReadingRow reading{event.position, event.id, body->interpreter, body->reading.claims, {}};
    for (std::size_t i = 0; i < reading.claims.size(); ++i) reading.ordinals.push_back(claim_ordinal(body->reading, i));
    row.readings.push_back(std::move(reading));
    in.add_statement(std::move(row));
    return;
  }
  if (const auto* again = std::get_if<Reinterpretation>(&event.body)) {
    const auto at = in.statement_of.find(again->about);
    if (at == in.statement_of.end()) return;
    ReadingRow reading{event.position, event.id, again->interpreter, again->reading.claims, {}};
    for (std::size_t i = 0; i < reading.claims.size(); ++i) reading.ordinals.push_back(claim_ordinal(again->reading, i));
    in.recorded_of_reading.emplace(event.id, event.recorded_at);
    for (const Claim& claim : reading.claims) in.post(at->second, claim);
    in.statements[at->second].readings.push_back(std::move(reading));
    return;
  }
  if (std::holds_alternative<NoteArrival>(event.body)) return;
  About& about = in.own_about();
  {
    const std::scoped_lock lock(about.families_mutex);
    about.families_cache.clear();
  }
  if (const auto* amendment = std::get_if<Amendment>(&event.body)) {
    about.name(amendment->about);
    about.amendments[amendment->about].push_back({event.position, event.id, event.recorded_at, amendment->outlet, amendment->published});
  } else if (const auto* withdrawal = std::get_if<Withdrawal>(&event.body)) {
    about.name(withdrawal->about);
    about.withdrawals[withdrawal->about].push_back({event.position, event.id, event.recorded_at, withdrawal->published.known_from});
  } else if (const auto* retraction = std::get_if<Retraction>(&event.body)) {
    about.name(retraction->about);
    about.retractions[retraction->about].push_back({event.position, event.id, event.recorded_at});
  } else if (const auto* review = std::get_if<Review>(&event.body)) {
    about.reviews[review->about].push_back({event.position, event.id, event.recorded_at, *review});
    if (const auto at = in.statement_of.find(review->about); at != in.statement_of.end() && review->amended) in.post(at->second, *review->amended);
  } else if (const auto* fact = std::get_if<LexiconFact>(&event.body)) {
    about.facts.push_back({event.position, event.id, event.recorded_at, fact->entity});
  } else if (std::holds_alternative<Erasure>(event.body)) {
    about.erasures.push_back(std::make_shared<const Event>(event));
  }
}

Result<Ledger> Ledger::load(const EventLog& log, Position upto) {
  Ledger out(log.info().zone, upto);
  ReadOptions options;
  options.parts = Parts::kText;
  options.check_leaves = false;
  ANNALS_TRY(const Position end, log.read(PositionRange{Position{}, upto}, [&](const Event& event) {
    out.add(event);
    return Visit::kContinue;
  }, options));
  (void)end;
  return out;
}

std::shared_ptr<const Families> Ledger::families(const Bounds& bounds) const {
  const Impl& in = *impl_;
  const About& about = *in.about;
  const std::scoped_lock lock(about.families_mutex);
  const std::pair<Instant, Position> key{bounds.recorded_by, bounds.recorded_to};
  for (const auto& [cached, families] : about.families_cache)
    if (cached == key) return families;
  auto families = std::make_shared<Families>();
  for (const FactRow& fact : in.about->facts)
    if (Impl::recorded(fact.position, fact.recorded_at, bounds) && !in.struck(fact.id, bounds)) families->add(fact.entity);
  families->finish();
  if (about.families_cache.size() >= 16) about.families_cache.erase(about.families_cache.begin());
  about.families_cache.emplace_back(key, families);
  return families;
}

State Ledger::state(const Projection& projection, std::string_view key, const Bounds& bounds, std::vector<Evidence>* evidence) const {
  const auto names = families(bounds);
  return impl_->state(projection, key, bounds, *names, evidence, nullptr);
}

std::optional<State> Ledger::state_of_own(const Projection& projection, std::string_view key, const Bounds& bounds,
                                          std::vector<Evidence>* evidence) const {
  const auto names = families(bounds);
  bool said = false;
  State state = impl_->state(projection, key, bounds, *names, evidence, &said);
  if (!said || state.empty()) return std::nullopt;
  return state;
}

std::vector<State> Ledger::states_over_valid(const Projection& projection, std::string_view key, const Bounds& bounds,
                                             std::span<const Instant> valid) const {
  return impl_->over_valid(projection, key, bounds, *families(bounds), valid);
}

std::vector<Ledger::Turn> Ledger::turns(const Projection& projection, std::string_view key, const Bounds& bounds) const {
  return impl_->turns(projection, key, *families(bounds), bounds);
}

std::vector<std::string> Ledger::keys(const Projection& projection, const Bounds& bounds) const {
  const auto all = impl_->keys_of(projection, *families(bounds));
  return {all.begin(), all.end()};
}

std::vector<State> Ledger::states(const Projection& projection, const Bounds& bounds) const {
  const auto names = families(bounds);
  std::vector<State> out;
  for (const std::string& key : impl_->keys_of(projection, *names)) {
    bool said = false;
    State state = impl_->state(projection, key, bounds, *names, nullptr, &said);
    if (said && !state.empty()) out.push_back(std::move(state));
  }
  return out;
}

void Ledger::courses(const Projection& projection, std::string_view subject, const std::function<void(const std::string& key, Course course)>& visit) const {
  const auto names = families(Bounds{});
  auto selected = impl_->select(projection, subject, *names);
  for (auto& [key, told] : selected.keys) visit(key, impl_->course(told, *names));
}

std::map<std::string, std::vector<Ledger::Outlined>> Ledger::outline(const Projection& projection, std::string_view subject) const {
  std::map<std::string, std::vector<Outlined>> out;
  for (auto& [key, told] : impl_->select(projection, subject, *families(Bounds{})).keys) {
    auto& rows = out[key];
    for (const Impl::Told& each : told) {
      const StatementRow& row = *each.candidate.of->row;
      if (!rows.empty() && rows.back().position == row.position) continue;
      rows.push_back({row.position, each.known, About::first_bytes(each.candidate.of->article->head.text_hash), each.gone.has_value()});
    }
  }
  return out;
}

std::vector<PlacedClaim> Ledger::placed(const Projection& projection, std::string_view key, Instant at) const {
  return impl_->placed_for(projection, key, as_of(at), *families(Bounds{}));
}

bool Ledger::has(const EventId& statement) const { return impl_->statement_of.contains(statement); }

bool Ledger::spoken_of(const Digest& note) const {
  const About& about = *impl_->about;
  const auto named = [&](const auto& rows) {
    const auto article = rows.lower_bound(Target::of_article(note, 0));
    if (article != rows.end() && article->first.kind == TargetKind::kArticle && article->first.note == note) return true;
    return rows.contains(Target::of_note(note)) || rows.contains(Target::of_event(note_event_id(note)));
  };
  return named(about.retractions) || named(about.withdrawals) || named(about.amendments);
}

void Ledger::each_claim(const std::function<void(const Claim&)>& visit) const {
  const Impl& in = *impl_;
  for (const StatementRow& row : in.statements) {
    for (const ReadingRow& reading : row.readings)
      for (const Claim& claim : reading.claims) visit(claim);
    if (const auto judged = in.about->reviews.find(row.id); judged != in.about->reviews.end())
      for (const ReviewRow& review : judged->second)
        if (review.review.amended) visit(*review.review.amended);
  }
}

CoverageCount Ledger::coverage(const Bounds& bounds) const {
  CoverageTally out(bounds);
  tally(bounds, out);
  return out.count();
}

void Ledger::tally(const Bounds& bounds, CoverageTally& out) const {
  const Impl& in = *impl_;
  // Statements that a retraction or withdrawal names alone, by article and position; those of a whole article or note are asked of the article.
  std::map<std::size_t, std::map<Position, const StatementRow*>> named;
  for (const StatementRow& row : in.statements)
    if (in.about->names(row.id)) named[row.article].emplace(row.position, &row);
  std::vector<std::size_t> by_note(in.articles.size());
  std::iota(by_note.begin(), by_note.end(), std::size_t{0});
  std::sort(by_note.begin(), by_note.end(), [&](std::size_t a, std::size_t b) { return in.articles[a].note < in.articles[b].note; });
  for (const std::size_t index : by_note) {
    const ArticleRow& article = in.articles[index];
    if (!in.stands(EventId{}, article, bounds)) continue;
    const Head head = in.head_of(article, bounds);
    CoveredArticle counted = article.covered;
    counted.note = article.note;
    counted.outlet = head.outlet;
    counted.known_from = head.published ? std::optional(head.published->known_from) : std::nullopt;
    counted.observed = article.head.observed;
    std::vector<Instant> taken_back;
    if (const auto at = named.find(index); at != named.end())
      for (const auto& [position, row] : at->second)
        if (Impl::recorded(row->position, row->recorded_at, bounds) && !in.stands(row->id, article, bounds)) taken_back.push_back(row->recorded_at);
    out.add(counted, taken_back);
  }
}

std::vector<CoverageSpan> Ledger::coverage_spans(Position recorded_to) const {
  const Impl& in = *impl_;
  Bounds bounds;
  bounds.recorded_to = recorded_to;
  const auto recorded = [&](const auto& rows, const Target& target) {
    const auto at = rows.find(target);
    return at != rows.end() && at->second.front().position <= recorded_to;   // in log order
  };
  std::unordered_map<std::size_t, std::set<std::size_t>> named;   // article → statements that are named alone
  for (std::size_t i = 0; i < in.statements.size(); ++i) {
    const Target alone = Target::of_event(in.statements[i].id);
    if (recorded(in.about->retractions, alone) || recorded(in.about->withdrawals, alone)) named[in.statements[i].article].insert(i);
  }
  std::vector<CoverageSpan> out;
  for (std::size_t index = 0; index < in.articles.size(); ++index) {
    const ArticleRow& article = in.articles[index];
    CoverageSpan span;
    for (const StatementRun& run : article.covered.runs) span.statements += run.count;
    if (span.statements == 0) continue;
    const Head head = in.head_of(article, bounds);
    span.note = article.note;
    span.article = article.head.ordinal;
    if (head.outlet) span.outlet = fold(*head.outlet);
    if (head.published) span.known = head.published->known_from;
    bool struck = false;
    const auto look = [&](const EventId& id, std::optional<Instant>& gone) {
      for (const Target& target : Impl::targets(id, article)) {
        struck = struck || (!in.about->retractions.empty() && in.struck(target, bounds));
        in.find_withdrawal(target, bounds, gone);
      }
    };
    look(EventId{}, span.gone);
    if (struck) continue;
    if (const auto at = named.find(index); at != named.end()) {
      for (const std::size_t statement : at->second) {
        --span.statements;
        CoverageSpan alone = span;
        alone.statements = 1;
        struck = false;
        look(in.statements[statement].id, alone.gone);
        if (!struck) out.push_back(std::move(alone));
      }
    }
    if (span.statements > 0) out.push_back(std::move(span));
  }
  return out;
}

Ledger::Moments Ledger::moments(const Projection& projection, std::optional<std::string_view> key, const Bounds& bounds) const {
  const Impl& in = *impl_;
  const auto names = families(bounds);
  std::set<std::size_t> rows;
  std::map<const Projection*, std::set<std::string>> asked;   // keys; none of any: all
  for (const Projection* part : base_projections(projection)) {
    if (!key) {
      for (const auto& [subject, list] : in.postings[Impl::index_of(*part)]) rows.insert(list.begin(), list.end());
      continue;
    }
    std::set<std::string>& keys = asked[part];
    keys.emplace(*key);
    if (part->inherits())
      for (std::string& ancestor : ancestor_keys(*key, *names)) keys.insert(std::move(ancestor));
    for (const std::string& each : keys)
      for (const std::size_t row : in.rows_for(*part, part->subject_of_key(each), *names)) rows.insert(row);
  }
  const auto bears = [&](const Claim& claim) {
    return asked.empty() || std::any_of(asked.begin(), asked.end(), [&](const auto& each) {
      const auto& [part, keys] = each;
      return !part->subject(claim).empty() && keys.contains(part->key(claim, *names));
    });
  };
  Bounds whenever = bounds;
  whenever.published_by = kInstantMax;
  std::set<Instant> known;
  std::set<Instant> valid;
  const auto add_withdrawals = [&](const Target& target) {
    const auto at = in.about->withdrawals.find(target);
    if (at == in.about->withdrawals.end()) return;
    for (const WithdrawalRow& row : at->second)
      if (Impl::recorded(row.position, row.recorded_at, bounds)) known.insert(row.known_from);
  };
  for (const std::size_t index : rows) {
    const StatementRow& row = in.statements[index];
    const ArticleRow& article = in.articles[row.article];
    if (!in.about->withdrawals.empty())
      for (const Target& target : Impl::targets(row.id, article)) add_withdrawals(target);
    if (!Impl::recorded(row.position, row.recorded_at, bounds)) continue;
    Admitted of{&row, &article, in.head_of(article, whenever), {}};
    const auto when = in.known(article, of.head, row.recorded_at, whenever);
    if (!when) continue;
    in.each_claim(of, whenever, [&](const Candidate& candidate) {
      if (!bears(*candidate.claim)) return;
      known.insert(*when);
      const PlacedClaim placed = place(*candidate.claim, of.head.published, row.recorded_at, in.zone_of(of.head.published));
      const bool by_when = placed.from_source == ValidFromSource::kWhen;
      if (placed.from) valid.insert(by_when ? *placed.from : *placed.from - Micros(1));
      if (placed.to) valid.insert(candidate.claim->aspect == Aspect::kHeld ? *placed.to - Micros(1) : *placed.to);
      if (placed.due && placed.due->to) known.insert(*placed.due->to);
      if (placed.onset && placed.claim->when) known.insert(placed.onset->second);
    });
  }
  return {{known.begin(), known.end()}, {valid.begin(), valid.end()}};
}

}  // namespace annals
