#include "engine/projection/index_rows.h"

#include <algorithm>

#include "engine/projection/pack.h"

namespace annals::index_rows {
namespace {

constexpr std::string_view kReachKey = "px12/reach";

void put_big(std::string& out, std::uint64_t number, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<char>((number >> (8 * i)) & 0xff));
}
std::uint64_t take_big(std::string_view text, std::size_t at, std::size_t bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < bytes && at + i < text.size(); ++i) out = out << 8 | static_cast<std::uint8_t>(text[at + i]);
  return out;
}
std::string pack_reach(const Reach& reach) {
  std::string value(1, reach.space);
  put_big(value, reach.sealed.value, 8);
  put_big(value, reach.aim.value, 8);
  value.push_back(reach.pages_too ? 1 : 0);
  return value;
}
std::uint64_t forwards(Instant at) { return static_cast<std::uint64_t>(at.time_since_epoch().count()) ^ (1ull << 63); }
// Later moments first, so that the newest page at or before a moment is one seek away.
std::uint64_t backwards(Instant at) { return ~forwards(at); }

}  // namespace

Reach read_reach(const EventLog& log) { return read_reach(log, *log.derived()); }

Reach read_reach(const EventLog& log, DerivedReader& rows) {
  const auto row = rows.get(kReachKey);
  if (!row || row->size() != 18) return {};
  Reach out{row->front(), Position{take_big(*row, 1, 8)}, Position{take_big(*row, 9, 8)}, row->back() != 0};
  out.sealed = std::min(out.sealed, log.last());
  return out;
}

DerivedRow reach_row(const Reach& reach) { return {std::string(kReachKey), pack_reach(reach)}; }

Status write_reach(EventLog& log, const Reach& reach, bool lasting) {
  const DerivedRow row = reach_row(reach);
  if (lasting) return log.put_derived_sorted(std::span(&row, 1));
  const std::pair<std::string, std::string> put{row.first, *row.second};
  return log.put_derived(std::span(&put, 1));
}

ReadOptions for_answers() {
  ReadOptions options;
  options.parts = Parts::kText;
  options.check_leaves = false;
  return options;
}

std::string Space::all_postings(std::string_view projection) const {
  std::string out = kind("p/");
  out.append(projection).push_back('\0');
  return out;
}
std::string Space::postings(std::string_view projection, std::string_view subject) const {
  std::string out = all_postings(projection);
  out.append(subject).push_back('\0');
  return out;
}
std::string Space::posting(std::string_view projection, std::string_view subject, Position position) const {
  std::string out = postings(projection, subject);
  put_big(out, position.value, 8);
  return out;
}
std::string Space::readings(Position statement) const {
  std::string out = kind("r/");
  put_big(out, statement.value, 8);
  return out;
}
std::string Space::reading(Position statement, Position reading) const {
  std::string out = readings(statement);
  put_big(out, reading.value, 8);
  return out;
}
std::string Space::about(Position position) const {
  std::string out = kind("c/");
  put_big(out, position.value, 8);
  return out;
}
std::string Space::of_digest(std::string_view its, const Digest& digest) const {
  std::string out = kind(its);
  out.push_back('\0');
  out.append(digest.hex()).push_back('\0');
  return out;
}
Digest Space::digest_of(std::string_view key) const {
  const std::size_t at = std::min(key.size(), kind("a/").size() + 1);
  const auto digest = Digest::from_hex(key.substr(at, 2 * sizeof(Digest)));
  return digest ? *digest : Digest();
}
std::string Space::articles(const Digest& note) const { return of_digest("a/", note); }
std::string Space::article(const Digest& note, std::uint32_t ordinal) const {
  std::string out = articles(note);
  put_big(out, ordinal, 4);
  return out;
}
std::string Space::texts(const Digest& text_hash) const { return of_digest("t/", text_hash); }
std::string Space::text(const Digest& text_hash, const Digest& note, std::uint32_t ordinal) const {
  return texts(text_hash).append(article(note, ordinal), kind("a/").size());
}
std::string Space::named_alone(const Digest& note) const { return of_digest("x/", note); }
std::string Space::named_alone(const Digest& note, Position statement) const {
  std::string out = named_alone(note);
  put_big(out, statement.value, 8);
  return out;
}
std::string Space::names(std::string_view name) const {
  std::string out = kind("n/");
  out.append(name).push_back('\0');
  return out;
}
std::string Space::named(std::string_view name, std::string_view projection, std::string_view subject) const {
  std::string out = names(name);
  out.append(projection).push_back('\0');
  out.append(subject);
  return out;
}
std::string Space::all_pages(std::string_view projection) const {
  std::string out = kind("g/");
  out.append(projection).push_back('\0');
  return out;
}
std::string Space::heads(std::string_view projection, std::string_view key) const {
  std::string out = kind("h/");
  out.append(projection).push_back('\0');
  out.append(key).push_back('\0');
  return out;
}
std::string Space::head(std::string_view projection, std::string_view key, Instant at) const {
  std::string out = heads(projection, key);
  put_big(out, backwards(at), 8);
  return out;
}
std::string Space::changes(std::string_view projection) const {
  std::string out = kind("m/");
  out.append(projection).push_back('\0');
  return out;
}
std::string Space::change(std::string_view projection, Instant at, std::string_view key) const {
  std::string out = changes(projection);
  put_big(out, forwards(at), 8);
  out.append(key);
  return out;
}
std::string Space::snapshots(std::string_view projection) const {
  std::string out = kind("s/");
  out.append(projection).push_back('\0');
  return out;
}
std::string Space::snapshot(std::string_view projection, Instant at) const {
  std::string out = snapshots(projection);
  put_big(out, backwards(at), 8);
  return out;
}
std::string Space::pages(std::string_view projection, std::string_view key) const {
  std::string out = all_pages(projection);
  out.append(key).push_back('\0');
  return out;
}
std::string Space::pages_of_track(std::string_view projection, std::string_view key, std::string_view track) const {
  std::string out = pages(projection, key);
  if (!track.empty()) out.append(track).push_back('\0');
  return out;
}
std::string Space::ends(std::string_view projection, std::string_view key) const {
  std::string out = kind("e/");
  out.append(projection).push_back('\0');
  out.append(key).push_back('\0');
  return out;
}
std::string Space::end(std::string_view projection, std::string_view key, std::string_view track) const {
  std::string out = ends(projection, key);
  if (!track.empty()) out.append(track).push_back('\0');
  return out;
}
std::string Space::page(std::string_view projection, std::string_view key, std::string_view track, Instant at) const {
  std::string out = pages_of_track(projection, key, track);
  put_big(out, backwards(at), 8);
  return out;
}

std::string with_position(std::string_view prefix, Position position) {
  std::string out(prefix);
  put_big(out, position.value, 8);
  return out;
}

Position last_position(std::string_view key) { return Position{take_big(key, key.size() - 8, 8)}; }

std::optional<Instant> page_moment(std::string_view key) {
  if (key.size() < 8) return std::nullopt;
  return Instant(Micros(static_cast<std::int64_t>(~take_big(key, key.size() - 8, 8) ^ (1ull << 63))));
}

std::optional<Instant> change_moment(std::string_view rest) {
  if (rest.size() < 8) return std::nullopt;
  return Instant(Micros(static_cast<std::int64_t>(take_big(rest, 0, 8) ^ (1ull << 63))));
}

std::pair<std::string, std::string> two_texts(std::string_view key, std::size_t prefix) {
  const std::string_view rest = key.substr(std::min(prefix, key.size()));
  const std::size_t zero = rest.find('\0');
  if (zero == std::string_view::npos) return {};
  return {std::string(rest.substr(0, zero)), std::string(rest.substr(zero + 1))};
}

std::string pack_article(const CoveredArticle& article) {
  Pack out;
  out.maybe(article.outlet, [&](const std::string& outlet) { out.text(outlet); });
  out.maybe_instant(article.known_from).maybe_instant(article.observed);
  for (const StatementRun& run : article.runs) out.number(run.first.value).number(run.count).instant(run.recorded_at);
  return out.take();
}

CoveredArticle unpack_article(const Space& space, std::string_view key, std::string_view value) {
  CoveredArticle out;
  out.note = space.digest_of(key);
  out.ordinal = static_cast<std::uint32_t>(take_big(key, key.size() - std::min<std::size_t>(key.size(), 4), 4));
  Unpack in(value);
  out.outlet = in.maybe([&] { return in.text(); });
  out.known_from = in.maybe_instant();
  out.observed = in.maybe_instant();
  while (!in.done() && !in.failed()) {
    StatementRun run;
    run.first = Position{in.number()};
    run.count = in.number();
    run.recorded_at = in.instant();
    if (!in.failed()) out.runs.push_back(run);
  }
  return out;
}

std::string pack_about(const Event& event) {
  Pack out;
  out.number(static_cast<std::uint64_t>(event.kind()));
  const auto target = [&](const Target& about) {
    out.digest(event.id).instant(event.recorded_at).number(static_cast<std::uint64_t>(about.kind));
    out.digest(about.kind == TargetKind::kEvent ? about.event : about.note).number(about.article);
  };
  if (const auto* retraction = std::get_if<Retraction>(&event.body)) target(retraction->about);
  if (const auto* withdrawal = std::get_if<Withdrawal>(&event.body)) {
    target(withdrawal->about);
    out.instant(withdrawal->published.known_from);
  }
  return out.take();
}

std::optional<Event> unpack_about(std::string_view value, Position position) {
  Unpack in(value);
  const auto kind = static_cast<EventKind>(in.number());
  if (kind != EventKind::kRetraction && kind != EventKind::kWithdrawal) return std::nullopt;
  Event out;
  out.position = position;
  out.id = in.digest();
  out.recorded_at = in.instant();
  Target about;
  const std::uint64_t what = in.number();
  const Digest named = in.digest();
  about.article = static_cast<std::uint32_t>(in.number());
  if (what > static_cast<std::uint64_t>(TargetKind::kNote)) return std::nullopt;
  about.kind = static_cast<TargetKind>(what);
  (about.kind == TargetKind::kEvent ? about.event : about.note) = named;
  if (kind == EventKind::kRetraction) {
    out.body = Retraction{about, {}, {}};
  } else {
    Withdrawal withdrawal;
    withdrawal.about = about;
    withdrawal.published.known_from = in.instant();
    out.body = std::move(withdrawal);
  }
  return in.failed() || !in.done() ? std::nullopt : std::optional(std::move(out));
}

std::string pack_end(const PageEnd& end) {
  Pack out;
  out.instant(end.at).number(end.claims);
  std::string value = out.take();
  put_big(value, end.folds, 8);
  return value;
}

std::string_view settled_part(std::string_view end) { return end.substr(0, end.size() - std::min<std::size_t>(end.size(), 8)); }

std::optional<PageEnd> unpack_end(std::string_view value) {
  Unpack in(settled_part(value));
  PageEnd out;
  out.at = in.instant();
  out.claims = in.number();
  out.folds = take_big(value, settled_part(value).size(), 8);
  return in.failed() || !in.done() ? std::nullopt : std::optional(out);
}

std::string pack_extract(const Event& event, std::string_view wording, std::string_view subject, const Projection& projection) {
  const auto& body = std::get<StatementEvent>(event.body);
  const ArticleHead& head = body.article;
  Pack out;
  out.digest(event.id).instant(event.recorded_at).digest(body.note).number(head.ordinal).text(head.title);
  out.maybe(head.outlet, [&](const std::string& outlet) { out.text(outlet); });
  out.number(static_cast<std::uint64_t>(head.rendition));
  out.maybe(head.published, [&](const Published& at) { out.published(at); });
  out.maybe_instant(head.observed).digest(head.text_hash);
  out.text(body.interpreter.name).number(body.interpreter.version).text(wording);
  for (std::size_t i = 0; i < body.reading.claims.size(); ++i) {
    if (projection.subject(body.reading.claims[i]) != subject) continue;
    out.number(claim_ordinal(body.reading, i)).claim(body.reading.claims[i]);
  }
  return out.take();
}

std::optional<StatementExtract> unpack_extract(std::string_view value, Position position) {
  if (value.empty()) return std::nullopt;
  Unpack in(value);
  StatementExtract out;
  out.position = position;
  out.id = in.digest();
  out.recorded_at = in.instant();
  out.note = in.digest();
  out.article.ordinal = static_cast<std::uint32_t>(in.number());
  out.article.title = in.text();
  out.article.outlet = in.maybe([&] { return in.text(); });
  out.article.rendition = static_cast<Rendition>(in.number());
  out.article.published = in.maybe([&] { return in.published(); });
  out.article.observed = in.maybe_instant();
  out.article.text_hash = in.digest();
  out.interpreter.name = in.text();
  out.interpreter.version = static_cast<std::uint32_t>(in.number());
  out.wording = in.text();
  while (!in.done() && !in.failed()) {
    out.ordinals.push_back(static_cast<std::uint32_t>(in.number()));
    out.claims.push_back(in.claim());
  }
  if (in.failed()) return std::nullopt;
  return out;
}

}  // namespace annals::index_rows
