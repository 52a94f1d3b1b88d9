#include "engine/filter/term_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <bitset>
#include <type_traits>
#include <utility>

#include "engine/base/hash.h"
#include "engine/language/fold.h"

namespace annals {
namespace {

constexpr std::string_view kReachKey = "tx2/reach";
// Read and written together: some megabytes of terms, and a file that is worth one.
constexpr std::uint64_t kSegmentBlocks = 32;
// Candidates that lie no further apart are read in one go: reading a few events in vain is cheaper than seeking.
constexpr std::uint64_t kGapRead = 4;
// Shorter ranges are read as they are.
constexpr std::uint64_t kShortRange = 256;
constexpr std::size_t kDifferencesTold = 10;

using Term = std::uint64_t;
using Bits = std::bitset<kTermBlock>;
constexpr std::size_t kBitBytes = kTermBlock / 8;
static_assert(kTermBlock <= 1u << 16, "a place in a block is two bytes");

enum class What : std::uint8_t { kKind, kType, kModality, kOutlet, kEntity, kAboutEvents, kAboutMuch };

Term term(What what, std::string_view text) { return mixed(fnv1a(text, fnv1a(static_cast<std::uint8_t>(what), kFnvBasis))); }
Term term(What what, std::uint8_t number) { return mixed(fnv1a(number, fnv1a(static_cast<std::uint8_t>(what), kFnvBasis))); }
template <class Enum, class = std::enable_if_t<std::is_enum_v<Enum>>>
Term term(What what, Enum value) { return term(what, static_cast<std::uint8_t>(value)); }
// Events about events; and those of them of which it hangs on more than one statement, or on what is not in the log yet, what they match.
const Term kAboutEvents = term(What::kAboutEvents, std::uint8_t{0});
const Term kAboutMuch = term(What::kAboutMuch, std::uint8_t{0});

void put_big(std::string& out, std::uint64_t number, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>((number >> (8 * i)) & 0xff));
}
std::uint64_t take_big(std::string_view bytes) {
  std::uint64_t out = 0;
  for (const char c : bytes) out = out << 8 | static_cast<std::uint8_t>(c);
  return out;
}

std::string space_prefix(char space) { return std::string("tx2/") + space + '/'; }
std::string term_prefix(char space, Term term) {
  std::string out = space_prefix(space) + 'p';
  put_big(out, term, 8);
  return out;
}
std::string term_key(char space, Term term, std::uint64_t block) {
  std::string out = term_prefix(space, term);
  put_big(out, block, 4);
  return out;
}
std::string latest_prefix(char space) { return space_prefix(space) + 'l'; }
std::string latest_key(char space, std::uint64_t block) {
  std::string out = latest_prefix(space);
  put_big(out, block, 4);
  return out;
}
std::uint64_t block_of_key(std::string_view key) { return take_big(key.substr(key.size() - 4)); }

std::string latest_value(Instant at) {
  std::string out;
  put_big(out, static_cast<std::uint64_t>(at.time_since_epoch().count()), 8);
  return out;
}

// A row's places in its block, each once and rising.
std::string places_value(const std::vector<std::uint16_t>& places) {
  std::string out;
  if (2 * places.size() < kBitBytes) {
    for (const std::uint16_t place : places) {
      out.push_back(static_cast<char>(place & 0xff));
      out.push_back(static_cast<char>(place >> 8));
    }
    return out;
  }
  out.assign(kBitBytes, '\0');
  for (const std::uint16_t place : places) out[place / 8] = static_cast<char>(static_cast<std::uint8_t>(out[place / 8]) | 1u << place % 8);
  return out;
}
// False: it is no such value.
bool add_places(std::string_view value, Bits& out) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(value[i]); };
  if (value.size() == kBitBytes) {
    for (std::size_t i = 0; i < kBitBytes; ++i) {
      for (unsigned bit = 0; bit < 8; ++bit)
        if ((byte(i) >> bit & 1u) != 0) out.set(8 * i + bit);
    }
    return true;
  }
  if (value.size() > kBitBytes || value.size() % 2 != 0) return false;
  for (std::size_t i = 0; i < value.size(); i += 2) {
    const std::size_t place = byte(i) | static_cast<std::size_t>(byte(i + 1)) << 8;
    if (place >= kTermBlock) return false;
    out.set(place);
  }
  return true;
}

struct Reach {
  char space = 'a';
  Position sealed;
};
Reach read_reach(const EventLog& log) {
  const auto row = log.get_derived(kReachKey);
  if (!row || row->size() != 9 || (row->front() != 'a' && row->front() != 'b')) return {};
  return {row->front(), std::min(Position{take_big(std::string_view(*row).substr(1))}, Position{log.last().value / kTermBlock * kTermBlock})};
}
Status write_reach(EventLog& log, const Reach& reach) {
  std::pair<std::string, std::string> row{std::string(kReachKey), std::string(1, reach.space)};
  put_big(row.second, reach.sealed.value, 8);
  return log.put_derived(std::span(&row, 1));
}

void terms_of(const EntityRef& entity, std::vector<Term>& out) {
  out.push_back(term(What::kEntity, entity.id));
  out.push_back(term(What::kEntity, fold(entity.text)));
  // A class key with its vendor ("ai_chips@nvidia") is that class too.
  if (const auto at = entity.id.find('@'); at != std::string::npos) out.push_back(term(What::kEntity, std::string_view(entity.id).substr(0, at)));
}

void terms_of(const Reading& reading, std::vector<Term>& out) {
  for (const EntityMention& mention : reading.entities) out.push_back(term(What::kEntity, mention.id.empty() ? fold(mention.text) : mention.id));
  if (reading.claims.empty()) out.push_back(term(What::kModality, reading.modality));
  for (const Claim& claim : reading.claims) {
    out.push_back(term(What::kType, claim.type));
    out.push_back(term(What::kModality, claim.modality));
    for (const Slot& slot : claim.slots) {
      if (const auto* one = std::get_if<EntityRef>(&slot.value)) terms_of(*one, out);
      else if (const auto* list = std::get_if<std::vector<EntityRef>>(&slot.value)) {
        for (const EntityRef& each : *list) terms_of(each, out);
      }
    }
  }
}

void terms_of(const StatementEvent& statement, std::vector<Term>& out) {
  if (statement.article.outlet) out.push_back(term(What::kOutlet, fold(*statement.article.outlet)));
  terms_of(statement.reading, out);
}

// Of what an event is about, to the end of the chain; false where that is not one event of the log. Appends.
bool terms_about(const Target& target, const EventLog& log, int depth, std::vector<Term>& out) {
  if (target.kind != TargetKind::kEvent || depth >= kChainLookedAt) return false;
  const auto position = log.find(target.event);
  if (!position) return false;
  const auto event = log.get(*position);
  if (!event) return false;
  struct Asker {
    const EventLog& log;
    int depth;
    std::vector<Term>& out;
    bool on(const Target& next) const { return terms_about(next, log, depth, out); }
    bool operator()(const StatementEvent& body) const { return terms_of(body, out), true; }
    bool operator()(const LexiconFact& body) const { return out.push_back(term(What::kEntity, body.entity.id)), true; }
    bool operator()(const Reinterpretation& body) const { return on(Target::of_event(body.about)); }
    bool operator()(const Amendment& body) const { return on(body.about); }
    bool operator()(const Withdrawal& body) const { return on(body.about); }
    bool operator()(const Retraction& body) const { return on(body.about); }
    bool operator()(const Review& body) const { return on(Target::of_event(body.about)); }
    bool operator()(const NoteArrival&) const { return false; }
    bool operator()(const Erasure&) const { return false; }
  };
  return std::visit(Asker{log, depth + 1, out}, event->body);
}

// Everything that Filter::matches may look for in an event or in what it is about. Appends.
void terms_of(const Event& event, const EventLog& log, std::vector<Term>& out) {
  out.push_back(term(What::kKind, event.kind()));
  struct Asker {
    const EventLog& log;
    std::vector<Term>& out;
    void about(const Target& target) const {
      out.push_back(kAboutEvents);
      if (!terms_about(target, log, 0, out)) out.push_back(kAboutMuch);
    }
    void operator()(const StatementEvent& body) const { terms_of(body, out); }
    void operator()(const LexiconFact& body) const { out.push_back(term(What::kEntity, body.entity.id)); }
    void operator()(const NoteArrival&) const {}
    void operator()(const Reinterpretation& body) const {
      about(Target::of_event(body.about));
      terms_of(body.reading, out);
    }
    void operator()(const Amendment& body) const { about(body.about); }
    void operator()(const Withdrawal& body) const { about(body.about); }
    void operator()(const Retraction& body) const { about(body.about); }
    void operator()(const Review& body) const { about(Target::of_event(body.about)); }
    void operator()(const Erasure& body) const { about(Target::of_note(body.note)); }
  };
  std::visit(Asker{log, out}, event.body);
}

// When it counts as published, for a filter that asks for what is published later.
Instant published_at(const Event& event) {
  if (const auto* statement = std::get_if<StatementEvent>(&event.body); statement != nullptr && statement->article.published)
    return statement->article.published->known_from;
  return event.recorded_at;
}

// The rows of some blocks, keys rising, as they stand in a set.
Result<std::vector<DerivedRow>> make_rows(const EventLog& log, char space, std::uint64_t first_block, std::uint64_t blocks) {
  struct Place {
    Term term;
    std::uint64_t block;
    std::uint16_t place;
    auto operator<=>(const Place&) const = default;
  };
  std::vector<Place> places;
  std::vector<Instant> latest(blocks, kInstantMin);
  std::vector<Term> terms;
  const Position after{first_block * kTermBlock};
  const Position upto{(first_block + blocks) * kTermBlock};
  ANNALS_TRY(const Position seen, log.read({after, upto}, [&](const Event& event) {
    const std::uint64_t at = event.position.value - 1;
    const std::uint64_t block = at / kTermBlock;
    Instant& newest = latest[block - first_block];
    newest = std::max(newest, published_at(event));
    terms.clear();
    terms_of(event, log, terms);
    for (const Term each : terms) places.push_back({each, block, static_cast<std::uint16_t>(at % kTermBlock)});
    return Visit::kContinue;
  }, {.parts = Parts::kAll, .check_leaves = false}));
  if (seen != upto) return Error{ErrorCode::kCorrupt, fmt::format("events {} to {} are not there", seen.value + 1, upto.value)};
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());

  std::vector<DerivedRow> rows;
  for (std::uint64_t i = 0; i < blocks; ++i) rows.emplace_back(latest_key(space, first_block + i), latest_value(latest[i]));
  std::vector<std::uint16_t> of_row;
  for (std::size_t i = 0; i < places.size();) {
    of_row.clear();
    std::size_t end = i;
    for (; end < places.size() && places[end].term == places[i].term && places[end].block == places[i].block; ++end) of_row.push_back(places[end].place);
    rows.emplace_back(term_key(space, places[i].term, places[i].block), places_value(of_row));
    i = end;
  }
  return rows;
}

Status write_blocks(EventLog& log, char space, std::uint64_t from_block, std::uint64_t end_block, const TermProgress& progress, const std::function<Status(Position)>& done) {
  for (std::uint64_t block = from_block; block < end_block;) {
    const std::uint64_t blocks = std::min(kSegmentBlocks, end_block - block);
    ANNALS_TRY(const auto rows, make_rows(log, space, block, blocks));
    ANNALS_CHECK_OK(log.put_derived_sorted(rows));
    block += blocks;
    const Position sealed{block * kTermBlock};
    if (done) ANNALS_CHECK_OK(done(sealed));
    if (progress) progress((block - from_block) * kTermBlock, (end_block - from_block) * kTermBlock);
  }
  return {};
}

}  // namespace

Position terms_sealed_to(const EventLog& log) { return read_reach(log).sealed; }

Result<Position> seal_terms(EventLog& log, const TermProgress& progress) {
  const Reach reach = read_reach(log);
  if (log.get_derived("tx1/reach")) ANNALS_CHECK_OK(log.drop_derived("tx1/"));   // rows of an older program
  Position sealed = reach.sealed;
  ANNALS_CHECK_OK(write_blocks(log, reach.space, reach.sealed.value / kTermBlock, log.last().value / kTermBlock, progress, [&](Position upto) {
    sealed = upto;
    return write_reach(log, {reach.space, upto});
  }));
  return sealed;
}

Result<Position> rebuild_terms(EventLog& log, const TermProgress& progress) {
  const char old = read_reach(log).space;
  const char space = old == 'a' ? 'b' : 'a';
  ANNALS_CHECK_OK(log.drop_derived(space_prefix(space)));
  const std::uint64_t blocks = log.last().value / kTermBlock;
  ANNALS_CHECK_OK(write_blocks(log, space, 0, blocks, progress, {}));
  const Position sealed{blocks * kTermBlock};
  ANNALS_CHECK_OK(write_reach(log, {space, sealed}));
  ANNALS_CHECK_OK(log.drop_derived(space_prefix(old)));
  return sealed;
}

Result<std::vector<std::string>> verify_terms(const EventLog& log, const TermProgress& progress) {
  const Reach reach = read_reach(log);
  const std::uint64_t blocks = reach.sealed.value / kTermBlock;
  std::vector<std::string> out;
  std::uint64_t expected = 0;
  for (std::uint64_t block = 0; block < blocks && out.size() < kDifferencesTold;) {
    const std::uint64_t some = std::min(kSegmentBlocks, blocks - block);
    ANNALS_TRY(const auto rows, make_rows(log, reach.space, block, some));
    for (const auto& [key, value] : rows) {
      ++expected;
      const auto found = log.get_derived(key);
      if (found == value) continue;
      const std::uint64_t at = block_of_key(key);
      out.push_back(fmt::format("index of terms: a row about events {} to {} {}", at * kTermBlock + 1, (at + 1) * kTermBlock, found ? "says otherwise than the log" : "is missing"));
      if (out.size() >= kDifferencesTold) return out;
    }
    block += some;
    if (progress) progress(block * kTermBlock, blocks * kTermBlock);
  }
  // Rows of blocks behind the mark are those of a seal that was stopped: they count for nothing, and are written again.
  std::uint64_t found = 0;
  ANNALS_CHECK_OK(log.scan_derived(space_prefix(reach.space), {}, [&](std::string_view key, std::string_view) {
    if (block_of_key(key) < blocks) ++found;
    return Visit::kContinue;
  }));
  if (out.empty() && found != expected) out.push_back(fmt::format("index of terms: {} rows where the log gives {}", found, expected));
  return out;
}

Candidates::Candidates(const EventLog& log, const Filter* filter, PositionRange range) : log_(log), filter_(filter), rest_(range) {
  if (filter_ == nullptr || filter_->all() || range.upto.value <= range.after.value + kShortRange) return;
  const Reach reach = read_reach(log);
  sealed_ = reach.sealed;
  space_ = reach.space;
  const auto ask = [&](bool about_events, const auto& items, What what) {
    if (items.empty()) return;
    auto& terms = members_.emplace_back();
    for (const auto& item : items) terms.push_back(term(what, item));
    if (about_events) terms.push_back(kAboutMuch);
  };
  ask(false, filter_->kinds(), What::kKind);
  ask(true, filter_->claim_types(), What::kType);
  ask(true, filter_->modalities(), What::kModality);
  ask(true, filter_->outlets(), What::kOutlet);
  ask(true, filter_->entities(), What::kEntity);
}

Result<std::optional<PositionRange>> Candidates::take(bool backwards) {
  while (found_.empty()) {
    if (rest_.after >= rest_.upto) return std::optional<PositionRange>();
    // What no block holds is looked at as it is.
    if (!backwards && rest_.after >= sealed_) return std::optional(std::exchange(rest_, PositionRange{rest_.upto, rest_.upto}));
    if (backwards && rest_.upto > sealed_) {
      const Position from = std::max(rest_.after, sealed_);
      return std::optional(PositionRange{from, std::exchange(rest_.upto, from)});
    }
    const PositionRange indexed{rest_.after, std::min(rest_.upto, sealed_)};
    const std::uint64_t first = indexed.after.value / kTermBlock;
    const std::uint64_t end = (indexed.upto.value + kTermBlock - 1) / kTermBlock;
    const std::uint64_t count = std::min(window_, end - first);
    const std::uint64_t block = backwards ? end - count : first;
    window_ = std::min(4 * window_, kTermWindow);
    ANNALS_CHECK_OK(look(block, count));
    // The ends of the range cut its first and last block.
    std::erase_if(found_, [&](PositionRange& each) {
      each = {std::max(each.after, indexed.after), std::min(each.upto, indexed.upto)};
      return each.after >= each.upto;
    });
    if (!backwards) {
      std::reverse(found_.begin(), found_.end());
      rest_.after = std::min(rest_.upto, Position{(block + count) * kTermBlock});
    } else {
      rest_.upto = std::max(rest_.after, Position{block * kTermBlock});
    }
  }
  const PositionRange out = found_.back();
  found_.pop_back();
  return std::optional(out);
}

Status Candidates::look(std::uint64_t block, std::uint64_t count) {
  const auto scan = [&](const std::string& prefix, const auto& visit) -> Status {
    std::string from = prefix;
    put_big(from, block, 4);
    Status bad;
    ANNALS_CHECK_OK(log_.scan_derived(prefix, from, [&](std::string_view key, std::string_view value) {
      const std::uint64_t at = block_of_key(key);
      if (at >= block + count) return Visit::kStop;
      if (visit(at - block, value)) return Visit::kContinue;
      bad = Error{ErrorCode::kCorrupt, fmt::format("index of terms: a damaged row about events {} to {} (annals rebuild makes the index anew)", at * kTermBlock + 1, (at + 1) * kTermBlock)};
      return Visit::kStop;
    }));
    return bad;
  };
  const auto has = [&](const std::vector<Term>& terms, std::vector<Bits>& out) -> Status {
    out.assign(count, Bits());
    for (const Term each : terms)
      ANNALS_CHECK_OK(scan(term_prefix(space_, each), [&](std::uint64_t i, std::string_view value) { return add_places(value, out[i]); }));
    return {};
  };
  std::vector<Bits> all(count, Bits().set());
  std::vector<Bits> member;
  for (const auto& terms : members_) {
    ANNALS_CHECK_OK(has(terms, member));
    for (std::uint64_t i = 0; i < count; ++i) all[i] &= member[i];
  }
  if (const auto& from = filter_->published_from()) {
    // A block of which all is older has nothing but what is about other events.
    ANNALS_CHECK_OK(has({kAboutEvents}, member));
    ANNALS_CHECK_OK(scan(latest_prefix(space_), [&](std::uint64_t i, std::string_view value) {
      if (value.size() == 8 && Instant(Micros(static_cast<std::int64_t>(take_big(value)))) < *from) all[i] &= member[i];
      return value.size() == 8;
    }));
  }
  // The set that was read may have gone meanwhile: then everything is looked at.
  if (read_reach(log_).space != space_) {
    found_.push_back({Position{block * kTermBlock}, Position{(block + count) * kTermBlock}});
    return {};
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    const Bits& bits = all[i];
    for (std::size_t at = bits._Find_first(); at < kTermBlock; at = bits._Find_next(at)) {
      const std::uint64_t position = (block + i) * kTermBlock + at + 1;
      if (!found_.empty() && position - found_.back().upto.value <= kGapRead + 1) found_.back().upto = Position{position};
      else found_.push_back({Position{position - 1}, Position{position}});
    }
  }
  return {};
}

Result<Position> read_passing(const EventLog& log, PositionRange range, const Filter& filter, const EventVisitor& visit, ReadOptions options) {
  Candidates candidates(log, &filter, range);
  bool stopped = false;
  Position last = range.after;
  while (!stopped) {
    ANNALS_TRY(const auto stretch, candidates.next());
    if (!stretch) return range.upto;
    ANNALS_TRY(last, log.read(*stretch, [&](const Event& event) {
      stopped = filter.matches(event, log) && visit(event) == Visit::kStop;
      return stopped ? Visit::kStop : Visit::kContinue;
    }, options));
  }
  return last;
}

CandidatesRead read_candidates(const EventLog& log, PositionRange range, const Filter* filter, const std::function<Result<Visit>(const StoredView&)>& visit) {
  Candidates candidates(log, filter, range);
  CandidatesRead out{range.after, {}};
  bool stopped = false;
  while (!stopped && !out.failed) {
    const auto stretch = candidates.next();
    if (!stretch) {
      out.failed = stretch.error();
    } else if (!*stretch) {
      out.upto = range.upto;
      stopped = true;
    } else {
      const auto read = log.read_stored(**stretch, [&](const StoredView& stored) {
        const auto looked = visit(stored);
        if (looked) out.upto = stored.position;
        else out.failed = looked.error();
        stopped = !looked || *looked == Visit::kStop;
        return stopped ? Visit::kStop : Visit::kContinue;
      });
      if (!read) out.failed = read.error();
    }
  }
  return out;
}

}  // namespace annals
