#include "engine/projection/coverage_rows.h"

#include <algorithm>

#include "engine/projection/pack.h"

namespace annals::index_rows {
namespace {

// Numbers in their order.
std::string with_number(std::string prefix, std::int64_t number) {
  return with_position(prefix, Position{static_cast<std::uint64_t>(number) ^ (1ull << 63)});
}

void put_change(Pack& out, const CoverageChange& change) {
  out.signed_number(change.notes).signed_number(change.articles).signed_number(change.statements).signed_number(change.undated).signed_number(change.lasting);
}
CoverageChange take_change(Unpack& in) {
  CoverageChange out;
  out.notes = in.signed_number();
  out.articles = in.signed_number();
  out.statements = in.signed_number();
  out.undated = in.signed_number();
  out.lasting = in.signed_number();
  return out;
}

std::string pack_changes(const CoverageChanges& changes) {
  Pack out;
  for (const auto& [at, change] : changes) {
    out.instant(at);
    put_change(out, change);
  }
  return out.take();
}
void unpack_changes(std::string_view value, CoverageChanges& out) {
  for (Unpack in(value); !in.done() && !in.failed();) {
    const Instant at = in.instant();
    const CoverageChange change = take_change(in);
    if (!in.failed()) out[at] += change;
  }
}

using Hours = std::map<std::int64_t, CoverageHour>;
std::string pack_hours(const Hours& hours) {
  Pack out;
  for (const auto& [hour, sum] : hours) {
    out.signed_number(hour);
    put_change(out, sum.change);
    out.maybe_instant(sum.first_lasting).maybe_instant(sum.last_lasting);
  }
  return out.take();
}
Hours unpack_hours(std::string_view value) {
  Hours out;
  for (Unpack in(value); !in.done() && !in.failed();) {
    const std::int64_t hour = in.signed_number();
    CoverageHour sum{hour, take_change(in), {}, {}};
    sum.first_lasting = in.maybe_instant();
    sum.last_lasting = in.maybe_instant();
    if (!in.failed()) out.emplace(hour, sum);
  }
  return out;
}

using Moments = std::map<Instant, std::int64_t>;
std::string pack_moments(const Moments& moments) {
  Pack out;
  for (const auto& [at, spans] : moments) out.instant(at).signed_number(spans);
  return out.take();
}
void unpack_moments(std::string_view value, Moments& out) {
  for (Unpack in(value); !in.done() && !in.failed();) {
    const Instant at = in.instant();
    const std::int64_t spans = in.signed_number();
    if (!in.failed()) out[at] += spans;
  }
}

// 32 bytes of a key; it has them.
Digest digest_at(std::string_view key, std::size_t at) {
  Digest out;
  std::copy_n(key.begin() + static_cast<std::ptrdiff_t>(at), 32, reinterpret_cast<char*>(out.bytes.data()));
  return out;
}

}  // namespace

Result<std::vector<CoverageHour>> StoredCoverage::hours() {
  std::vector<CoverageHour> out;
  const std::string prefix = space_.counted("d/");
  ANNALS_CHECK_OK(rows_.scan(prefix, prefix, [&](std::string_view, std::string_view value) {
    for (const auto& [hour, sum] : unpack_hours(value)) out.push_back(sum);
    return Visit::kContinue;
  }));
  return out;
}

Result<CoverageChanges> StoredCoverage::changes(std::int64_t hour) {
  CoverageChanges out;
  if (const auto row = rows_.get(with_number(space_.counted("h/"), hour))) unpack_changes(*row, out);
  return out;
}

Result<std::map<std::string, Instant>> StoredCoverage::outlets() {
  std::map<std::string, Instant> out;
  const std::string prefix = space_.counted("o/");
  // From the first row of one to the first of the next.
  std::string from = prefix;
  for (bool more = true; more;) {
    more = false;
    ANNALS_CHECK_OK(rows_.scan(prefix, from, [&](std::string_view key, std::string_view value) {
      std::string name = two_texts(key, prefix.size()).first;
      Moments moments;
      unpack_moments(value, moments);
      from.assign(prefix).append(name).push_back('\1');
      if (!moments.empty()) out.emplace(std::move(name), moments.begin()->first);
      more = true;
      return Visit::kStop;
    }));
  }
  return out;
}

Status StoredCoverage::outlet(const std::string& outlet, const std::function<bool(Instant at, std::int64_t spans)>& visit) {
  std::string prefix = space_.counted("o/");
  prefix.append(outlet).push_back('\0');
  return rows_.scan(prefix, prefix, [&](std::string_view, std::string_view value) {
    Moments moments;
    unpack_moments(value, moments);
    for (const auto& [at, spans] : moments)
      if (!visit(at, spans)) return Visit::kStop;
    return Visit::kContinue;
  });
}

Result<std::map<Digest, std::vector<PassingSpan>>> StoredCoverage::passing() {
  std::map<Digest, std::vector<PassingSpan>> out;
  const std::string prefix = space_.counted("g/");
  ANNALS_CHECK_OK(rows_.scan(prefix, prefix, [&](std::string_view key, std::string_view value) {
    if (key.size() != prefix.size() + 32) return Visit::kContinue;
    auto& spans = out[digest_at(key, prefix.size())];
    for (Unpack in(value); !in.done() && !in.failed();) {
      PassingSpan span{in.text(), in.instant(), in.instant()};
      if (!in.failed()) spans.push_back(std::move(span));
    }
    return Visit::kContinue;
  }));
  return out;
}

std::vector<DerivedRow> coverage_rows(const Space& space, const CoverageSums& news, DerivedReader* stored) {
  std::vector<DerivedRow> out;
  const auto get = [&](const std::string& key) { return stored == nullptr ? std::nullopt : stored->get(key); };
  const auto put = [&](std::string key, bool none, std::string value, bool there) {
    if (!none) out.emplace_back(std::move(key), std::move(value));
    else if (there) out.emplace_back(std::move(key), std::nullopt);
  };
  std::map<std::int64_t, Hours> days;   // hours that change, whole
  for (auto at = news.changes.begin(); at != news.changes.end();) {
    const std::int64_t hour = coverage_hour(at->first);
    const std::string key = with_number(space.counted("h/"), hour);
    const auto before = get(key);
    CoverageChanges changes;
    if (before) unpack_changes(*before, changes);
    CoverageHour& sum = days[coverage_day(at->first)][hour];
    sum.hour = hour;
    for (; at != news.changes.end() && coverage_hour(at->first) == hour; ++at) changes[at->first] += at->second;
    std::erase_if(changes, [](const auto& each) { return each.second.none(); });
    for (const auto& [moment, change] : changes) sum.add(moment, change);
    put(key, changes.empty(), pack_changes(changes), before.has_value());
  }
  for (auto& [day, hours] : days) {
    const std::string key = with_number(space.counted("d/"), day);
    const auto before = get(key);
    if (before) hours.merge(unpack_hours(*before));
    std::erase_if(hours, [](const auto& each) { return each.second.change.none() && !each.second.first_lasting; });
    put(key, hours.empty(), pack_hours(hours), before.has_value());
  }
  for (const auto& [outlet, moments] : news.outlets) {
    for (auto at = moments.begin(); at != moments.end();) {
      const std::int64_t day = coverage_day(at->first);
      std::string key = space.counted("o/");
      key.append(outlet).push_back('\0');
      key = with_number(std::move(key), day);
      const auto before = get(key);
      Moments all;
      if (before) unpack_moments(*before, all);
      for (; at != moments.end() && coverage_day(at->first) == day; ++at) all[at->first] += at->second;
      std::erase_if(all, [](const auto& each) { return each.second == 0; });
      put(key, all.empty(), pack_moments(all), before.has_value());
    }
  }
  for (const auto& [note, spans] : news.passing) {
    const std::string key = space.counted("g/").append(note.view());
    Pack value;
    for (const PassingSpan& span : spans) value.text(span.outlet).instant(span.known).instant(span.gone);
    put(key, spans.empty(), value.take(), get(key).has_value());
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::pair<Digest, NamedStatement> unpack_named(const Space& space, std::string_view key, std::string_view value) {
  std::pair<Digest, NamedStatement> out;
  out.first = space.digest_of(key);
  out.second.position = last_position(key);
  Unpack in(value);
  out.second.article = static_cast<std::uint32_t>(in.number());
  out.second.id = in.digest();
  out.second.recorded_at = in.instant();
  return out;
}

CoveredArticle up_to(CoveredArticle article, Position upto) {
  std::erase_if(article.runs, [&](const StatementRun& run) { return run.first > upto; });
  for (StatementRun& run : article.runs) run.count = std::min(run.count, upto.value - run.first.value + 1);
  return article;
}

Result<std::optional<std::pair<Digest, NamedStatement>>> named_statement(const EventLog& log, const EventId& id) {
  std::optional<std::pair<Digest, NamedStatement>> out;
  ANNALS_TRY(const auto position, log.lookup(id));
  if (!position) return out;
  ANNALS_TRY(const Event event, log.get(*position));
  if (const auto* statement = std::get_if<StatementEvent>(&event.body)) out.emplace(statement->note, NamedStatement{statement->article.ordinal, *position, id, event.recorded_at});
  return out;
}

std::string pack_named(const NamedStatement& named) {
  Pack out;
  out.number(named.article).digest(named.id).instant(named.recorded_at);
  return out.take();
}

Result<NoteOfCoverage> read_note(DerivedReader& rows, const Space& space, const Digest& note, Position sealed) {
  NoteOfCoverage out{note, {}, {}};
  const std::string articles = space.articles(note), named = space.named_alone(note);
  ANNALS_CHECK_OK(rows.scan(articles, articles, [&](std::string_view key, std::string_view value) {
    out.articles.push_back(up_to(unpack_article(space, key, value), sealed));
    return Visit::kContinue;
  }));
  ANNALS_CHECK_OK(rows.scan(named, named, [&](std::string_view key, std::string_view value) {
    out.named.push_back(unpack_named(space, key, value).second);
    return Visit::kContinue;
  }));
  return out;
}

namespace {

Ledger ledger_of(const NoteOfCoverage& note, const Ledger& about, Position upto) {
  Ledger one = Ledger::beside(about, upto);
  for (const CoveredArticle& article : note.articles) one.cover(up_to(article, upto));
  for (const NamedStatement& named : note.named)
    if (named.position <= upto) one.cover_named(note.note, named.article, named.position, named.id, named.recorded_at);
  return one;
}

}  // namespace

std::vector<CoverageSpan> spans_of(const NoteOfCoverage& note, const Ledger& about, Position upto) { return ledger_of(note, about, upto).coverage_spans(upto); }

void tally_note(const NoteOfCoverage& note, const Ledger& about, const Bounds& bounds, CoverageTally& out) {
  if (note.named.empty() && !about.spoken_of(note.note)) {
    for (const CoveredArticle& article : note.articles) out.add(article);
  } else {
    ledger_of(note, about, bounds.recorded_to).tally(bounds, out);
  }
}

Status each_note(DerivedReader& rows, const Space& space, const std::function<void(NoteOfCoverage&)>& visit) {
  const std::string articles = space.kind("a/"), named = space.kind("x/");
  std::map<Digest, std::vector<NamedStatement>> alone;
  ANNALS_CHECK_OK(rows.scan(named, named, [&](std::string_view key, std::string_view value) {
    auto [which, statement] = unpack_named(space, key, value);
    alone[which].push_back(statement);
    return Visit::kContinue;
  }));
  NoteOfCoverage note;
  const auto show = [&] {
    if (note.articles.empty()) return;
    if (const auto at = alone.find(note.note); at != alone.end()) note.named = std::move(at->second);
    visit(note);
    note = {};
  };
  ANNALS_CHECK_OK(rows.scan(articles, articles, [&](std::string_view key, std::string_view value) {
    CoveredArticle article = unpack_article(space, key, value);
    if (note.note != article.note) show();
    note.note = article.note;
    note.articles.push_back(std::move(article));
    return Visit::kContinue;
  }));
  show();
  return {};
}

Result<CoverageSums> count_all(DerivedReader& rows, const Space& space, const Ledger& about) {
  CoverageSums out;
  ANNALS_CHECK_OK(each_note(rows, space, [&](NoteOfCoverage& note) { out.count(note.note, spans_of(note, about, about.upto())); }));
  return out;
}

Result<CoverageSums> count_news(DerivedReader& rows, const Space& space, const std::set<Digest>& notes, const Ledger& about, Position from, Position to) {
  CoverageSums out;
  for (const Digest& which : notes) {
    ANNALS_TRY(const NoteOfCoverage note, read_note(rows, space, which, to));
    if (!note.articles.empty()) out.count(which, spans_of(note, about, to), spans_of(note, about, from));
  }
  return out;
}

}  // namespace annals::index_rows
