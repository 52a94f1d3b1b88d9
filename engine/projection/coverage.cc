#include "engine/projection/coverage.h"

#include <algorithm>
#include <set>

#include "engine/language/fold.h"

namespace annals {
namespace {

constexpr std::size_t kChangesKept = 1u << 17;   // of hours that were looked at: some 6 MB

Instant first_of_hour(std::int64_t hour) { return hour <= coverage_hour(kInstantMin) ? kInstantMin : Instant(std::chrono::hours(hour)); }

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

void CoveredArticle::add(Position position, Instant recorded_at) {
  if (!runs.empty() && runs.back().recorded_at == recorded_at && runs.back().first.value + runs.back().count == position.value) ++runs.back().count;
  else runs.push_back({position, 1, recorded_at});
}

void CoveredArticle::add(const std::vector<StatementRun>& more) {
  const std::uint64_t there = runs.empty() ? 0 : runs.back().first.value + runs.back().count - 1;
  for (const StatementRun& run : more)
    for (std::uint64_t i = 0; i < run.count; ++i)
      if (run.first.value + i > there) add(Position{run.first.value + i}, run.recorded_at);
}

std::optional<Instant> known_at(const std::optional<Instant>& known_from, const std::optional<Instant>& observed, Instant recorded_at, const Bounds& bounds) {
  if (!known_from && bounds.undated == UndatedPolicy::kExclude) return std::nullopt;
  if (bounds.clock == KnownClock::kObserved && observed) return observed;
  return known_from.value_or(recorded_at);
}

void CoverageTally::add(const CoveredArticle& article, std::span<const Instant> taken_back) {
  std::uint64_t count = 0;
  std::optional<Instant> known;
  const auto take = [&](Instant recorded_at, std::uint64_t statements) {
    const auto when = known_at(article.known_from, article.observed, recorded_at, bounds_);
    if (!when) count_.undated_left_out += statements;
    if (!when || *when > bounds_.published_by) return;
    count += statements;
    known = when;
  };
  for (const StatementRun& run : article.runs) {
    if (run.recorded_at > bounds_.recorded_by || run.first > bounds_.recorded_to) continue;
    take(run.recorded_at, std::min(run.count, bounds_.recorded_to.value - run.first.value + 1));
  }
  for (const Instant recorded_at : taken_back) take(recorded_at, std::uint64_t{0} - 1);
  if (count == 0) return;
  ++count_.articles;
  count_.statements += count;
  if (note_ != article.note) ++count_.notes;
  note_ = article.note;
  if (article.outlet && article.outlet != outlet_) {
    outlet_ = article.outlet;
    outlets_.insert(fold(*article.outlet));
  }
  if (!count_.first_known_from || *known < *count_.first_known_from) count_.first_known_from = known;
  if (!count_.last_known_from || *known > *count_.last_known_from) count_.last_known_from = known;
}

CoverageCount CoverageTally::count() const {
  CoverageCount out = count_;
  out.outlets = outlets_.size();
  return out;
}

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
std::int64_t coverage_hour(Instant at) { return std::chrono::floor<std::chrono::hours>(at).time_since_epoch().count(); }

void CoverageHour::add(Instant at, const CoverageChange& more) {
  change += more;
  if (more.lasting <= 0) return;
  if (!first_lasting) first_lasting = at;
  last_lasting = at;
}

std::vector<CoverageLine::UpTo> CoverageLine::add_up(std::span<const CoverageHour> hours) {
  std::vector<UpTo> out;
  out.reserve(hours.size());
  CoverageChange sum;
  for (const CoverageHour& hour : hours) out.push_back({hour, sum += hour.change});
  return out;
}

void CoverageLine::count(const Digest& note, std::span<const CoverageSpan> spans, std::span<const CoverageSpan> before) {
  news_.count(note, spans, before);
  summed_ = false;
}

Status CoverageLine::sum(CoverageRows* rows) {
  if (!stored_) {
    Stored stored;
    if (rows != nullptr) {
      ANNALS_TRY(const auto each, rows->hours());
      stored.hours = add_up(each);
      ANNALS_TRY(stored.outlets, rows->outlets());
      ANNALS_TRY(stored.passing, rows->passing());
    }
    stored_ = std::move(stored);
  }
  std::vector<CoverageHour> hours;
  for (const auto& [at, change] : news_.changes) {
    const std::int64_t hour = coverage_hour(at);
    if (hours.empty() || hours.back().hour != hour) hours.push_back({hour, {}, {}, {}});
    hours.back().add(at, change);
  }
  new_hours_ = add_up(hours);
  looked_at_.clear();
  looked_at_changes_ = 0;

  outlets_ = stored_->outlets;
  for (const auto& [outlet, moments] : news_.outlets) {
    std::map<Instant, std::int64_t> all = moments;
    std::optional<Instant> first;
    // Those of the rows up to the first that stays: no earlier one is to come.
    if (rows != nullptr) {
      ANNALS_CHECK_OK(rows->outlet(outlet, [&, &fresh = moments](Instant at, std::int64_t spans) {
        const auto news = fresh.find(at);
        all[at] += spans;
        return spans + (news == fresh.end() ? 0 : news->second) <= 0;
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

Result<const CoverageLine::Hour*> CoverageLine::look_at(std::int64_t hour, CoverageRows* rows) {
  if (const auto at = looked_at_.find(hour); at != looked_at_.end()) return static_cast<const Hour*>(&at->second);
  CoverageChanges changes;
  if (rows != nullptr) {
    ANNALS_TRY(changes, rows->changes(hour));
  }
  for (auto at = news_.changes.lower_bound(first_of_hour(hour)); at != news_.changes.end() && coverage_hour(at->first) == hour; ++at) changes[at->first] += at->second;
  looked_at_changes_ += changes.size();
  if (looked_at_changes_ > kChangesKept) {
    looked_at_.clear();
    looked_at_changes_ = changes.size();
  }
  return static_cast<const Hour*>(&(looked_at_[hour] = Hour(changes.begin(), changes.end())));
}

Result<CoverageCount> CoverageLine::at(Instant published_by, CoverageRows* rows) {
  if (!summed_) ANNALS_CHECK_OK(sum(rows));
  const std::int64_t now = coverage_hour(published_by);
  const auto before = [&](const std::vector<UpTo>& hours) {
    return std::lower_bound(hours.begin(), hours.end(), now, [](const UpTo& each, std::int64_t hour) { return each.hour() < hour; });
  };
  CoverageChange sum;
  bool changes_now = false;
  const std::vector<UpTo>& old_hours = stored_->hours;
  const auto old_end = before(old_hours), new_end = before(new_hours_);
  const auto add = [&](const std::vector<UpTo>& hours, auto end) {
    if (end != hours.begin()) sum += std::prev(end)->sum;
    changes_now = changes_now || (end != hours.end() && end->hour() == now);
  };
  add(old_hours, old_end);
  add(new_hours_, new_end);
  CoverageCount out;
  const auto known = [&](Instant at) {
    if (!out.first_known_from || at < *out.first_known_from) out.first_known_from = at;
    if (!out.last_known_from || at > *out.last_known_from) out.last_known_from = at;
  };
  const auto look = [&](std::int64_t hour, bool count) -> Status {
    ANNALS_TRY(const Hour* changes, look_at(hour, rows));
    for (const auto& [at, change] : *changes) {
      if (at > published_by) break;
      if (count) sum += change;
      if (change.lasting > 0) known(at);
    }
    return {};
  };
  if (changes_now) ANNALS_CHECK_OK(look(now, true));
  // The first and the last moment of lasting knowledge, each in one hour: rows and news side by side, from either end. Only of an hour
  // that has both its changes have to be looked at.
  const auto known_in = [&](const CoverageHour* old, const CoverageHour* fresh) -> Result<bool> {
    if ((old != nullptr ? old->change.lasting : 0) + (fresh != nullptr ? fresh->change.lasting : 0) <= 0) return false;
    if (old != nullptr && fresh != nullptr) {
      ANNALS_CHECK_OK(look(old->hour, false));
      return true;
    }
    const CoverageHour& only = old != nullptr ? *old : *fresh;
    if (only.first_lasting) known(*only.first_lasting);
    if (only.last_lasting) known(*only.last_lasting);
    return true;
  };
  for (auto a = old_hours.cbegin(), b = new_hours_.cbegin(); a != old_end || b != new_end;) {
    const std::int64_t hour = a == old_end ? b->hour() : b == new_end ? a->hour() : std::min(a->hour(), b->hour());
    const CoverageHour* old = a != old_end && a->hour() == hour ? &(a++)->own : nullptr;
    const CoverageHour* fresh = b != new_end && b->hour() == hour ? &(b++)->own : nullptr;
    ANNALS_TRY(const bool there, known_in(old, fresh));
    if (there) break;
  }
  for (auto a = old_end, b = new_end; a != old_hours.cbegin() || b != new_hours_.cbegin();) {
    const bool no_a = a == old_hours.cbegin(), no_b = b == new_hours_.cbegin();
    const std::int64_t hour = no_a ? std::prev(b)->hour() : no_b ? std::prev(a)->hour() : std::max(std::prev(a)->hour(), std::prev(b)->hour());
    const CoverageHour* old = !no_a && std::prev(a)->hour() == hour ? &(--a)->own : nullptr;
    const CoverageHour* fresh = !no_b && std::prev(b)->hour() == hour ? &(--b)->own : nullptr;
    ANNALS_TRY(const bool there, known_in(old, fresh));
    if (there) break;
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
