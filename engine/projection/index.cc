#include "engine/projection/index.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "engine/language/fold.h"
#include "engine/projection/index_load.h"
#include "engine/projection/index_rows.h"

namespace annals {
namespace {

using index_rows::Reach;
using index_rows::Space;

constexpr std::size_t kRowsAtOnce = 4'096;
constexpr std::size_t kBytesAtOnce = 8u << 20;
constexpr std::uint64_t kStretch = 65'536;

// Rows on their way to the log, some thousands at once.
class Writer {
 public:
  explicit Writer(EventLog& log) : log_(log) {}
  Status put(std::string key, std::string value) {
    bytes_ += key.size() + value.size();
    rows_.emplace_back(std::move(key), std::move(value));
    return rows_.size() >= kRowsAtOnce || bytes_ >= kBytesAtOnce ? flush() : Status();
  }
  void remove(std::string key) { removed_.push_back(std::move(key)); }
  Status flush() {
    if (rows_.empty() && removed_.empty()) return {};
    ANNALS_CHECK_OK(log_.put_derived(rows_, removed_));
    rows_.clear();
    removed_.clear();
    bytes_ = 0;
    return {};
  }

 private:
  EventLog& log_;
  std::vector<std::pair<std::string, std::string>> rows_;
  std::vector<std::string> removed_;
  std::size_t bytes_ = 0;
};

// Makes the rows of a stretch of the log, all but the pages. Events come in log order.
class RowMaker {
 public:
  RowMaker(const EventLog& log, const Space& space) : log_(log), space_(space) {}

  Status add(const Event& event) {
    if (const auto* statement = std::get_if<StatementEvent>(&event.body)) {
      post(statement->reading.claims, event.position, &event);
      CoveredArticle& article = articles_[{statement->note, statement->article.ordinal}];
      if (article.runs.empty()) {
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
      rows_.emplace(space_.reading(*about, event.position), std::string());
      post(again->reading.claims, *about, nullptr);
      // What the statement said before it says no more, wherever it was posted.
      ANNALS_TRY(const Event first, log_.get(*about));
      if (const auto* statement = std::get_if<StatementEvent>(&first.body)) post(statement->reading.claims, *about, nullptr);
      return {};
    }
    rows_.emplace(space_.about(event.position), std::string(1, static_cast<char>(event.kind())));
    if (const auto* review = std::get_if<Review>(&event.body); review != nullptr && review->amended) {
      ANNALS_TRY(const auto about, log_.lookup(review->about));
      if (about) post(std::span(&*review->amended, 1), *about, nullptr);
    } else if (const auto* erasure = std::get_if<Erasure>(&event.body)) {
      ANNALS_CHECK_OK(empty(erasure->note));
      for (const KeptClaims& kept : erasure->kept) {
        ANNALS_TRY(auto about, log_.lookup(kept.event));
        if (!about) continue;
        ANNALS_TRY(const Event erased, log_.get(*about));
        if (const auto* again = std::get_if<Reinterpretation>(&erased.body)) {
          ANNALS_TRY(about, log_.lookup(again->about));
          if (!about) continue;
        }
        post(kept.claims, *about, nullptr);
      }
    }
    return {};
  }

  // All rows so far, those of articles joined with what is stored already.
  std::map<std::string, std::string> take(bool join_stored) {
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
      rows_[row] = index_rows::pack_article(article);
    }
    articles_.clear();
    return std::move(rows_);
  }

 private:
  // No posting keeps words of a note that was erased.
  Status empty(const Digest& note) {
    std::vector<CoveredArticle> articles;
    const std::string prefix = space_.articles(note);
    ANNALS_CHECK_OK(log_.scan_derived(prefix, prefix, [&](std::string_view key, std::string_view value) {
      articles.push_back(index_rows::unpack_article(space_, key, value));
      return Visit::kContinue;
    }));
    for (auto at = articles_.lower_bound({note, 0}); at != articles_.end() && at->first.first == note; ++at) articles.push_back(at->second);
    for (const CoveredArticle& article : articles) {
      for (const StatementRun& run : article.runs) {
        for (std::uint64_t i = 0; i < run.count; ++i) {
          ANNALS_TRY(const Event told, log_.get(Position{run.first.value + i}));
          if (const auto* statement = std::get_if<StatementEvent>(&told.body)) post(statement->reading.claims, told.position, nullptr);
        }
      }
    }
    return {};
  }

  // `event`: the statement itself, whose part the posting holds; none: something bears on it that only the log tells.
  void post(std::span<const Claim> claims, Position position, const Event* event) {
    for (const Claim& claim : claims) {
      for (const auto& projection : projections()) {
        const std::string subject = projection->subject(claim);
        if (subject.empty()) continue;
        std::string row = space_.posting(projection->name(), subject, position);
        if (event == nullptr) rows_[std::move(row)].clear();
        else if (const auto [at, fresh] = rows_.try_emplace(std::move(row)); fresh) at->second = index_rows::pack_extract(*event, subject, *projection);
        const auto name = [&](const std::string& text) {
          if (!text.empty()) rows_.try_emplace(space_.named(text, projection->name(), subject));
        };
        for (const Slot& slot : claim.slots) {
          if (const auto* entity = std::get_if<EntityRef>(&slot.value)) name(entity->id);
          if (const auto* entities = std::get_if<std::vector<EntityRef>>(&slot.value))
            for (const EntityRef& each : *entities) name(each.id);
        }
        if (!claim.speakers.empty()) name(fold(claim.speakers.back()));
      }
    }
  }

  const EventLog& log_;
  const Space& space_;
  std::map<std::string, std::string> rows_;
  std::map<std::pair<Digest, std::uint32_t>, CoveredArticle> articles_;
};

ReadOptions for_claims() {
  ReadOptions options;
  options.parts = Parts::kClaims;
  options.check_leaves = false;
  return options;
}

// Keys whose pages have to be made, by what they are filed under: one reading of postings serves all keys of a subject.
using Groups = std::map<std::pair<const Projection*, std::string>, std::set<std::string>>;

Groups group(const std::set<std::pair<std::string, std::string>>& keys) {
  Groups out;
  for (const auto& [name, key] : keys) {
    const Projection* projection = find_projection(name);
    out[{projection, projection->subject_of_key(key)}].insert(key);
  }
  return out;
}

// Every subject that has postings, under the name that its keys have.
Result<Groups> every_group(const EventLog& log, const Space& space, const Families& families) {
  Groups out;
  for (const auto& each : projections()) {
    if (!each->parts().empty()) continue;
    std::string prefix = space.kind("p/");
    prefix.append(each->name()).push_back('\0');
    std::string last;
    ANNALS_CHECK_OK(log.scan_derived(prefix, prefix, [&](std::string_view key, std::string_view) {
      const auto subject = index_rows::two_texts(key, prefix.size()).first;
      if (subject == last) return Visit::kContinue;
      last = subject;
      const std::size_t bar = subject.find('|');
      out[{each.get(), families.canonical(subject.substr(0, bar)) + (bar == std::string::npos ? "" : subject.substr(bar))}];
      return Visit::kContinue;
    }));
  }
  return out;
}

// Makes the pages of the groups' keys (all keys of a group where none are named) and hands them on.
// `done` is called from several threads.
using KeyPages = std::function<Status(const Projection&, const std::string& key, const std::function<Status(const PageVisitor&)>& make)>;
Status each_key(const EventLog& log, const Space& space, Position sealed, const Ledger& base, const Groups& groups, unsigned threads,
                const KeyPages& see, const IndexProgress& progress) {
  const auto families = base.families(Bounds{});
  std::vector<Groups::const_iterator> order;
  for (auto at = groups.begin(); at != groups.end(); ++at) order.push_back(at);
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  Status failed;
  const auto work = [&] {
    for (std::size_t index; (index = next.fetch_add(1)) < order.size();) {
      {
        const std::lock_guard lock(mutex);
        if (!failed) return;
        if (progress && index % 64 == 0) progress(index, order.size());
      }
      const auto& [which, keys] = *order[index];
      const Projection& projection = *which.first;
      const Status status = [&]() -> Status {
        Ledger ledger = Ledger::beside(base, sealed);
        ANNALS_CHECK_OK(index_rows::load_subject(log, space, sealed, projection, which.second, *families, ledger));
        std::set<std::string> all = keys;
        if (all.empty())
          for (std::string& key : ledger.keys(projection, Bounds{}))
            if (projection.subject_of_key(key) == which.second) all.insert(std::move(key));
        for (const std::string& key : all)
          ANNALS_CHECK_OK(see(projection, key, [&](const PageVisitor& visit) { return make_pages(ledger, projection, key, visit); }));
        return {};
      }();
      if (!status) {
        const std::lock_guard lock(mutex);
        if (failed) failed = status;
      }
    }
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < threads && order.size() > 16; ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
  return failed;
}

unsigned threads_for_pages() { return std::clamp(std::thread::hardware_concurrency(), 1u, 4u); }

// Writes the rows of (from, to] into the space.
Status write_stretches(EventLog& log, const Space& space, Position from, Position to, const IndexProgress& progress) {
  const std::uint64_t total = to.value - from.value;
  for (Position at = from; at < to;) {
    const Position end{std::min(to.value, at.value + kStretch)};
    RowMaker maker(log, space);
    Status failed;
    ANNALS_TRY(const Position shown, log.read({at, end}, [&](const Event& event) {
      failed = maker.add(event);
      return failed ? Visit::kContinue : Visit::kStop;
    }, for_claims()));
    (void)shown;
    ANNALS_CHECK_OK(failed);
    Writer writer(log);
    for (auto& [key, value] : maker.take(true)) ANNALS_CHECK_OK(writer.put(key, std::move(value)));
    ANNALS_CHECK_OK(writer.flush());
    at = end;
    if (progress) progress((at.value - from.value) / 2, total);
  }
  return {};
}

Status write_pages(EventLog& log, const Space& space, Position sealed, const Ledger& base, const Groups& groups, bool fresh,
                   const IndexProgress& progress, std::uint64_t total) {
  const auto half = [&](std::uint64_t done, std::uint64_t all) {
    if (progress) progress(total / 2 + (all == 0 ? 0 : (total - total / 2) * done / all), total);
  };
  return each_key(log, space, sealed, base, groups, threads_for_pages(),
                  [&](const Projection& projection, const std::string& key, const std::function<Status(const PageVisitor&)>& make) -> Status {
                    std::unordered_map<std::string, Digest> there;
                    if (!fresh) {
                      const std::string prefix = space.pages(projection.name(), key);
                      ANNALS_CHECK_OK(log.scan_derived(prefix, prefix, [&](std::string_view row, std::string_view value) {
                        if (row.size() == prefix.size() + 8) there.emplace(row, sha256(value));
                        return Visit::kContinue;
                      }));
                    }
                    Writer writer(log);
                    ANNALS_CHECK_OK(make([&](Instant at, std::string page) -> Status {
                      std::string row = space.page(projection.name(), key, at);
                      if (const auto same = there.find(row); same != there.end()) {
                        const bool equal = same->second == sha256(page);
                        there.erase(same);
                        if (equal) return {};
                      }
                      return writer.put(std::move(row), std::move(page));
                    }));
                    for (const auto& [row, hash] : there) writer.remove(row);
                    return writer.flush();
                  },
                  half);
}

Status drop_other(EventLog& log, char space) { return log.drop_derived(Space(space == 'a' ? 'b' : 'a').prefix()); }

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
  ANNALS_CHECK_OK(index_rows::write_reach(log, reach));
  ANNALS_CHECK_OK(write_stretches(log, space, from, last, progress));
  ANNALS_TRY(const Ledger base, index_rows::load_about(log, space, last));
  Groups groups;
  if (from.value == 0) {
    ANNALS_TRY(groups, every_group(log, space, *base.families(Bounds{})));
  } else {
    Bounds before;
    before.recorded_to = from;
    index_rows::Toucher toucher(log, space, from, base, base.families(before), base.families(Bounds{}));
    Status failed;
    ANNALS_TRY(const Position end, log.read({from, last}, [&](const Event& event) {
      failed = toucher.touch(event);
      return failed ? Visit::kContinue : Visit::kStop;
    }, for_claims()));
    (void)end;
    ANNALS_CHECK_OK(failed);
    ANNALS_CHECK_OK(toucher.finish());
    groups = group(toucher.keys());
  }
  ANNALS_CHECK_OK(write_pages(log, space, last, base, groups, false, progress, last.value - from.value));
  reach.sealed = last;
  ANNALS_CHECK_OK(index_rows::write_reach(log, reach));
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
  ANNALS_CHECK_OK(write_stretches(log, space, Position{}, last, progress));
  ANNALS_TRY(const Ledger base, index_rows::load_about(log, space, last));
  ANNALS_TRY(const Groups groups, every_group(log, space, *base.families(Bounds{})));
  ANNALS_CHECK_OK(write_pages(log, space, last, base, groups, true, progress, last.value));
  ANNALS_CHECK_OK(index_rows::write_reach(log, after));
  ANNALS_CHECK_OK(drop_other(log, after.space));
  ANNALS_CHECK_OK(log.drop_derived("px1/"));   // an older program's
  if (progress) progress(last.value, last.value);
  return last;
}

Result<IndexDigest> index_digest(const EventLog& log) {
  IndexDigest out;
  const Reach reach = index_rows::read_reach(log);
  const Space space(reach.space);
  out.sealed = reach.sealed;
  Sha256 hash;
  ANNALS_CHECK_OK(log.scan_derived(space.prefix(), space.prefix(), [&](std::string_view key, std::string_view value) {
    hash.add_field(space.rest(key)).add_field(value);
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
  }, for_claims()));
  (void)end;
  ANNALS_CHECK_OK(failed);
  std::map<std::string, std::string> expected = maker.take(false);
  std::vector<std::string> out;
  const auto tell = [&](std::string_view what, std::string_view key) {
    std::string shown;
    for (const char c : space.rest(key)) shown += c >= ' ' && c <= '~' ? std::string(1, c) : "·";
    if (out.size() < 10) out.push_back(std::string(what) + " " + shown);
  };
  const std::string pages = space.kind("h/");
  ANNALS_CHECK_OK(log.scan_derived(space.prefix(), space.prefix(), [&](std::string_view key, std::string_view value) {
    if (key.starts_with(pages)) return Visit::kContinue;
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
  if (!out.empty()) return out;   // pages are made of these

  ANNALS_TRY(const Ledger base, index_rows::load_about(log, space, sealed));
  ANNALS_TRY(const Groups groups, every_group(log, space, *base.families(Bounds{})));
  std::mutex mutex;
  std::uint64_t right = 0;
  ANNALS_CHECK_OK(each_key(log, space, sealed, base, groups, threads_for_pages(),
                           [&](const Projection& projection, const std::string& key, const std::function<Status(const PageVisitor&)>& make) -> Status {
                             return make([&](Instant at, std::string page) -> Status {
                               const std::string row = space.page(projection.name(), key, at);
                               const auto stored = log.get_derived(row);
                               const std::lock_guard lock(mutex);
                               if (!stored) tell("index: a page is missing:", row);
                               else if (*stored != page) tell("index: a page with another value:", row);
                               else ++right;
                               return {};
                             });
                           },
                           [&](std::uint64_t some, std::uint64_t all) {
                             if (progress && all > 0) progress(sealed.value / 2 + (sealed.value - sealed.value / 2) * some / all, sealed.value);
                           }));
  if (!out.empty()) return out;
  std::uint64_t stored = 0;
  ANNALS_CHECK_OK(log.scan_derived(pages, pages, [&](std::string_view, std::string_view) {
    ++stored;
    return Visit::kContinue;
  }));
  if (stored != right) out.push_back("index: " + std::to_string(stored - right) + " pages that the log does not give");
  return out;
}

}  // namespace annals
