#include "engine/audit/audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <unordered_map>

#include "engine/audit/copies.h"
#include "engine/claim/kinds.h"
#include "engine/language/fold.h"
#include "engine/language/offices.h"

namespace annals {
namespace {

constexpr std::size_t kDisputedKeysMax = 200;  // keys that are asked for disputes; an audit of everything does without the rest

// What later events say, as far as the bounds admit them.
struct Later {
  std::map<std::pair<Digest, std::uint32_t>, std::vector<std::pair<Position, Amendment>>> amendments;
  std::unordered_map<EventId, std::vector<Position>> readings;           // reinterpretations of each statement, in log order
  std::map<Target, std::vector<Position>> withdrawn;
  std::map<Target, std::vector<Position>> retracted;                     // by retractions that stand
  std::unordered_map<EventId, std::vector<std::pair<Position, Review>>> reviews;
  Position upto;
};

Result<Later> look(const EventLog& log, const Bounds& bounds) {
  Later out;
  out.upto = std::min(log.last(), bounds.recorded_to);
  struct Struck {
    Position position;
    EventId id;
    Target about;
  };
  std::vector<Struck> retractions;
  std::map<EventId, Position> others;   // of events about events, which a retraction can strike too
  ANNALS_TRY(const Position seen, log.read({Position{}, out.upto}, [&](const Event& event) {
    // Recording time never runs backwards.
    if (event.recorded_at > bounds.recorded_by) {
      out.upto = Position{event.position.value - 1};
      return Visit::kStop;
    }
    if (event.kind() != EventKind::kStatement && event.kind() != EventKind::kNote) others[event.id] = event.position;
    if (const auto* amendment = std::get_if<Amendment>(&event.body)) {
      out.amendments[{amendment->about.note, amendment->about.article}].emplace_back(event.position, *amendment);
    } else if (const auto* again = std::get_if<Reinterpretation>(&event.body)) {
      out.readings[again->about].push_back(event.position);
    } else if (const auto* withdrawal = std::get_if<Withdrawal>(&event.body)) {
      if (withdrawal->published.known_from <= bounds.published_by) out.withdrawn[withdrawal->about].push_back(event.position);
    } else if (const auto* retraction = std::get_if<Retraction>(&event.body)) {
      retractions.push_back({event.position, event.id, retraction->about});
    } else if (const auto* review = std::get_if<Review>(&event.body)) {
      out.reviews[review->about].emplace_back(event.position, *review);
    }
    return Visit::kContinue;
  }));
  static_cast<void>(seen);
  // A retraction can be struck by a later one, and that one again: the newest stand, and those they strike do not.
  std::set<EventId> struck;
  for (auto it = retractions.rbegin(); it != retractions.rend(); ++it) {
    if (struck.contains(it->id)) continue;
    if (it->about.kind == TargetKind::kEvent) struck.insert(it->about.event);
    out.retracted[it->about].push_back(it->position);
  }
  std::set<Position> gone;
  for (const EventId& id : struck)
    if (const auto other = others.find(id); other != others.end()) gone.insert(other->second);
  if (gone.empty()) return out;
  const auto strike = [&](auto& lists, const auto& position_of) {
    for (auto& [about, list] : lists) std::erase_if(list, [&](const auto& each) { return gone.contains(position_of(each)); });
  };
  const auto first = [](const auto& each) { return each.first; };
  strike(out.amendments, first);
  strike(out.reviews, first);
  strike(out.readings, std::identity());
  strike(out.withdrawn, std::identity());
  return out;
}

std::span<const ClaimType> types_of(std::string_view projection) {
  static const std::map<std::string_view, std::vector<ClaimType>> kTypes = {
      {"export_control", {ClaimType::kExportControl}},
      {"import_control", {ClaimType::kImportControl}},
      {"market_access", {ClaimType::kExportControl, ClaimType::kImportControl, ClaimType::kRevenueShare}},
      {"revenue_share", {ClaimType::kRevenueShare}},
      {"ipo", {ClaimType::kIpoMilestone}},
      {"financing", {ClaimType::kFinancing}},
      {"product", {ClaimType::kProductMilestone}},
      {"metric", {ClaimType::kMetric}},
      {"calendar", {ClaimType::kScheduledEvent}},
  };
  const auto found = kTypes.find(projection);
  return found == kTypes.end() ? std::span<const ClaimType>() : std::span<const ClaimType>(found->second);
}

std::string without_vendor(std::string id) { return id.substr(0, id.find('@')); }

// What a claim is about, as projections key it: its key slots in the kind's order, "china" where a destination is left out. A maker is
// part of the key of a class of products only: ai_chips@nvidia.
std::vector<std::string> subjects(const Claim& claim, const Lexicon& lexicon) {
  std::vector<std::string> out;
  for (const SlotSpec& spec : claim_kind(claim.type).slots) {
    if (!spec.key || spec.name == "vendor" || spec.type == SlotType::kVocabulary || spec.type == SlotType::kAmount) continue;
    if (const EntityRef* entity = claim.entity(spec.name)) {
      const Entity* known = lexicon.find(entity->id);
      const EntityRef* vendor = claim.entity("vendor");
      const bool of_vendor = known != nullptr && known->kind == EntityKind::kProductClass && vendor != nullptr;
      out.push_back(of_vendor ? entity->id + "@" + vendor->id : entity->id);
    }
    else if (const std::string_view text = claim.text(spec.name); !text.empty()) out.push_back(fold(text));
    else if (!spec.fallback.empty()) out.emplace_back(spec.fallback);
  }
  return out;
}

std::string join(const std::vector<std::string>& parts, std::string_view between) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : std::string(between)) + part;
  return out;
}

std::string amount_text(const Amount& amount) {
  std::string out = amount.comparator == Comparator::kEqual || amount.comparator == Comparator::kRange ? "" : std::string(comparator_name(amount.comparator));
  out += fmt::format("{}", amount.value);
  if (amount.high) out += fmt::format("..{}", *amount.high);
  return amount.unit.empty() ? out : out + " " + amount.unit;
}

// What is said of the subject: vocabulary and amounts, in the kind's order. Equal for claims that say the same.
std::string says(const Claim& claim) {
  std::string out;
  for (const SlotSpec& spec : claim_kind(claim.type).slots) {
    const SlotValue* value = claim.slot(spec.name);
    if (value == nullptr) continue;
    std::string text;
    if (spec.type == SlotType::kVocabulary) text = claim.text(spec.name);
    else if (const Amount* amount = std::get_if<Amount>(value)) text = amount_text(*amount);
    else if (spec.type == SlotType::kText && !spec.key && (spec.name == "round" || spec.name == "event" || spec.name == "period" || spec.name == "what")) text = fold(claim.text(spec.name));
    else continue;
    out += (out.empty() ? "" : " ") + std::string(spec.name) + "=" + text;
  }
  return out;
}

bool names(const Claim& claim, const std::string& entity) {
  const auto is = [&](const EntityRef& each) { return each.id == entity || without_vendor(each.id) == entity; };
  for (const Slot& slot : claim.slots) {
    if (const auto* one = std::get_if<EntityRef>(&slot.value); one != nullptr && is(*one)) return true;
    if (const auto* list = std::get_if<std::vector<EntityRef>>(&slot.value); list != nullptr && std::any_of(list->begin(), list->end(), is)) return true;
  }
  return false;
}

// Whether a reading that replaces another still says this, in whatever place and words: as projections take it.
bool same_assertion(const Claim& a, const Claim& b) {
  return a.type == b.type && a.modality == b.modality && a.attribution == b.attribution && a.aspect == b.aspect && a.speakers == b.speakers &&
         a.when == b.when && a.slots == b.slots;
}

bool contains_folded(std::string_view text, const std::string& folded) { return fold(text).find(folded) != std::string::npos; }

class Auditor {
 public:
  Auditor(const EventLog& log, const Query& query, const Lexicon& lexicon, const AuditQuestion& question, Later later)
      : log_(log), query_(query), lexicon_(lexicon), question_(question), later_(std::move(later)) {
    if (question.projection && !question.key.empty()) {
      std::string rest = question.key;
      for (std::size_t slash; (slash = rest.find('/')) != std::string::npos; rest = rest.substr(slash + 1)) key_.push_back(rest.substr(0, slash));
      key_.push_back(rest);
      for (std::string& each : lexicon.ancestors(without_vendor(key_.front()))) ancestors_.push_back(std::move(each));
    }
    for (const std::string& word : question.words) words_.push_back(fold(word));
    if (question.outlet) outlet_ = fold(*question.outlet);
    if (question.speaker) speaker_ = fold(*question.speaker);
  }

  Result<AuditAnswer> run() {
    AuditAnswer answer;
    std::optional<Error> failed;
    ANNALS_TRY(const Position seen, log_.read({Position{}, later_.upto}, [&](const Event& event) {
      const auto* statement = std::get_if<StatementEvent>(&event.body);
      if (statement == nullptr) return Visit::kContinue;
      if (auto status = take(event, *statement, answer); !status) failed = status.error();
      return failed ? Visit::kStop : Visit::kContinue;
    }));
    static_cast<void>(seen);
    if (failed) return *failed;
    std::sort(answer.rows.begin(), answer.rows.end(), [](const Assertion& a, const Assertion& b) {
      return std::tuple(a.known_from.value_or(kInstantMax), a.place) < std::tuple(b.known_from.value_or(kInstantMax), b.place);
    });
    ANNALS_CHECK_OK(fold_copies(answer.rows));
    number(answer.rows);
    ANNALS_CHECK_OK(oppose(answer.rows));
    count(answer);
    answer.basis.recorded_to = later_.upto;
    return answer;
  }

 private:
  struct Read {
    InterpreterId by;
    Reading reading;
    Position position;   // of the event that holds it
  };
  // Which reading counts; by nobody where the interpreter asked for has none.
  Result<Read> reading_of(const Event& event, const StatementEvent& statement) const {
    std::string name = statement.interpreter.name;
    std::optional<std::string> version;
    if (question_.bounds.interpreter) {
      name = *question_.bounds.interpreter;
      if (const std::size_t slash = name.rfind('/'); slash != std::string::npos) {
        version = name;
        name = name.substr(0, slash);
      }
    }
    Read out;
    const auto fits = [&](const InterpreterId& id) { return id.name == name && (!version || id.text() == *version); };
    if (fits(statement.interpreter)) out = {statement.interpreter, statement.reading, event.position};
    if (const auto again = later_.readings.find(event.id); again != later_.readings.end()) {
      for (auto it = again->second.rbegin(); it != again->second.rend(); ++it) {
        ANNALS_TRY(Event newer, log_.get(*it));
        auto& body = std::get<Reinterpretation>(newer.body);
        if (!fits(body.interpreter)) continue;
        out = {std::move(body.interpreter), std::move(body.reading), *it};
        break;
      }
    }
    return out;
  }

  Status take(const Event& event, const StatementEvent& statement, AuditAnswer& answer) {
    Assertion row;
    row.article = statement.article;
    if (const auto amended = later_.amendments.find({statement.note, statement.article.ordinal}); amended != later_.amendments.end()) {
      for (const auto& [position, amendment] : amended->second) {
        if (amendment.outlet) row.article.outlet = amendment.outlet;
        if (amendment.published) row.article.published = amendment.published;
        row.changed_by.push_back(position);
      }
    }
    if (row.article.published) {
      row.known_from = row.article.published->known_from;
      if (question_.bounds.clock == KnownClock::kObserved && row.article.observed) row.known_from = std::max(*row.known_from, *row.article.observed);
    }
    if (row.known_from.value_or(event.recorded_at) > question_.bounds.published_by) return {};
    ++answer.statements_seen;
    if (!outlet_.empty() && (!row.article.outlet || !contains_folded(*row.article.outlet, outlet_))) return {};
    if (!words_.empty()) {
      const std::string text = fold(statement.statement.text);
      for (const std::string& word : words_)
        if (text.find(word) == std::string::npos) return {};
    }

    row.place.position = event.position;
    row.statement = event.id;
    row.erased = event.erased;
    row.note = statement.note;
    row.statement_span = row.span = statement.statement.span;
    row.quote = statement.statement.text;
    row.pieces = statement.statement.pieces;
    row.recorded_at = event.recorded_at;
    const auto struck = [&](const std::map<Target, std::vector<Position>>& by, Standing standing) {
      for (const Target& target : {Target::of_event(event.id), Target::of_article(statement.note, statement.article.ordinal), Target::of_note(statement.note)}) {
        if (const auto found = by.find(target); found != by.end() && !found->second.empty()) {
          row.standing = standing;
          row.changed_by.insert(row.changed_by.end(), found->second.begin(), found->second.end());
        }
      }
    };
    struck(later_.withdrawn, Standing::kWithdrawn);
    struck(later_.retracted, Standing::kRetracted);
    ANNALS_TRY(const auto reading, reading_of(event, statement));
    if (reading.position > event.position) row.changed_by.push_back(reading.position);
    row.speakers = reading.reading.speakers;
    row.modality = reading.reading.modality;
    row.attribution = reading.reading.attribution;
    ANNALS_TRY(const std::vector<Judgement> judgements, judgements_of(event, statement, reading));

    bool any = false;
    for (std::size_t i = 0; i < reading.reading.claims.size(); ++i) {
      Assertion of_claim = row;
      const Claim& claim = reading.reading.claims[i];
      of_claim.place.claim = claim_ordinal(reading.reading, i);
      of_claim.claim = claim;
      review(of_claim, judgements, i);
      if (question_.bounds.reviewed && of_claim.standing != Standing::kAccepted && of_claim.standing != Standing::kAmended) continue;
      if (!wanted(of_claim)) continue;
      describe(of_claim);
      name(of_claim, reading.reading.entities);
      if (!spoken(of_claim.speakers)) continue;
      any = true;
      answer.rows.push_back(std::move(of_claim));
    }
    // Words, entities and sources find statements that were read as no claim too.
    const bool by_text = !words_.empty() || question_.entity || (!question_.projection && (!outlet_.empty() || !speaker_.empty()));
    if (any || !by_text || question_.bounds.reviewed || !reading.reading.claims.empty()) return {};
    if (question_.entity && std::none_of(reading.reading.entities.begin(), reading.reading.entities.end(), [&](const EntityMention& mention) {
          return mention.id == *question_.entity || (mention.id.empty() && fold(mention.text) == *question_.entity);
        }))
      return {};
    if (!spoken(row.speakers)) return {};
    answer.rows.push_back(std::move(row));
    return {};
  }

  // A review and the claims of the shown reading that it is about.
  struct Judgement {
    Position position;
    const Review* review = nullptr;
    std::vector<std::size_t> claims;
  };
  // A review is about the reading it was made on, its interpreter's newest before it, and about equal claims of one that replaces it.
  Result<std::vector<Judgement>> judgements_of(const Event& event, const StatementEvent& statement, const Read& shown) const {
    std::vector<Judgement> out;
    const auto reviews = later_.reviews.find(event.id);
    if (reviews == later_.reviews.end()) return out;
    for (const auto& [position, each] : reviews->second) {
      if (each.interpreter.name != shown.by.name) continue;
      Read made_on;
      if (statement.interpreter == each.interpreter) made_on = {statement.interpreter, statement.reading, event.position};
      if (const auto again = later_.readings.find(event.id); again != later_.readings.end()) {
        for (auto it = again->second.rbegin(); it != again->second.rend(); ++it) {
          if (*it > position) continue;
          ANNALS_TRY(Event older, log_.get(*it));
          auto& body = std::get<Reinterpretation>(older.body);
          if (body.interpreter != each.interpreter) continue;
          made_on = {std::move(body.interpreter), std::move(body.reading), *it};
          break;
        }
      }
      Judgement judgement{position, &each, {}};
      for (std::size_t i = 0; i < shown.reading.claims.size(); ++i) {
        for (std::size_t j = 0; j < made_on.reading.claims.size(); ++j) {
          if (each.claim && claim_ordinal(made_on.reading, j) != *each.claim) continue;
          if (made_on.position == shown.position ? i != j : !same_assertion(shown.reading.claims[i], made_on.reading.claims[j])) continue;
          judgement.claims.push_back(i);
          break;
        }
      }
      if (!judgement.claims.empty()) out.push_back(std::move(judgement));
    }
    return out;
  }

  // The last review counts; all of them are named.
  static void review(Assertion& row, const std::vector<Judgement>& judgements, std::size_t claim) {
    // What was struck stays struck, whatever a review says of its reading.
    const bool open = row.standing != Standing::kWithdrawn && row.standing != Standing::kRetracted;
    const Claim as_read = *row.claim;
    for (const Judgement& judgement : judgements) {
      if (std::find(judgement.claims.begin(), judgement.claims.end(), claim) == judgement.claims.end()) continue;
      const Review& each = *judgement.review;
      const bool amends = each.verdict == Verdict::kAmend && each.amended;
      row.claim = amends ? *each.amended : as_read;
      if (open) row.standing = amends ? Standing::kAmended : each.verdict == Verdict::kReject ? Standing::kRejected : Standing::kAccepted;
      row.changed_by.push_back(judgement.position);
    }
    std::sort(row.changed_by.begin(), row.changed_by.end());
  }

  bool wanted(Assertion& row) const {
    const Claim& claim = *row.claim;
    if (question_.entity) return names(claim, *question_.entity);
    if (!question_.projection) return true;
    const auto types = types_of(*question_.projection);
    if (std::find(types.begin(), types.end(), claim.type) == types.end()) return false;
    if (key_.empty()) return true;
    const auto about = subjects(claim, lexicon_);
    if (about.empty()) return false;
    const std::string subject = without_vendor(about.front());
    if (subject != without_vendor(key_.front())) {
      if (std::find(ancestors_.begin(), ancestors_.end(), subject) == ancestors_.end()) return false;
      row.inherited_from = about.front();
    }
    for (std::size_t i = 1; i < key_.size(); ++i) {
      if (i < about.size() && about[i] != key_[i] && about[i].find(key_[i]) == std::string::npos) return false;
    }
    return true;
  }

  void describe(Assertion& row) const {
    const Claim& claim = *row.claim;
    row.type = claim_kind(claim.type).name;
    row.subject = join(subjects(claim, lexicon_), "/");
    row.says = (claim.modality == Modality::kDenied ? "not " : "") + says(claim);
    if (claim.when) row.says += (row.says.empty() ? "when=" : " when=") + claim.when->iso;
    row.speakers = claim.speakers;
    row.modality = claim.modality;
    row.attribution = claim.attribution;
    if (!claim.quote.empty()) {
      row.span = claim.span;
      row.quote = claim.quote;
    }
  }

  static void name(Assertion& row, const std::vector<EntityMention>& mentions) {
    for (const EntityMention& mention : mentions) {
      if (mention.id.empty() || !row.span.covers(mention.span)) continue;
      if (std::find(row.named.begin(), row.named.end(), mention.id) == row.named.end()) row.named.push_back(mention.id);
    }
  }

  bool spoken(const std::vector<std::string>& speakers) const {
    if (speaker_.empty()) return true;
    return std::any_of(speakers.begin(), speakers.end(), [&](const std::string& speaker) {
      if (contains_folded(speaker, speaker_)) return true;
      const Entity* known = speaker_of(lexicon_, speaker);
      const Entity* asked = speaker_of(lexicon_, speaker_);
      return known != nullptr && known == asked;
    });
  }

  // Rows of copies are named by the earliest row that says the same, and not listed again.
  Status fold_copies(std::vector<Assertion>& rows) const {
    if (rows.empty()) return {};
    ANNALS_TRY(const CopyAnswer copies, find_copies(log_, question_.bounds));
    std::map<ArticlePlace, std::size_t> article;
    for (std::size_t i = 0; i < copies.articles.size(); ++i) article[copies.articles[i].place] = i;
    std::map<std::tuple<std::size_t, Standing, std::string, std::string, std::string>, std::size_t> first;
    std::vector<Assertion> kept;
    for (Assertion& row : rows) {
      const auto in = article.find({row.note, row.article.ordinal});
      if (in != article.end() && row.standing != Standing::kRetracted) {
        const std::size_t group = copies.group[in->second];
        if (group != in->second) row.copy_of = copies.articles[group].first;
        // What claims nothing is the same where its words are.
        const auto [at, fresh] = first.try_emplace({group, row.standing, row.type + "\n" + row.subject, row.says, row.claim ? std::string(modality_name(row.modality)) : fold(row.quote)}, kept.size());
        if (!fresh && (kept[at->second].note != row.note || kept[at->second].article.ordinal != row.article.ordinal)) {
          kept[at->second].copies.push_back({row.place, row.article.outlet.value_or(""), row.article.published});
          continue;
        }
      }
      kept.push_back(std::move(row));
    }
    rows = std::move(kept);
    return {};
  }

  static void number(std::vector<Assertion>& rows) {
    struct Said {
      std::uint32_t times = 0;
      AssertionPlace first;
    };
    std::map<std::string, Said> said;
    for (Assertion& row : rows) {
      if (!row.claim || row.standing == Standing::kRetracted || row.standing == Standing::kRejected) continue;
      // Who calls it possible, or hears it said, is not the first to state it.
      Said& before = said[fmt::format("{}\n{}\n{}\n{}", row.type, row.subject, row.says, lane_name(lane_of(*row.claim)))];
      row.turn = ++before.times;
      if (row.turn == 1) before.first = row.place;
      else row.first = before.first;
    }
  }

  // Who is against whom: the same thing denied and not denied, and what projections hold in dispute.
  Status oppose(std::vector<Assertion>& rows) const {
    std::map<AssertionPlace, std::size_t> at;
    std::map<std::string, std::pair<std::vector<std::size_t>, std::vector<std::size_t>>> sides;  // of what is said: for it, against it
    std::set<std::pair<std::string, std::string>> keys;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const Assertion& row = rows[i];
      at[row.place] = i;
      if (!row.claim) continue;
      const bool denied = row.claim->modality == Modality::kDenied;
      auto& side = sides[row.type + "\n" + row.subject + "\n" + says(*row.claim)];
      (denied ? side.second : side.first).push_back(i);
      if (const std::string projection = projection_of(row.claim->type); !projection.empty()) keys.emplace(projection, row.subject);
    }
    const auto set_against = [&](std::size_t a, std::size_t b) {
      const auto add = [&](std::size_t x, std::size_t y) {
        auto& list = rows[x].against;
        if (std::find(list.begin(), list.end(), rows[y].place) == list.end()) list.push_back(rows[y].place);
      };
      add(a, b);
      add(b, a);
    };
    for (const auto& [what, side] : sides)
      for (const std::size_t a : side.first)
        for (const std::size_t b : side.second) set_against(a, b);
    if (question_.projection || question_.entity) {
      std::size_t asked = 0;
      for (const auto& [projection, key] : keys) {
        if (++asked > kDisputedKeysMax) break;
        const auto answer = query_.state(projection, key, question_.bounds);
        if (!answer) continue;  // a subject that is no key of the projection has no disputes there
        for (const State& state : answer->states) {
          for (const LaneState& lane : state.lanes) {
            for (const Entry& entry : lane.entries) {
              for (const Dispute& dispute : entry.disputes) {
                const auto mine = at.find({entry.newest.position, entry.newest.claim});
                const auto first = at.find({entry.first.position, entry.first.claim});
                const auto theirs = at.find({dispute.evidence.position, dispute.evidence.claim});
                if (theirs == at.end()) continue;
                if (mine != at.end() && mine != theirs) set_against(mine->second, theirs->second);
                if (first != at.end() && first != theirs) set_against(first->second, theirs->second);
              }
            }
          }
        }
      }
    }
    for (Assertion& row : rows) std::sort(row.against.begin(), row.against.end());
    return {};
  }

  static std::string projection_of(ClaimType type) {
    switch (type) {
      case ClaimType::kIpoMilestone: return "ipo";
      case ClaimType::kProductMilestone: return "product";
      case ClaimType::kScheduledEvent: return "";
      default: return std::string(claim_kind(type).name);
    }
  }

  static void count(AuditAnswer& answer) {
    std::map<std::pair<std::string, std::string>, AuditSource> sources;
    for (const Assertion& row : answer.rows) {
      const std::string speaker = row.speakers.empty() ? "" : row.speakers.front();
      AuditSource& source = sources[{row.article.outlet.value_or(""), speaker}];
      source.outlet = row.article.outlet.value_or("");
      source.speaker = speaker;
      ++source.assertions;
      source.first += row.claim && row.turn == 1 ? 1 : 0;
      source.taken_back += row.standing == Standing::kWithdrawn || row.standing == Standing::kRetracted || row.standing == Standing::kRejected ? 1 : 0;
      if (row.known_from) {
        source.from = std::min(source.from.value_or(*row.known_from), *row.known_from);
        source.to = std::max(source.to.value_or(*row.known_from), *row.known_from);
      }
    }
    for (auto& [name, source] : sources) answer.sources.push_back(std::move(source));
    std::stable_sort(answer.sources.begin(), answer.sources.end(), [](const AuditSource& a, const AuditSource& b) { return a.assertions > b.assertions; });
  }

  const EventLog& log_;
  const Query& query_;
  const Lexicon& lexicon_;
  const AuditQuestion& question_;
  Later later_;
  std::vector<std::string> key_;
  std::vector<std::string> ancestors_;
  std::vector<std::string> words_;
  std::string outlet_;
  std::string speaker_;
};

}  // namespace

std::string_view standing_name(Standing standing) {
  switch (standing) {
    case Standing::kStands: return "stands";
    case Standing::kAccepted: return "accepted";
    case Standing::kAmended: return "amended";
    case Standing::kRejected: return "rejected";
    case Standing::kWithdrawn: return "withdrawn";
    case Standing::kRetracted: return "retracted";
  }
  return "stands";
}

Result<AuditAnswer> audit(const EventLog& log, const Query& query, const Lexicon& lexicon, const AuditQuestion& question, Instant now) {
  if (question.projection && types_of(*question.projection).empty())
    return Error{ErrorCode::kInvalid, fmt::format("no projection '{}'", *question.projection)};
  const Position size = log.last();
  ANNALS_TRY(Later later, look(log, question.bounds));
  ANNALS_TRY(AuditAnswer answer, Auditor(log, query, lexicon, question, std::move(later)).run());
  AnswerBasis& basis = answer.basis;
  basis.published_by = std::min(question.bounds.published_by, now);
  basis.recorded_by = std::min(question.bounds.recorded_by, now);
  basis.valid_at = std::min(question.bounds.valid_at, now);
  basis.clock = question.bounds.clock;
  basis.undated = UndatedPolicy::kInclude;
  basis.reviewed = question.bounds.reviewed;
  basis.interpreter = question.bounds.interpreter.value_or("");
  basis.projection_version = kProjectionVersion;
  basis.log_size = size;
  ANNALS_TRY(basis.log_root, log.root(size));
  Bounds bounds = question.bounds;
  bounds.undated = UndatedPolicy::kInclude;
  if (question.projection || question.entity) {
    ANNALS_TRY(basis.erased, query.erased(question.projection, question.projection ? question.key : *question.entity, bounds));
  }
  return answer;
}

Zone zone_of(const Assertion& assertion, const Zone& store) {
  if (!assertion.article.published) return store;
  const auto zone = Zone::find(assertion.article.published->zone);
  return zone ? *zone : store;
}

Result<std::optional<Position>> erased_words(const EventLog& log, const Assertion& assertion) {
  if (assertion.erased) return assertion.erased;
  return log.erased(assertion.note);
}

Result<std::string> check_bytes(const EventLog& log, const Assertion& assertion) {
  auto bytes = log.get_note(assertion.note);
  if (!bytes) return bytes.error().code == ErrorCode::kNotFound ? Result<std::string>(std::string("the note's bytes are not in the store")) : bytes.error();
  if (sha256(*bytes) != assertion.note) return std::string("the stored note has another hash");
  auto note = decode_note(*std::move(bytes), "note " + assertion.note.hex().substr(0, 12));
  if (!note) return note.error().message;
  if (assertion.span.end > note->text.size() || assertion.span.begin > assertion.span.end) return fmt::format("the note ends at byte {}", note->text.size());
  const std::string_view found = assertion.span.of(note->text);
  // What a title says stands outside the statement it goes with.
  const bool inside = assertion.statement_span.covers(assertion.span);
  if (!stands_there(note->text, inside ? assertion.pieces : TextPieces(), assertion.span, assertion.quote)) return fmt::format("found other bytes there: {}", found.substr(0, 80));
  return std::string();
}

}  // namespace annals
