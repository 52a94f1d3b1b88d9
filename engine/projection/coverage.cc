#include "engine/projection/coverage.h"

#include <algorithm>
#include <set>

namespace annals {
namespace {

constexpr std::size_t kDaysKept = 64;

Instant first_of_day(std::int64_t day) {
  return day <= coverage_day(kInstantMin) ? kInstantMin : Instant(date::sys_days(date::days(day)).time_since_epoch());
}

// What is there while any of its spans is (a note, an article): when that is, as stretches; the last may have no end.
std::vector<std::pair<Instant, std::optional<Instant>>> stretches(std::span<const CoverageSpan* const> spans) {
  std::optional<Instant> lasting;
  std::vector<std::pair<Instant, Instant>> passing;
  for (const CoverageSpan* span : spans) {
    if (span->gone) passing.emplace_back(*span->known, *span->gone);
    else if (!lasting || *span->known < *lasting) lasting = span->known;
  }
  std::sort(passing.begin(), passing.end());
  std::vector<std::pair<Instant, std::optional<Instant>>> out;
  for (const auto& [from, to] : passing) {
    if (!out.empty() && from <= *out.back().second) out.back().second = std::max(*out.back().second, to);
    else out.emplace_back(from, to);
  }
  if (!lasting) return out;
  while (!out.empty() && out.back().first >= *lasting) out.pop_back();
  if (!out.empty() && *out.back().second >= *lasting) out.back().second.reset();
  else out.emplace_back(*lasting, std::nullopt);
  return out;
}

// What a note's spans add, `sign` times over.
void add_spans(CoverageSums& sums, std::span<const CoverageSpan> spans, std::int64_t sign) {
  std::vector<const CoverageSpan*> dated;
  for (const CoverageSpan& span : spans) {
    const auto statements = sign * static_cast<std::int64_t>(span.statements);
    if (statements == 0 || (span.known && span.gone && *span.gone <= *span.known)) continue;
    if (!span.known) {   // left out at any moment, while it is not withdrawn
      sums.changes[kInstantMin].undated += statements;
      if (span.gone) sums.changes[*span.gone].undated -= statements;
      continue;
    }
    dated.push_back(&span);
    sums.changes[*span.known].statements += statements;
    if (span.gone) {
      sums.changes[*span.gone].statements -= statements;
      continue;
    }
    sums.changes[*span.known].lasting += sign;
    if (!span.outlet.empty()) sums.outlets[span.outlet][*span.known] += sign;
  }
  const auto present = [&](std::span<const CoverageSpan* const> some, std::int64_t CoverageChange::*what) {
    for (const auto& [from, to] : stretches(some)) {
      sums.changes[from].*what += sign;
      if (to) sums.changes[*to].*what -= sign;
    }
  };
  present(dated, &CoverageChange::notes);
  std::stable_sort(dated.begin(), dated.end(), [](const CoverageSpan* a, const CoverageSpan* b) { return a->article < b->article; });
  for (auto begin = dated.begin(); begin != dated.end();) {
    const auto end = std::find_if(begin, dated.end(), [&](const CoverageSpan* span) { return span->article != (*begin)->article; });
    present(std::span(begin, end), &CoverageChange::articles);
    begin = end;
  }
}

}  // namespace

CoverageChange& CoverageChange::operator+=(const CoverageChange& other) {
  notes += other.notes;
  articles += other.articles;
  statements += other.statements;
  undated += other.undated;
  lasting += other.lasting;
  return *this;
}

void CoverageSums::count(const Digest& note, std::span<const CoverageSpan> spans, std::span<const CoverageSpan> before) {
  add_spans(*this, before, -1);
  add_spans(*this, spans, 1);
  std::vector<PassingSpan>& passes = passing[note];
  passes.clear();
  for (const CoverageSpan& span : spans)
    if (span.known && span.gone && *span.gone > *span.known && span.statements > 0) passes.push_back({span.outlet, *span.known, *span.gone});
}

std::int64_t coverage_day(Instant at) { return date::floor<date::days>(at).time_since_epoch().count(); }

void CoverageLine::count(const Digest& note, std::span<const CoverageSpan> spans, std::span<const CoverageSpan> before) {
  news_.count(note, spans, before);
  summed_ = false;
}

Status CoverageLine::sum(CoverageRows* rows) {
  if (!stored_) {
    Stored stored;
    if (rows != nullptr) {
      ANNALS_TRY(stored.days, rows->days());
      ANNALS_TRY(stored.outlets, rows->outlets());
      ANNALS_TRY(stored.passing, rows->passing());
    }
    stored_ = std::move(stored);
  }
  std::map<std::int64_t, CoverageChange> days = stored_->days;
  for (const auto& [at, change] : news_.changes) days[coverage_day(at)] += change;
  days_.clear();
  looked_at_.clear();
  CoverageChange sum;
  for (const auto& [day, change] : days) days_.push_back({day, change.lasting, sum += change});

  outlets_ = stored_->outlets;
  for (const auto& [outlet, moments] : news_.outlets) {
    std::map<Instant, std::int64_t> all = moments;
    std::optional<Instant> first;
    // Those of the rows up to the first that stays: no earlier one is to come.
    if (rows != nullptr) {
      ANNALS_CHECK_OK(rows->outlet(outlet, [&](Instant at, std::int64_t spans) {
        const auto news = moments.find(at);
        all[at] += spans;
        return spans + (news == moments.end() ? 0 : news->second) <= 0;
      }));
    }
    for (auto at = all.begin(); at != all.end() && !first; ++at)
      if (at->second > 0) first = at->first;
    if (first) outlets_[outlet] = *first;
    else outlets_.erase(outlet);
  }

  auto passing = stored_->passing;
  for (const auto& [note, spans] : news_.passing) passing[note] = spans;
  passing_.clear();
  for (const auto& [note, spans] : passing) passing_.insert(passing_.end(), spans.begin(), spans.end());
  summed_ = true;
  return {};
}

Result<const CoverageLine::Day*> CoverageLine::day(std::int64_t which, CoverageRows* rows) {
  if (const auto at = looked_at_.find(which); at != looked_at_.end()) return static_cast<const Day*>(&at->second);
  CoverageChanges changes;
  if (rows != nullptr) {
    ANNALS_TRY(changes, rows->changes(which));
  }
  const auto behind = std::find_if(news_.changes.lower_bound(first_of_day(which)), news_.changes.end(), [&](const auto& each) { return coverage_day(each.first) != which; });
  for (auto at = news_.changes.lower_bound(first_of_day(which)); at != behind; ++at) changes[at->first] += at->second;
  if (looked_at_.size() >= kDaysKept) looked_at_.clear();
  return static_cast<const Day*>(&(looked_at_[which] = Day(changes.begin(), changes.end())));
}

Result<CoverageCount> CoverageLine::at(Instant published_by, CoverageRows* rows) {
  if (!summed_) ANNALS_CHECK_OK(sum(rows));
  const std::int64_t today = coverage_day(published_by);
  const auto after = std::lower_bound(days_.begin(), days_.end(), today, [](const UpTo& each, std::int64_t day) { return each.day < day; });
  CoverageChange sum;
  if (after != days_.begin()) sum = std::prev(after)->sum;
  CoverageCount out;
  const auto known = [&](Instant at) {
    if (!out.first_known_from || at < *out.first_known_from) out.first_known_from = at;
    if (!out.last_known_from || at > *out.last_known_from) out.last_known_from = at;
  };
  // The first and the last moment of lasting knowledge, each in one day.
  const auto look = [&](std::int64_t which, bool count) -> Status {
    ANNALS_TRY(const Day* changes, day(which, rows));
    for (const auto& [at, change] : *changes) {
      if (at > published_by) break;
      if (count) sum += change;
      if (change.lasting > 0) known(at);
    }
    return {};
  };
  if (after != days_.end() && after->day == today) ANNALS_CHECK_OK(look(today, true));
  const auto lasting = [](const UpTo& each) { return each.lasting > 0; };
  if (const auto first = std::find_if(days_.begin(), after, lasting); first != after) {
    ANNALS_CHECK_OK(look(first->day, false));
    auto last = after;
    while (!lasting(*--last)) {}
    if (last != first) ANNALS_CHECK_OK(look(last->day, false));
  }
  const auto there = [&](const auto& outlet) { return outlet.second <= published_by; };
  std::set<std::string_view> others;   // outlets of passing spans alone
  for (const PassingSpan& span : passing_) {
    if (span.known > published_by || span.gone <= published_by) continue;
    known(span.known);
    const auto lasting_too = outlets_.find(span.outlet);
    if (!span.outlet.empty() && (lasting_too == outlets_.end() || !there(*lasting_too))) others.insert(span.outlet);
  }
  out.notes = static_cast<std::uint64_t>(sum.notes);
  out.outlets = others.size() + static_cast<std::uint64_t>(std::count_if(outlets_.begin(), outlets_.end(), there));
  out.articles = static_cast<std::uint64_t>(sum.articles);
  out.statements = static_cast<std::uint64_t>(sum.statements);
  out.undated_left_out = static_cast<std::uint64_t>(sum.undated);
  return out;
}

}  // namespace annals
