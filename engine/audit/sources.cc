#include "engine/audit/sources.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "engine/claim/kinds.h"
#include "engine/language/fold.h"
#include "engine/language/offices.h"

namespace annals {
namespace {

bool taken_back(const Assertion& row) { return row.standing == Standing::kWithdrawn || row.standing == Standing::kRetracted || row.standing == Standing::kRejected; }

std::string canonical(const std::string& speaker, const Lexicon& lexicon) {
  const Entity* known = speaker_of(lexicon, speaker);
  return known != nullptr ? known->id : fold(speaker);
}

std::string origin_of(const Assertion& row, const Lexicon& lexicon) {
  const std::string outlet = fold(row.article.outlet.value_or(""));
  if (row.attribution == Attribution::kAnonymous || row.attribution == Attribution::kHearsay) return "anonymous:" + outlet;
  return row.speakers.empty() ? "outlet:" + outlet : canonical(row.speakers.back(), lexicon);
}

// When it was said, where that is told and lies before its publication.
struct Rank {
  Instant at{};
  bool said = false;
};
Rank rank_of(const Assertion& row, const Zone& zone) {
  Rank out{row.known_from.value_or(kInstantMax), false};
  if (row.claim && row.claim->said_at && row.claim->said_at->to) {
    const Zone own = zone_of(row, zone);
    const Instant said = own.latest(*row.claim->said_at->to);
    if (said < out.at) out = {said, true};
  }
  return out;
}

// What a forecast and its fulfilment have in common: the vocabulary, without times and figures of kind.
std::string course(const Claim& claim) {
  std::string out;
  for (const SlotSpec& spec : claim_kind(claim.type).slots) {
    if (spec.name == "kind" || spec.name == "condition") continue;
    if (spec.type == SlotType::kVocabulary || (spec.type == SlotType::kText && spec.key)) out += fold(claim.text(spec.name)) + "\n";
  }
  return out;
}

bool calls_off(const Claim& claim) {
  for (const std::string_view slot : {"stage", "status"}) {
    const std::string_view word = claim.text(slot);
    if (word == "terminated" || word == "withdrawn" || word == "cancelled") return true;
  }
  return false;
}

bool is_forecast(const Assertion& row) {
  return row.claim && row.claim->aspect == Aspect::kTarget && row.claim->when && row.claim->when->to && row.known_from && !taken_back(row) &&
         (row.claim->modality == Modality::kForecast || row.claim->modality == Modality::kPlanned);
}

}  // namespace

std::string_view outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAhead: return "ahead";
    case Outcome::kMet: return "met";
    case Outcome::kLate: return "late";
    case Outcome::kFailed: return "failed";
    case Outcome::kOverdue: return "overdue";
  }
  return "";
}

SourceLedger source_ledger(const AuditAnswer& answer, const CopyAnswer& copies, const Lexicon& lexicon, const Zone& zone, Instant published_by) {
  const std::vector<Assertion>& rows = answer.rows;
  // Articles that copy another one; of a revision the outlet is the same and speaks again, but no wider.
  std::set<ArticlePlace> copied;
  for (const CopyLink& link : copies.links) copied.insert(copies.articles[link.copy].place);
  const auto is_copy = [&](const Assertion& row) { return copied.contains({row.note, row.article.ordinal}); };

  SourceLedger out;
  std::map<std::pair<bool, std::string>, SourceRecord> records;
  std::map<std::pair<bool, std::string>, std::vector<std::chrono::microseconds>> leads;
  const auto sources_of = [&](const Assertion& row) {
    std::vector<std::pair<bool, std::string>> names;
    if (row.article.outlet) names.emplace_back(true, *row.article.outlet);
    if (!row.speakers.empty()) names.emplace_back(false, canonical(row.speakers.front(), lexicon));
    return names;
  };
  // Of the names that articles have for a speaker, with office and without, the one that most use.
  std::map<std::string, std::map<std::string, std::size_t>> written;
  for (const Assertion& row : rows)
    if (!row.speakers.empty()) ++written[canonical(row.speakers.front(), lexicon)][row.speakers.front()];
  const auto usual = [&](const std::string& id) {
    const auto& names = written[id];
    return std::max_element(names.begin(), names.end(), [](const auto& a, const auto& b) { return a.second != b.second ? a.second < b.second : a.first.size() > b.first.size(); })->first;
  };
  std::map<AssertionPlace, std::size_t> at;
  std::map<std::tuple<std::string, std::string, std::string, Lane>, std::vector<std::size_t>> sayings;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    at[rows[i].place] = i;
    if (rows[i].claim) sayings[{rows[i].type, rows[i].subject, rows[i].says, lane_of(*rows[i].claim)}].push_back(i);
  }
  for (const auto& [what, unranked] : sayings) {
    std::vector<std::size_t> ranked = unranked;
    std::stable_sort(ranked.begin(), ranked.end(), [&](std::size_t a, std::size_t b) { return rank_of(rows[a], zone).at < rank_of(rows[b], zone).at; });
    std::set<std::string> outlets;
    std::set<std::string> origins;
    std::uint64_t in_copies = 0;
    for (std::size_t place = 0; place < ranked.size(); ++place) {
      const Assertion& row = rows[ranked[place]];
      const std::string origin = origin_of(row, lexicon);
      const std::string outlet = row.article.outlet.value_or("");
      in_copies += is_copy(row) ? 1 : 0;
      if (!taken_back(row)) {
        outlets.insert(outlet);
        if (!is_copy(row)) origins.insert(origin);
      }
      // Who says it after.
      const Assertion* next = nullptr;
      bool confirmed = false;
      std::set<std::string> after;
      for (std::size_t later = place + 1; later < ranked.size(); ++later) {
        const Assertion& other = rows[ranked[later]];
        if (taken_back(other)) continue;
        if (other.article.outlet && other.article.outlet != row.article.outlet) {
          if (next == nullptr) next = &other;
          after.insert(*other.article.outlet);
        }
        confirmed |= !is_copy(other) && origin_of(other, lexicon) != origin;
      }
      const Rank rank = rank_of(row, zone);
      for (const auto& name : sources_of(row)) {
        SourceRecord& record = records[name];
        ++record.claims;
        record.copied += is_copy(row) ? 1 : 0;
        record.confirmed += confirmed ? 1 : 0;
        record.taken_back += taken_back(row) ? 1 : 0;
        record.contradicted += row.against.empty() ? 0 : 1;
        record.denied += std::any_of(row.against.begin(), row.against.end(), [&](const AssertionPlace& other) {
          const auto found = at.find(other);
          return found != at.end() && rows[found->second].modality == Modality::kDenied && row.modality != Modality::kDenied;
        }) ? 1 : 0;
        if (place != 0) continue;
        ++record.first;
        record.by_said_at += rank.said ? 1 : 0;
        for (const std::string& who : after) ++record.repeated_by[who];
        if (next != nullptr && next->known_from && row.known_from) {
          ++record.followed;
          leads[name].push_back(std::max(std::chrono::microseconds(0), std::chrono::duration_cast<std::chrono::microseconds>(rank_of(*next, zone).at - rank.at)));
        }
      }
    }
    if (outlets.size() >= 2) out.sayings.push_back({std::get<0>(what), std::get<1>(what), std::get<2>(what), std::move(ranked), outlets.size(), origins.size(), in_copies});
  }
  std::stable_sort(out.sayings.begin(), out.sayings.end(), [](const Saying& a, const Saying& b) { return a.outlets > b.outlets; });

  // What could meet a forecast: stated, not a target, by subject.
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> stated;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Assertion& row = rows[i];
    if (!row.claim || taken_back(row) || !row.known_from || row.claim->aspect == Aspect::kTarget || row.modality == Modality::kDenied) continue;
    if (row.attribution == Attribution::kOwn || row.attribution == Attribution::kNamed) stated[{row.type, row.subject}].push_back(i);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Assertion& row = rows[i];
    if (!is_forecast(row)) continue;
    const Zone own = zone_of(row, zone);
    const Instant due = own.latest(*row.claim->when->to);
    if (due <= *row.known_from) continue;   // what somebody reckons of a time that was over
    Forecast forecast{i, due <= published_by ? Outcome::kOverdue : Outcome::kAhead, std::nullopt};
    for (const std::size_t j : stated[{row.type, row.subject}]) {
      const Assertion& later = rows[j];
      if (*later.known_from <= *row.known_from) continue;
      const bool off = calls_off(*later.claim) && !calls_off(*row.claim);
      if (!off && course(*later.claim) != course(*row.claim)) continue;
      const Instant happened = later.claim->when && later.claim->when->from ? std::min(own.earliest(*later.claim->when->from), *later.known_from) : *later.known_from;
      forecast.outcome = off ? Outcome::kFailed : happened < due ? Outcome::kMet : Outcome::kLate;
      forecast.by = j;
      break;
    }
    for (const auto& name : sources_of(row)) ++records[name].forecasts[static_cast<std::size_t>(forecast.outcome)];
    out.forecasts.push_back(forecast);
  }

  for (auto& [name, record] : records) {
    record.outlet = name.first;
    record.name = name.first ? name.second : usual(name.second);
    if (auto& list = leads[name]; !list.empty()) {
      std::sort(list.begin(), list.end());
      record.lead_median = list[list.size() / 2];
    }
    (name.first ? out.outlets : out.speakers).push_back(std::move(record));
  }
  const auto busiest = [](const SourceRecord& a, const SourceRecord& b) { return a.claims > b.claims; };
  std::stable_sort(out.outlets.begin(), out.outlets.end(), busiest);
  std::stable_sort(out.speakers.begin(), out.speakers.end(), busiest);
  return out;
}

}  // namespace annals
