#include "engine/projection/index_subject.h"

#include <algorithm>
#include <set>

namespace annals::index_rows {

SubjectPages::SubjectPages(const EventLog& log, DerivedReader& rows, const Space& space, Position sealed, const Ledger& base, const Projection& projection,
                           std::string subject, const Families& families, std::size_t at_once)
    : log_(log), rows_(rows), space_(space), sealed_(sealed), base_(base), projection_(projection), subject_(std::move(subject)), at_once_(at_once),
      prefixes_(posting_prefixes(space, projection, subject_, families)) {}

Status SubjectPages::open() {
  Postings postings(log_, rows_, space_, sealed_);
  for (const std::string& prefix : prefixes_) {
    ANNALS_TRY(const auto more, postings.read_from(prefix, Position{}, at_once_));
    if (more) return read_outline();
  }
  whole_ = Ledger::beside(base_, sealed_);
  ANNALS_CHECK_OK(postings.add_to(*whole_));
  whole_->courses(projection_, subject_, [&](const std::string& key, Course course) { courses_.emplace(key, std::move(course)); });
  return {};
}

Status SubjectPages::read_whole() {
  outlines_.clear();
  whole_ = Ledger::beside(base_, sealed_);
  Postings postings(log_, rows_, space_, sealed_);
  for (const std::string& prefix : prefixes_) ANNALS_CHECK_OK(postings.read_from(prefix, Position{}, SIZE_MAX));
  ANNALS_CHECK_OK(postings.add_to(*whole_));
  whole_->courses(projection_, subject_, [&](const std::string& key, Course course) { courses_.emplace(key, std::move(course)); });
  return {};
}

Status SubjectPages::read_outline() {
  std::map<std::string, Told> told;
  for (std::size_t index = 0; index < prefixes_.size(); ++index) {
    for (std::optional<Position> from = Position{}; from;) {
      Postings postings(log_, rows_, space_, sealed_);
      ANNALS_TRY(from, postings.read_from(prefixes_[index], *from, at_once_));
      Ledger some = Ledger::beside(base_, sealed_);
      ANNALS_CHECK_OK(postings.add_to(some));
      for (const auto& [key, statements] : some.outline(projection_, subject_)) {
        Told& all = told[key];
        for (const Ledger::Outlined& each : statements) {
          if (each.withdrawn) return read_whole();
          all.push_back({{each.position.value, index, each.known}, each.text});
        }
      }
    }
  }
  while (!told.empty()) {   // what is put together takes the place of what it is made of
    auto one = told.extract(told.begin());
    outlines_.emplace(std::move(one.key()), outline_of(std::move(one.mapped())));
  }
  return {};
}

SubjectPages::Outline SubjectPages::outline_of(Told told) {
  std::sort(told.begin(), told.end(), [](const auto& a, const auto& b) {
    return std::pair(a.first.known, std::uint64_t{a.first.position}) < std::pair(b.first.known, std::uint64_t{b.first.position});
  });
  // What two spellings have is read whole.
  std::size_t kept = 0;
  for (const auto& each : told) {
    if (kept > 0 && told[kept - 1].first.position == each.first.position && told[kept - 1].first.known == each.first.known) told[kept - 1].first.prefix = kLog;
    else told[kept++] = each;
  }
  told.resize(kept);
  Outline out;
  out.statements.reserve(kept);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> texts;
  for (const auto& [statement, text] : told) {
    if (text != 0) texts.emplace_back(text, static_cast<std::uint32_t>(out.statements.size()));
    out.statements.push_back(statement);
  }
  std::sort(texts.begin(), texts.end());
  for (std::size_t i = 1, first = 0; i < texts.size(); ++i) {
    if (texts[i].first != texts[first].first) first = i;
    else out.firsts.emplace_back(texts[i].second, texts[first].second);
  }
  std::sort(out.firsts.begin(), out.firsts.end());
  out.firsts.shrink_to_fit();
  return out;
}

std::vector<std::string> SubjectPages::keys() const {
  std::vector<std::string> out;
  for (const auto& [key, course] : courses_) out.push_back(key);
  for (const auto& [key, outline] : outlines_) out.push_back(key);
  return out;
}

Result<Ledger> SubjectPages::load(const Outline& outline, std::size_t begin, std::size_t end) const {
  std::map<std::uint16_t, std::set<Position>> wanted;
  const auto want = [&](const Statement& statement) { wanted[statement.prefix].insert(Position{statement.position}); };
  for (std::size_t i = begin; i < end; ++i) {
    want(outline.statements[i]);
    const auto first = std::lower_bound(outline.firsts.begin(), outline.firsts.end(), std::pair(static_cast<std::uint32_t>(i), std::uint32_t{0}));
    if (first != outline.firsts.end() && first->first == i) want(outline.statements[first->second]);
  }
  Postings postings(log_, rows_, space_, sealed_, wanted[kLog]);
  for (const auto& [prefix, positions] : wanted)
    if (prefix != kLog) ANNALS_CHECK_OK(postings.read_at(prefixes_[prefix], std::vector<Position>(positions.begin(), positions.end())));
  Ledger out = Ledger::beside(base_, sealed_);
  ANNALS_CHECK_OK(postings.add_to(out));
  return out;
}

Status SubjectPages::make(const std::string& key, const PageVisitor& visit, const EndVisitor& visit_end) {
  if (const auto at = courses_.find(key); at != courses_.end()) {
    PageMaker maker({&projection_, key, visit, &*whole_, nullptr});
    ANNALS_CHECK_OK(maker.add(std::move(at->second)));
    ANNALS_CHECK_OK(maker.finish());
    maker.ends(visit_end);
    return {};
  }
  const auto found = outlines_.find(key);
  if (found == outlines_.end()) return {};
  const Outline& outline = found->second;
  const std::vector<Statement>& statements = outline.statements;
  // The items of [begin, end) and no others; what comes along is known earlier.
  const auto items = [&](std::size_t begin, std::size_t end, const std::function<Status(Ledger&, Course)>& use) -> Status {
    ANNALS_TRY(Ledger some, load(outline, begin, end));
    Course course;
    some.courses(projection_, subject_, [&](const std::string& its, Course all) {
      if (its == key) course = std::move(all);
    });
    std::erase_if(course.items, [&](const Course::Item& item) { return item.known < statements[begin].known; });
    return use(some, std::move(course));
  };
  const auto fetch = [&](Instant known, Position position, std::uint32_t claim) -> Result<Evidence> {
    const auto at = std::lower_bound(statements.begin(), statements.end(), std::pair(known, position),
                                     [](const Statement& a, const auto& b) { return std::pair(a.known, Position{a.position}) < b; });
    std::optional<Evidence> out;
    if (at != statements.end()) {
      const auto index = static_cast<std::size_t>(at - statements.begin());
      ANNALS_CHECK_OK(items(index, index + 1, [&](Ledger&, Course course) -> Status {
        for (Course::Item& item : course.items)
          if (item.placed.evidence.position == position && item.placed.evidence.claim == claim) out = std::move(item.placed.evidence);
        return {};
      }));
    }
    if (!out) return Error{ErrorCode::kCorrupt, "the index's postings of " + key + " changed while they were read; make the index anew"};
    return *std::move(out);
  };
  PageMaker maker({&projection_, key, visit, nullptr, fetch});
  for (std::size_t begin = 0; begin < statements.size();) {
    std::size_t end = std::min(begin + at_once_, statements.size());
    while (end < statements.size() && statements[end].known == statements[end - 1].known) ++end;
    ANNALS_CHECK_OK(items(begin, end, [&](Ledger&, Course course) { return maker.add(std::move(course)); }));
    begin = end;
  }
  ANNALS_CHECK_OK(maker.finish());
  maker.ends(visit_end);
  return {};
}

Result<News> read_news(const EventLog& log, DerivedReader& rows, const Space& space, Position from, Position sealed, const Ledger& base, const Projection& projection,
                       std::string_view subject, const Families& families, const std::set<Digest>& copied) {
  const auto prefixes = posting_prefixes(space, projection, subject, families);
  Postings postings(log, rows, space, sealed);
  for (const std::string& prefix : prefixes) ANNALS_CHECK_OK(postings.read_from(prefix, Position{from.value + 1}, SIZE_MAX));
  // The older articles of these words, in which a copy has its place.
  std::set<Position> older;
  ANNALS_TRY(const std::set<Digest> texts, postings.texts());
  for (const Digest& text : texts) {
    if (!copied.contains(text)) continue;
    const std::string prefix = space.texts(text);
    std::vector<std::string> articles;
    ANNALS_CHECK_OK(rows.scan(prefix, prefix, [&](std::string_view key, std::string_view) {
      articles.push_back(space.kind("a/") + std::string(key.substr(prefix.size())));
      return Visit::kContinue;
    }));
    for (const std::string& article : articles) {
      const auto row = rows.get(article);
      if (!row) continue;
      for (const StatementRun& run : unpack_article(space, article, *row).runs)
        for (std::uint64_t i = 0; i < run.count && run.first.value + i <= from.value; ++i) older.insert(Position{run.first.value + i});
    }
  }
  const std::vector<Position> positions(older.begin(), older.end());
  for (const std::string& prefix : prefixes) ANNALS_CHECK_OK(postings.read_at(prefix, positions));
  News out{Ledger::beside(base, sealed), {}, {}};
  ANNALS_CHECK_OK(postings.add_to(out.ledger));
  out.ledger.courses(projection, subject, [&](const std::string& key, Course course) {
    // By time of knowing: an older statement behind a new one may have become its copy.
    bool seen = false, turned = false;
    for (const Course::Item& item : course.items) {
      const bool fresh = item.placed.evidence.position > from;
      turned = turned || (seen && !fresh);
      seen = seen || fresh;
    }
    if (turned) out.turned.insert(key);
    std::erase_if(course.items, [&](const Course::Item& item) { return item.placed.evidence.position <= from; });
    if (!course.items.empty()) out.courses.emplace(key, std::move(course));
  });
  return out;
}

}  // namespace annals::index_rows
