#include "engine/projection/index.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <utility>

#include "engine/language/fold.h"
#include "engine/language/offices.h"
#include "engine/projection/coverage_rows.h"
#include "engine/projection/index_load.h"
#include "engine/projection/index_rows.h"
#include "engine/projection/index_subject.h"
#include "engine/projection/wording.h"

namespace annals {
namespace {

using index_rows::for_answers;
using index_rows::Reach;
using index_rows::Space;

constexpr std::uint64_t kStretch = 16'384;           // of the log, whose rows are in memory together
constexpr std::size_t kPostingsOfABatch = 16'384;    // of the keys whose pages one thread makes and writes together
constexpr std::size_t kBytesOfAFile = 24u << 20;     // rows gathered into one sorted file
constexpr std::size_t kBytesOfABatch = 256u << 10;   // below that they are put one by one
constexpr std::size_t kKind = index_rows::kPrefix.size() + 3;   // "px8/a/p"
constexpr std::size_t kNamesAtOnce = 100'000;

// Rows on their way to the log.
class Writer {
 public:
  explicit Writer(EventLog& log) : log_(log) {}
  Status put(std::string key, std::optional<std::string> value) {
    bytes_ += key.size() + (value ? value->size() : 0);
    rows_.emplace_back(std::move(key), std::move(value));
    return bytes_ >= kBytesOfAFile ? flush() : Status();
  }
  Status flush() {
    const std::size_t bytes = std::exchange(bytes_, 0);
    std::vector<DerivedRow> rows = std::exchange(rows_, {});
    if (bytes >= kBytesOfABatch) {
      // Each kind of row in a file of its own, so that none lies across the pages: what reads pages passes by the newest postings.
      std::sort(rows.begin(), rows.end());
      const auto kind = [](const DerivedRow& row) { return std::string_view(row.first).substr(0, kKind); };
      for (std::size_t begin = 0; begin < rows.size();) {
        std::size_t end = begin;
        while (end < rows.size() && kind(rows[end]) == kind(rows[begin])) ++end;
        ANNALS_CHECK_OK(log_.put_derived_sorted(std::span(rows).subspan(begin, end - begin)));
        begin = end;
      }
      return {};
    }
    std::vector<std::pair<std::string, std::string>> put;
    std::vector<std::string> removed;
    for (auto& [key, value] : rows) {
      if (value) put.emplace_back(std::move(key), *std::move(value));
      else removed.push_back(std::move(key));
    }
    return put.empty() && removed.empty() ? Status() : log_.put_derived(put, removed);
  }

 private:
  EventLog& log_;
  std::vector<DerivedRow> rows_;
  std::size_t bytes_ = 0;
};

// How many postings each subject has: projection, subject as written.
using Subjects = std::map<const Projection*, std::unordered_map<std::string, std::uint64_t>>;

// Makes the rows of a stretch of the log, all but the pages. Events come in log order.
class RowMaker {
 public:
  RowMaker(const EventLog& log, const Space& space) : log_(log), space_(space) {}

  Status add(const Event& event) {
    if (const auto* statement = std::get_if<StatementEvent>(&event.body)) {
      post(statement->reading.claims, event.position, &event);
      CoveredArticle& article = articles_[{statement->note, statement->article.ordinal}];
      if (article.runs.empty()) {
        if (const Digest& text = statement->article.text_hash; !text.none()) {
          rows_.emplace_back(space_.text(text, statement->note, statement->article.ordinal), std::string());
          texts_.insert(text);
        }
        article.note = statement->note;
        article.ordinal = statement->article.ordinal;
        article.outlet = statement->article.outlet;
        if (statement->article.published) article.known_from = statement->article.published->known_from;
        article.observed = statement->article.observed;
      }
      article.add(event.position, event.recorded_at);
      return {};
    }
    if (std::holds_alternative<NoteArrival>(event.body)) return {};
    if (const auto* again = std::get_if<Reinterpretation>(&event.body)) {
      ANNALS_TRY(const auto about, log_.lookup(again->about));
      if (!about) return {};
      rows_.emplace_back(space_.reading(*about, event.position), std::string());
      post(again->reading.claims, *about, nullptr);
      // What the statement said before it says no more, wherever it was posted.
      ANNALS_TRY(const Event first, log_.get(*about));
      if (const auto* statement = std::get_if<StatementEvent>(&first.body)) post(statement->reading.claims, *about, nullptr);
      return {};
    }
    rows_.emplace_back(space_.about(event.position), index_rows::pack_about(event));
    if (const auto* retraction = std::get_if<Retraction>(&event.body)) ANNALS_CHECK_OK(name_alone(retraction->about));
    if (const auto* withdrawal = std::get_if<Withdrawal>(&event.body)) ANNALS_CHECK_OK(name_alone(withdrawal->about));
    if (const auto* review = std::get_if<Review>(&event.body); review != nullptr && review->amended) {
      ANNALS_TRY(const auto about, log_.lookup(review->about));
      if (about) post(std::span(&*review->amended, 1), *about, nullptr);
    }
    return {};
  }

  // All rows so far by key, those of articles joined with what is stored already.
  std::vector<DerivedRow> take(bool join_stored) {
    for (auto& [key, article] : articles_) {
      const std::string row = space_.article(article.note, article.ordinal);
      if (join_stored) {
        if (const auto stored = log_.get_derived(row)) {
          CoveredArticle before = index_rows::unpack_article(space_, row, *stored);
          // A seal that was stopped has counted some of them before.
          const std::uint64_t there = before.runs.empty() ? 0 : before.runs.back().first.value + before.runs.back().count - 1;
          for (const StatementRun& run : article.runs)
            for (std::uint64_t i = 0; i < run.count; ++i)
              if (run.first.value + i > there) before.add(Position{run.first.value + i}, run.recorded_at);
          article = std::move(before);
        }
      }
      rows_.emplace_back(row, index_rows::pack_article(article));
    }
    articles_.clear();
    // Of a posting that is made twice the empty one counts: it comes first.
    std::sort(rows_.begin(), rows_.end());
    rows_.erase(std::unique(rows_.begin(), rows_.end(), [](const DerivedRow& a, const DerivedRow& b) { return a.first == b.first; }), rows_.end());
    return std::move(rows_);
  }
  const Subjects& subjects() const { return subjects_; }
  const std::set<Digest>& texts() const { return texts_; }   // of articles

 private:
  // `event`: the statement itself, whose part the posting holds; none: something bears on it that only the log tells.
  void post(std::span<const Claim> claims, Position position, const Event* event) {
    const std::string wording = event == nullptr || claims.empty() ? std::string() : wording_of(std::get<StatementEvent>(event->body).statement.text);
    for (const Claim& claim : claims) {
      for (const auto& projection : projections()) {
        const std::string subject = projection->subject(claim);
        if (subject.empty()) continue;
        rows_.emplace_back(space_.posting(projection->name(), subject, position), event == nullptr ? std::string() : index_rows::pack_extract(*event, wording, subject, *projection));
        ++subjects_[projection.get()][subject];
        if (names_.size() > kNamesAtOnce) names_.clear();
        const auto name = [&](const std::string& text) {
          if (text.empty()) return;
          std::string row = space_.named(text, projection->name(), subject);
          if (names_.insert(row).second) rows_.emplace_back(std::move(row), std::string());
        };
        for (const Slot& slot : claim.slots) {
          if (const auto* entity = std::get_if<EntityRef>(&slot.value)) name(entity->id);
          if (const auto* entities = std::get_if<std::vector<EntityRef>>(&slot.value))
            for (const EntityRef& each : *entities) name(each.id);
        }
        if (!claim.speakers.empty()) {
          const std::string deepest = fold(claim.speakers.back());
          name(deepest);
          for (const std::string& person : without_office(deepest)) name(person);
        }
      }
    }
  }

  Status name_alone(const Target& target) {
    if (target.kind != TargetKind::kEvent) return {};
    ANNALS_TRY(const auto named, index_rows::named_statement(log_, target.event));
    if (named) rows_.emplace_back(space_.named_alone(named->first, named->second.position), index_rows::pack_named(named->second));
    return {};
  }

  const EventLog& log_;
  const Space& space_;
  std::vector<DerivedRow> rows_;
  std::map<std::pair<Digest, std::uint32_t>, CoveredArticle> articles_;
  Subjects subjects_;
  std::set<Digest> texts_;
  std::unordered_set<std::string> names_;   // rows that were made lately
};

// Keys whose pages have to be made, by what they are filed under: one reading of postings serves all keys of a subject. Projections and
// subjects in the order of their rows.
struct Group {
  bool all = false;               // of the subject
  std::set<std::string> keys;     // else these
  std::set<std::string> grown;    // and these, of which nothing but new statements speaks: perhaps their pages can be gone on from
  std::uint64_t postings = 0;     // about
};
using Groups = std::map<std::pair<std::string_view, std::string>, Group>;

Groups group(const index_rows::Toucher& toucher) {
  Groups out;
  for (const auto& [each, touch] : toucher.keys()) {
    const auto& [name, key] = each;
    const Projection* projection = find_projection(name);
    Group& one = out[{projection->name(), projection->subject_of_key(key)}];
    (touch.turned ? one.keys : one.grown).insert(key);
    one.postings += kPostingsOfABatch / 256;   // nobody has counted
  }
  return out;
}

// Every subject that has postings, under the name that its keys have.
Groups every_group(const Subjects& subjects, const Families& families) {
  Groups out;
  for (const auto& [projection, counts] : subjects) {
    for (const auto& [subject, count] : counts) {
      const std::size_t bar = subject.find('|');
      Group& one = out[{projection->name(), families.canonical(subject.substr(0, bar)) + (bar == std::string::npos ? "" : subject.substr(bar))}];
      one.all = true;
      one.postings += count;
    }
  }
  return out;
}

// What one thread does with the keys that it is given.
struct KeyWorker {
  using Make = std::function<Status(const PageVisitor&, const index_rows::EndVisitor&)>;
  std::function<Status(DerivedReader&, const Projection&, const std::string& key, const Make& make)> see;
  // Puts what became known of a key behind its pages; false: they have to be made anew.
  std::function<Result<bool>(DerivedReader&, const Projection&, const std::string& key, Course course)> go_on;
  std::function<Status()> finish = [] { return Status(); };   // after each batch of keys
};

struct Stretch {
  Position from;                // everything up to here has pages
  Position to;
  std::set<Digest> copied;      // texts of its articles that other articles have as well
};
// Makes the pages of the groups' keys, a batch of neighbours at a time in each thread.
Status each_key(const EventLog& log, const Space& space, const Stretch& stretch, const Ledger& base, const Groups& groups,
                const std::function<KeyWorker()>& make_worker, const IndexProgress& progress) {
  const auto families = base.families(Bounds{});
  std::vector<std::vector<Groups::const_iterator>> batches;
  std::uint64_t postings = 0, done = 0, total = 0;
  for (auto at = groups.begin(); at != groups.end(); ++at) {
    if (batches.empty() || postings > kPostingsOfABatch) {
      batches.emplace_back();
      postings = 0;
    }
    batches.back().push_back(at);
    postings += at->second.postings;
    total += at->second.postings;
  }
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  Status failed;
  const auto one = [&](KeyWorker& worker, DerivedReader& rows, const Groups::const_iterator& which) -> Status {
    const Projection& projection = *find_projection(which->first.first);
    const auto& [name, subject] = which->first;
    std::set<std::string> anew = which->second.keys;
    if (!which->second.grown.empty()) {
      ANNALS_TRY(auto news, index_rows::read_news(log, rows, space, stretch.from, stretch.to, base, projection, subject, *families, stretch.copied));
      for (const std::string& key : which->second.grown) {
        const auto course = news.courses.find(key);
        bool behind = !news.turned.contains(key);   // and where nothing ever becomes known, nothing is to be done
        if (behind && course != news.courses.end()) {
          ANNALS_TRY(behind, worker.go_on(rows, projection, key, std::move(course->second)));
        }
        if (!behind) anew.insert(key);
      }
    }
    if (anew.empty() && !which->second.all) return {};
    index_rows::SubjectPages pages(log, rows, space, stretch.to, base, projection, subject, *families);
    ANNALS_CHECK_OK(pages.open());
    if (which->second.all)
      for (std::string& key : pages.keys()) anew.insert(std::move(key));
    for (const std::string& key : anew)
      ANNALS_CHECK_OK(worker.see(rows, projection, key, [&](const PageVisitor& visit, const index_rows::EndVisitor& end) { return pages.make(key, visit, end); }));
    return {};
  };
  const auto work = [&] {
    KeyWorker worker = make_worker();
    for (std::size_t index; (index = next.fetch_add(1)) < batches.size();) {
      Status status;
      const auto rows = log.derived();
      for (const auto& which : batches[index]) {
        status = one(worker, *rows, which);
        const std::lock_guard lock(mutex);
        done += which->second.postings;
        if (progress) progress(done, total);
        if (!status || !failed) break;
      }
      if (status) status = worker.finish();
      const std::lock_guard lock(mutex);
      if (failed && !status) failed = status;
      if (!failed) return;
    }
  };
  const unsigned threads = static_cast<unsigned>(std::min<std::size_t>(std::clamp(std::thread::hardware_concurrency(), 1u, 4u), batches.size()));
  std::vector<std::thread> others;
  for (unsigned i = 1; i < threads; ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
  return failed;
}

// What was written of a stretch.
struct Written {
  Subjects subjects;         // how many postings each got
  std::set<Digest> texts;    // of articles; only where something was there before
};

// Writes the rows of (from, to] into the space, one part while the next is read.
Result<Written> write_stretches(EventLog& log, const Space& space, Position from, Position to, const IndexProgress& progress) {
  const std::uint64_t total = to.value - from.value;
  Written out;
  std::future<Status> writing;
  const auto written = [&]() -> Status { return writing.valid() ? writing.get() : Status(); };
  for (Position at = from; at < to;) {
    const Position end{std::min(to.value, at.value + kStretch)};
    RowMaker maker(log, space);
    Status failed;
    const auto shown = log.read({at, end}, [&](const Event& event) {
      failed = maker.add(event);
      return failed ? Visit::kContinue : Visit::kStop;
    }, for_answers());
    Status before = written();
    if (!shown) return shown.error();
    ANNALS_CHECK_OK(failed);
    ANNALS_CHECK_OK(before);
    for (const auto& [projection, counts] : maker.subjects())
      for (const auto& [subject, count] : counts) out.subjects[projection][subject] += count;
    if (from.value > 0) out.texts.insert(maker.texts().begin(), maker.texts().end());
    writing = std::async(std::launch::async, [&log, maker = std::move(maker)]() mutable -> Status {
      Writer writer(log);
      for (auto& [key, value] : maker.take(true)) ANNALS_CHECK_OK(writer.put(std::move(key), std::move(value)));
      return writer.flush();
    });
    at = end;
    if (progress) progress((at.value - from.value) / 2, total);
  }
  ANNALS_CHECK_OK(written());
  return out;
}

Status write_pages(EventLog& log, const Space& space, const Stretch& stretch, const Ledger& base, const Groups& groups, bool fresh,
                   const IndexProgress& progress, std::uint64_t total) {
  const auto half = [&](std::uint64_t done, std::uint64_t all) {
    if (progress) progress(total / 2 + (all == 0 ? 0 : (total - total / 2) * done / all), total);
  };
  const auto make_worker = [&] {
    KeyWorker worker;
    const auto writer = std::make_shared<Writer>(log);
    worker.finish = [writer] { return writer->flush(); };
    worker.see = [&, writer](DerivedReader& rows_now, const Projection& projection, const std::string& key, const KeyWorker::Make& make) -> Status {
      std::unordered_map<std::string, Digest> there;
      if (!fresh) {
        for (const std::string& prefix : {space.pages(projection.name(), key), space.ends(projection.name(), key)})
          ANNALS_CHECK_OK(rows_now.scan(prefix, prefix, [&](std::string_view row, std::string_view value) {
            there.emplace(row, sha256(value));
            return Visit::kContinue;
          }));
      }
      const auto put = [&](std::string row, std::string value) -> Status {
        if (const auto same = there.find(row); same != there.end()) {
          const bool equal = same->second == sha256(value);
          there.erase(same);
          if (equal) return {};
        }
        return writer->put(std::move(row), std::move(value));
      };
      std::vector<std::pair<std::string, std::string>> ends;
      ANNALS_CHECK_OK(make([&](std::string_view track, Instant at, std::string page) { return put(space.page(projection.name(), key, track, at), std::move(page)); },
                           [&](std::string_view track, const PageEnd& end) { ends.emplace_back(space.end(projection.name(), key, track), index_rows::pack_end(end)); }));
      for (auto& [row, value] : ends) ANNALS_CHECK_OK(put(std::move(row), std::move(value)));
      for (const auto& [row, hash] : there) ANNALS_CHECK_OK(writer->put(row, std::nullopt));
      return {};
    };
    worker.go_on = [&, writer](DerivedReader& rows_now, const Projection& projection, const std::string& key, Course course) -> Result<bool> {
      std::vector<std::pair<std::string, std::optional<std::string>>> rows;
      PageMaker maker({&projection, key, [&](std::string_view track, Instant at, std::string page) -> Status {
                         rows.emplace_back(space.page(projection.name(), key, track, at), std::move(page));
                         return {};
                       }, nullptr, nullptr});
      std::set<std::string> tracks;
      PageMaker::Stored stored;
      stored.end = [&](std::string_view track) -> std::optional<PageEnd> {
        const auto row = rows_now.get(space.end(projection.name(), key, track));
        if (!row) return std::nullopt;
        tracks.emplace(track);
        return index_rows::unpack_end(*row);
      };
      stored.page = [&](std::string_view track, Instant at) {
        return rows_now.get(space.page(projection.name(), key, track, at)).value_or(std::string());
      };
      stored.any = [&](std::string_view track) {
        bool any = false;
        const std::string prefix = space.pages_of_track(projection.name(), key, track);
        const Status scanned = rows_now.scan(prefix, prefix, [&](std::string_view, std::string_view) {
          any = true;
          return Visit::kStop;
        });
        return any || !scanned;
      };
      ANNALS_TRY(const bool done, maker.go_on(std::move(course), stored));
      if (!done) return false;
      maker.ends([&](std::string_view track, const PageEnd& end) {
        rows.emplace_back(space.end(projection.name(), key, track), index_rows::pack_end(end));
        tracks.erase(std::string(track));
      });
      for (const std::string& track : tracks) rows.emplace_back(space.end(projection.name(), key, track), std::nullopt);   // no going on from here
      for (auto& [row, value] : rows) ANNALS_CHECK_OK(writer->put(std::move(row), std::move(value)));
      return true;
    };
    return worker;
  };
  return each_key(log, space, stretch, base, groups, make_worker, half);
}

// Rows of older programs.
Status drop_older(EventLog& log) {
  for (const std::string_view older : {"px1/", "px2/", "px3/", "px4/", "px5/", "px6/", "px7/"}) ANNALS_CHECK_OK(log.drop_derived(older));
  return {};
}

Status drop_other(EventLog& log, char space) {
  const Space other(space == 'a' ? 'b' : 'a');
  ANNALS_CHECK_OK(log.drop_derived(other.prefix()));
  return log.drop_derived(other.counted());
}

// The sums over all articles of a set of rows that nobody reads yet.
Status write_coverage(EventLog& log, const Space& space, const Ledger& base) {
  const auto rows = log.derived();
  ANNALS_TRY(const CoverageSums sums, index_rows::count_all(*rows, space, base));
  Writer writer(log);
  for (auto& [key, value] : index_rows::coverage_rows(space, sums, nullptr)) ANNALS_CHECK_OK(writer.put(std::move(key), std::move(value)));
  return writer.flush();
}

}  // namespace

Position sealed_to(const EventLog& log) { return index_rows::read_reach(log).sealed; }

Result<Position> seal_index(EventLog& log, const IndexProgress& progress) {
  const Position last = log.last();
  Reach reach = index_rows::read_reach(log);
  if (reach.sealed == last) return last;
  // A seal that was stopped may have left pages under names that hold no more.
  if (reach.aim > reach.sealed) return rebuild_index(log, progress);
  const Position from = reach.sealed;
  const Space space(reach.space);
  reach.aim = last;
  ANNALS_CHECK_OK(index_rows::write_reach(log, reach, false));
  ANNALS_TRY(const Written written, write_stretches(log, space, from, last, progress));
  ANNALS_TRY(const Ledger base, index_rows::load_about(log, space, last));
  Stretch stretch{from, last, {}};
  Groups groups;
  std::vector<DerivedRow> counted;
  if (from.value == 0) {
    ANNALS_CHECK_OK(drop_older(log));
    ANNALS_CHECK_OK(write_coverage(log, space, base));
    groups = every_group(written.subjects, *base.families(Bounds{}));
  } else {
    for (const Digest& text : written.texts) {
      const std::string prefix = space.texts(text);
      std::size_t articles = 0;
      ANNALS_CHECK_OK(log.scan_derived(prefix, prefix, [&](std::string_view, std::string_view) { return ++articles < 2 ? Visit::kContinue : Visit::kStop; }));
      if (articles > 1) stretch.copied.insert(text);
    }
    Bounds before;
    before.recorded_to = from;
    index_rows::Toucher toucher(log, space, from, base, base.families(before), base.families(Bounds{}));
    Status failed;
    ANNALS_TRY(const Position end, log.read({from, last}, [&](const Event& event) {
      failed = toucher.touch(event);
      return failed ? Visit::kContinue : Visit::kStop;
    }, for_answers()));
    (void)end;
    ANNALS_CHECK_OK(failed);
    ANNALS_CHECK_OK(toucher.finish());
    groups = group(toucher);
    const auto rows = log.derived();
    ANNALS_TRY(const CoverageSums sums, index_rows::count_news(*rows, space, toucher.notes(), base, from, last));
    counted = index_rows::coverage_rows(space, sums, rows.get());
  }
  ANNALS_CHECK_OK(write_pages(log, space, stretch, base, groups, false, progress, last.value - from.value));
  reach.sealed = last;
  ANNALS_CHECK_OK(index_rows::write_reach(log, reach, std::move(counted)));
  if (progress) progress(last.value - from.value, last.value - from.value);
  return last;
}

Status drop_index(EventLog& log) { return log.drop_derived("px"); }

Result<Position> rebuild_index(EventLog& log, const IndexProgress& progress) {
  const Reach before = index_rows::read_reach(log);
  ANNALS_CHECK_OK(drop_other(log, before.space));
  const Position last = log.last();
  const Reach after{before.space == 'a' ? 'b' : 'a', last, last};
  const Space space(after.space);
  ANNALS_TRY(const Written written, write_stretches(log, space, Position{}, last, progress));
  ANNALS_TRY(const Ledger base, index_rows::load_about(log, space, last));
  ANNALS_CHECK_OK(write_coverage(log, space, base));
  const Groups groups = every_group(written.subjects, *base.families(Bounds{}));
  ANNALS_CHECK_OK(write_pages(log, space, {Position{}, last, {}}, base, groups, true, progress, last.value));
  ANNALS_CHECK_OK(index_rows::write_reach(log, after, true));
  ANNALS_CHECK_OK(drop_other(log, after.space));
  ANNALS_CHECK_OK(drop_older(log));
  if (progress) progress(last.value, last.value);
  return last;
}

Result<IndexDigest> index_digest(const EventLog& log) {
  IndexDigest out;
  const Reach reach = index_rows::read_reach(log);
  const Space space(reach.space);
  out.sealed = reach.sealed;
  Sha256 hash;
  const std::string ends = space.kind("e/");
  ANNALS_CHECK_OK(log.scan_derived(space.prefix(), space.prefix(), [&](std::string_view key, std::string_view value) {
    hash.add_field(space.rest(key)).add_field(key.starts_with(ends) ? index_rows::settled_part(value) : value);
    ++out.rows;
    return Visit::kContinue;
  }));
  ANNALS_CHECK_OK(log.scan_derived(space.counted(), space.counted(), [&](std::string_view key, std::string_view value) {
    hash.add_field(key.substr(space.counted().size())).add_field(value);
    ++out.rows;
    return Visit::kContinue;
  }));
  out.digest = hash.finish();
  return out;
}

Result<std::vector<std::string>> verify_index(const EventLog& log, const IndexProgress& progress) {
  const Reach reach = index_rows::read_reach(log);
  const Space space(reach.space);
  const Position sealed = reach.sealed;
  if (reach.aim > sealed) return std::vector<std::string>{"index: a seal was stopped on its way; the next completes it"};
  RowMaker maker(log, space);
  Status failed;
  std::uint64_t done = 0;
  ANNALS_TRY(const Position end, log.read({Position{}, sealed}, [&](const Event& event) {
    failed = maker.add(event);
    if (progress && ++done % 4096 == 0) progress(done / 2, sealed.value);
    return failed ? Visit::kContinue : Visit::kStop;
  }, for_answers()));
  (void)end;
  ANNALS_CHECK_OK(failed);
  std::map<std::string, std::string> expected;
  for (auto& [key, value] : maker.take(false)) expected.emplace_hint(expected.end(), std::move(key), *std::move(value));
  std::vector<std::string> out;
  const auto tell = [&](std::string_view what, std::string_view key) {
    std::string shown;
    const std::string counted = space.counted();
    for (const char c : key.starts_with(counted) ? key.substr(counted.size()) : space.rest(key)) shown += c >= ' ' && c <= '~' ? std::string(1, c) : "·";
    if (out.size() < 10) out.push_back(std::string(what) + " " + shown);
  };
  const std::string pages = space.kind("h/"), ends = space.kind("e/");
  ANNALS_CHECK_OK(log.scan_derived(space.prefix(), space.prefix(), [&](std::string_view key, std::string_view value) {
    if (key.starts_with(pages) || key.starts_with(ends)) return Visit::kContinue;
    const auto at = expected.find(std::string(key));
    if (at == expected.end()) {
      tell("index: a row that the log does not give:", key);
    } else {
      if (at->second != value) tell("index: a row with another value:", key);
      expected.erase(at);
    }
    return Visit::kContinue;
  }));
  for (const auto& [key, value] : expected) tell("index: a row is missing:", key);
  if (!out.empty()) return out;   // the others are made of these

  ANNALS_TRY(const Ledger base, index_rows::load_about(log, space, sealed));
  {
    const auto rows = log.derived();
    ANNALS_TRY(const CoverageSums sums, index_rows::count_all(*rows, space, base));
    const std::vector<DerivedRow> counted = index_rows::coverage_rows(space, sums, nullptr);
    auto next = counted.begin();
    ANNALS_CHECK_OK(rows->scan(space.counted(), space.counted(), [&](std::string_view key, std::string_view value) {
      for (; next != counted.end() && next->first < key; ++next) tell("index: a sum is missing:", next->first);
      if (next == counted.end() || next->first != key) tell("index: a sum that the log does not give:", key);
      else if (*next++->second != value) tell("index: a sum with another value:", key);
      return Visit::kContinue;
    }));
    for (; next != counted.end(); ++next) tell("index: a sum is missing:", next->first);
  }
  const Groups groups = every_group(maker.subjects(), *base.families(Bounds{}));
  std::mutex mutex;
  std::uint64_t right = 0;
  const auto make_worker = [&] {
    KeyWorker worker;
    worker.see = [&](DerivedReader& rows_now, const Projection& projection, const std::string& key, const KeyWorker::Make& make) -> Status {
      const auto compare = [&](const std::string& row, std::string_view value, const auto& part) {
        const auto stored = rows_now.get(row);
        const std::lock_guard lock(mutex);
        if (!stored) tell("index: a page is missing:", row);
        else if (part(*stored) != value) tell("index: a page with another value:", row);
        else ++right;
      };
      return make([&](std::string_view track, Instant at, std::string page) -> Status {
        compare(space.page(projection.name(), key, track, at), page, [](std::string_view stored) { return stored; });
        return {};
      }, [&](std::string_view track, const PageEnd& its) {
        compare(space.end(projection.name(), key, track), std::string(index_rows::settled_part(index_rows::pack_end(its))), index_rows::settled_part);
      });
    };
    return worker;
  };
  ANNALS_CHECK_OK(each_key(log, space, {Position{}, sealed, {}}, base, groups, make_worker, [&](std::uint64_t some, std::uint64_t all) {
    if (progress && all > 0) progress(sealed.value / 2 + (sealed.value - sealed.value / 2) * some / all, sealed.value);
  }));
  if (!out.empty()) return out;
  std::uint64_t stored = 0;
  for (const std::string& prefix : {pages, ends})
    ANNALS_CHECK_OK(log.scan_derived(prefix, prefix, [&](std::string_view, std::string_view) {
      ++stored;
      return Visit::kContinue;
    }));
  if (stored != right) out.push_back("index: " + std::to_string(stored - right) + " pages that the log does not give");
  return out;
}

}  // namespace annals
