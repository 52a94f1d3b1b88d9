#include "engine/projection/coverage.h"

#include <algorithm>

namespace annals {
namespace {

std::int64_t day_of(Instant at) { return date::floor<date::days>(at).time_since_epoch().count(); }

}  // namespace

CoverageLine::Change& CoverageLine::Change::operator+=(const Change& other) {
  notes += other.notes;
  outlets += other.outlets;
  articles += other.articles;
  statements += other.statements;
  lasting += other.lasting;
  return *this;
}

std::vector<std::pair<Instant, std::optional<Instant>>> CoverageLine::Presence::stretches() const {
  std::vector<std::pair<Instant, Instant>> spans = passing;
  std::sort(spans.begin(), spans.end());
  std::vector<std::pair<Instant, std::optional<Instant>>> out;
  for (const auto& [from, to] : spans) {
    if (!out.empty() && from <= *out.back().second) out.back().second = std::max(*out.back().second, to);
    else out.emplace_back(from, to);
  }
  if (!lasting) return out;
  while (!out.empty() && out.back().first >= *lasting) out.pop_back();
  if (!out.empty() && *out.back().second >= *lasting) out.back().second.reset();
  else out.emplace_back(*lasting, std::nullopt);
  return out;
}

void CoverageLine::change(const Change& change) {
  before_.clear();
  auto& day = days_[day_of(change.at)];
  const auto at = std::lower_bound(day.begin(), day.end(), change.at, [](const Change& each, Instant moment) { return each.at < moment; });
  if (at != day.end() && at->at == change.at) *at += change;
  else day.insert(at, change);
}

void CoverageLine::present(Presence& presence, const Span& span, std::int64_t Change::*what) {
  if (!span.gone && presence.lasting && *presence.lasting <= *span.known) return;
  const auto put = [&](std::int64_t sign) {
    for (const auto& [from, to] : presence.stretches()) {
      Change begin;
      begin.at = from;
      begin.*what = sign;
      change(begin);
      if (!to) continue;
      Change end;
      end.at = *to;
      end.*what = -sign;
      change(end);
    }
  };
  put(-1);
  if (span.gone) presence.passing.emplace_back(*span.known, *span.gone);
  else presence.lasting = span.known;
  put(1);
}

void CoverageLine::add(const Span& span) {
  if (span.statements == 0) return;
  if (!span.known) {
    undated_ += span.statements;
    if (span.gone) undated_gone_.emplace_back(*span.gone, span.statements);
    return;
  }
  if (span.gone && *span.gone <= *span.known) return;
  const auto statements = static_cast<std::int64_t>(span.statements);
  Change begin;
  begin.at = *span.known;
  begin.statements = statements;
  begin.lasting = span.gone ? 0 : 1;
  change(begin);
  if (span.gone) {
    Change end;
    end.at = *span.gone;
    end.statements = -statements;
    change(end);
    passing_.emplace_back(*span.known, *span.gone);
  } else if (!first_ || *span.known < *first_) {
    first_ = span.known;
  }
  present(notes_[span.note], span, &Change::notes);
  present(articles_[{span.note, span.article}], span, &Change::articles);
  if (!span.outlet.empty()) present(outlets_[span.outlet], span, &Change::outlets);
}

CoverageCount CoverageLine::at(Instant published_by) const {
  if (before_.empty()) {
    Change sum;
    for (const auto& [day, changes] : days_) {
      for (const Change& each : changes) sum += each;
      before_.emplace_back(day, sum);
    }
  }
  CoverageCount out;
  out.undated_left_out = undated_;
  for (const auto& [gone, statements] : undated_gone_)
    if (gone <= published_by) out.undated_left_out -= statements;
  const std::int64_t today = day_of(published_by);
  const auto after = std::lower_bound(before_.begin(), before_.end(), today, [](const auto& each, std::int64_t day) { return each.first < day; });
  Change sum;
  if (after != before_.begin()) sum = std::prev(after)->second;
  // The last moment of lasting knowledge, today or on an earlier day.
  const auto last_of = [&](const std::vector<Change>& changes) -> std::optional<Instant> {
    for (auto each = changes.rbegin(); each != changes.rend(); ++each)
      if (each->at <= published_by && each->lasting > 0) return each->at;
    return std::nullopt;
  };
  if (const auto day = days_.find(today); day != days_.end()) {
    for (const Change& each : day->second) {
      if (each.at > published_by) break;
      sum += each;
    }
    out.last_known_from = last_of(day->second);
  }
  for (auto day = days_.lower_bound(today); !out.last_known_from && sum.lasting > 0 && day != days_.begin();) out.last_known_from = last_of((--day)->second);
  if (first_ && *first_ <= published_by) out.first_known_from = first_;
  for (const auto& [known, gone] : passing_) {
    if (known > published_by || gone <= published_by) continue;
    if (!out.first_known_from || known < *out.first_known_from) out.first_known_from = known;
    if (!out.last_known_from || known > *out.last_known_from) out.last_known_from = known;
  }
  out.notes = static_cast<std::uint64_t>(sum.notes);
  out.outlets = static_cast<std::uint64_t>(sum.outlets);
  out.articles = static_cast<std::uint64_t>(sum.articles);
  out.statements = static_cast<std::uint64_t>(sum.statements);
  return out;
}

}  // namespace annals
