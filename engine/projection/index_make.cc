#include "engine/projection/index_make.h"

#include <algorithm>
#include <mutex>
#include <thread>
#include <utility>

#include "engine/language/fold.h"
#include "engine/language/offices.h"
#include "engine/projection/coverage_rows.h"
#include "engine/projection/heads.h"
#include "engine/projection/wording.h"

namespace annals::index_rows {
namespace {

constexpr std::size_t kPostingsOfABatch = 16'384;    // of the keys whose pages one thread makes and writes together
constexpr std::uint64_t kPostingsOfALong = 200'000;    // of these one thread alone makes the pages: a fold keeps some 120 bytes a claim
constexpr std::size_t kNamesAtOnce = 100'000;

// As many as the machine has, four at most, and no more than there are parts of the work.
void in_threads(std::size_t parts, const std::function<void()>& work) {
  const std::size_t threads = std::min<std::size_t>(std::clamp(std::thread::hardware_concurrency(), 1u, 4u), parts);
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < threads; ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
}

}  // namespace

Status RowMaker::add(const Event& event) {
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
  rows_.emplace_back(space_.about(event.position), pack_about(event));
  if (const auto* retraction = std::get_if<Retraction>(&event.body)) ANNALS_CHECK_OK(name_alone(retraction->about));
  if (const auto* withdrawal = std::get_if<Withdrawal>(&event.body)) ANNALS_CHECK_OK(name_alone(withdrawal->about));
  if (const auto* review = std::get_if<Review>(&event.body); review != nullptr && review->amended) {
    ANNALS_TRY(const auto about, log_.lookup(review->about));
    if (about) post(std::span(&*review->amended, 1), *about, nullptr);
  }
  return {};
}

std::vector<DerivedRow> RowMaker::take() {
  for (const auto& [key, article] : articles_) rows_.emplace_back(space_.article(article.note, article.ordinal), pack_article(article));
  articles_.clear();
  // Of a posting that is made twice the empty one counts: it comes first.
  std::sort(rows_.begin(), rows_.end());
  rows_.erase(std::unique(rows_.begin(), rows_.end(), [](const DerivedRow& a, const DerivedRow& b) { return a.first == b.first; }), rows_.end());
  return std::move(rows_);
}

void RowMaker::post(std::span<const Claim> claims, Position position, const Event* event) {
  const std::string wording = event == nullptr || claims.empty() ? std::string() : wording_of(std::get<StatementEvent>(event->body).statement.text);
  for (const Claim& claim : claims) {
    for (const auto& projection : projections()) {
      const std::string subject = projection->subject(claim);
      if (subject.empty()) continue;
      rows_.emplace_back(space_.posting(projection->name(), subject, position), event == nullptr ? std::string() : pack_extract(*event, wording, subject, *projection));
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

Status RowMaker::name_alone(const Target& target) {
  if (target.kind != TargetKind::kEvent) return {};
  ANNALS_TRY(const auto named, named_statement(log_, target.event));
  if (named) rows_.emplace_back(space_.named_alone(named->first, named->second.position), pack_named(named->second));
  return {};
}

Result<StretchRows> each_stretch(const EventLog& log, const Space& space, Position from, Position to, std::uint64_t stretch,
                                 const std::function<Status(std::vector<DerivedRow>)>& take, const std::function<void(std::uint64_t done)>& progress) {
  StretchRows out;
  std::mutex mutex;
  Position next = from;
  std::uint64_t done = 0;
  Status failed;
  const auto one = [&](Position after, Position upto) -> Status {
    RowMaker maker(log, space);
    Status wrong;
    ANNALS_TRY(const Position end, log.read({after, upto}, [&](const Event& event) {
      wrong = maker.add(event);
      return wrong ? Visit::kContinue : Visit::kStop;
    }, for_answers()));
    static_cast<void>(end);
    ANNALS_CHECK_OK(wrong);
    std::vector<DerivedRow> rows = maker.take();
    const std::lock_guard lock(mutex);
    for (const auto& [projection, counts] : maker.subjects())
      for (const auto& [subject, count] : counts) out.subjects[projection][subject] += count;
    if (from.value > 0) out.texts.insert(maker.texts().begin(), maker.texts().end());
    ANNALS_CHECK_OK(take(std::move(rows)));
    done += upto.value - after.value;
    progress(done);
    return {};
  };
  const auto work = [&] {
    for (;;) {
      Position after, upto;
      {
        const std::lock_guard lock(mutex);
        if (!failed || next >= to) return;
        after = next;
        upto = next = Position{std::min(to.value, after.value + stretch)};
      }
      if (Status status = one(after, upto); !status) {
        const std::lock_guard lock(mutex);
        failed = std::move(status);
      }
    }
  };
  in_threads((to.value - from.value + stretch - 1) / stretch, work);
  ANNALS_CHECK_OK(failed);
  return out;
}

std::string joined_values(const Space& space, std::string_view key, std::span<const std::string> values, const std::string* stored) {
  if (!key.starts_with(space.kind("a/"))) return *std::min_element(values.begin(), values.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  std::vector<CoveredArticle> all;
  for (const std::string& part : values) all.push_back(unpack_article(space, key, part));
  std::sort(all.begin(), all.end(), [](const CoveredArticle& a, const CoveredArticle& b) { return a.runs.front().first < b.runs.front().first; });
  if (stored != nullptr) all.insert(all.begin(), unpack_article(space, key, *stored));
  // A seal that was stopped may have counted some of them before.
  for (std::size_t i = 1; i < all.size(); ++i) all.front().add(all[i].runs);
  return pack_article(all.front());
}

Groups group(const Toucher& toucher) {
  Groups out;
  for (const auto& [each, touch] : toucher.keys()) {
    const auto& [name, key] = each;
    const Projection* projection = find_projection(name);
    Group& one = out[{projection->name(), projection->subject_of_key(key)}];
    if (one.some == nullptr) one.some = std::make_unique<Group::Some>();
    (touch.turned ? one.some->turned : one.some->grown).insert(key);
    one.postings += kPostingsOfABatch / 256;   // nobody has counted
  }
  return out;
}

Groups every_group(Subjects subjects, const Families& families) {
  Groups out;
  for (auto& [projection, counts] : subjects) {
    while (!counts.empty()) {   // of a long log there are many: what is put together goes
      const auto each = counts.extract(counts.begin());
      const std::string& subject = each.key();
      const std::size_t bar = subject.find('|');
      out[{projection->name(), families.canonical(subject.substr(0, bar)) + (bar == std::string::npos ? "" : subject.substr(bar))}].postings += each.mapped();
    }
  }
  return out;
}

Result<std::optional<Instant>> heads_of_page(const Projection& projection, const std::string& key, Instant page_at, const std::string& page, Heads& out) {
  return each_head(projection, key, page, page_at, [&](Instant at, const PageAnswer* head) -> Status {
    out.emplace(at, pack_head(head));
    return {};
  });
}

Status each_key(const EventLog& log, const Space& space, const Stretch& stretch, const Ledger& base, const Groups& groups,
                const std::function<KeyWorker()>& make_worker, const IndexProgress& progress) {
  const auto families = base.families(Bounds{});
  struct Batch {
    std::vector<Groups::const_iterator> groups;
    std::uint64_t postings = 0;
  };
  std::vector<Batch> batches;
  std::uint64_t done = 0, total = 0;
  for (auto at = groups.begin(); at != groups.end(); ++at) {
    if (batches.empty() || batches.back().postings > kPostingsOfABatch) batches.emplace_back();
    batches.back().groups.push_back(at);
    batches.back().postings += at->second.postings;
    total += at->second.postings;
  }
  // The long ones first, one after the other, while other threads make the rest.
  const auto rest = std::stable_partition(batches.begin(), batches.end(), [](const Batch& batch) { return batch.postings >= kPostingsOfALong; });
  auto next_long = batches.begin(), next = rest;
  bool long_at_work = false;
  std::mutex mutex;
  Status failed;
  const auto one = [&](KeyWorker& worker, DerivedReader& rows, const Groups::const_iterator& which) -> Status {
    const Projection& projection = *find_projection(which->first.first);
    const auto& [name, subject] = which->first;
    const Group::Some* const some = which->second.some.get();
    std::set<std::string> anew = some == nullptr ? std::set<std::string>() : some->turned;
    if (some != nullptr && !some->grown.empty()) {
      ANNALS_TRY(auto news, read_news(log, rows, space, stretch.from, stretch.to, base, projection, subject, *families, stretch.copied));
      for (const std::string& key : some->grown) {
        const auto course = news.courses.find(key);
        bool behind = !news.turned.contains(key);   // and where nothing ever becomes known, nothing is to be done
        if (behind && course != news.courses.end()) {
          ANNALS_TRY(behind, worker.go_on(rows, projection, key, std::move(course->second)));
        }
        if (!behind) anew.insert(key);
      }
    }
    if (some != nullptr && anew.empty()) return {};
    SubjectPages pages(log, rows, space, stretch.to, base, projection, subject, *families);
    ANNALS_CHECK_OK(pages.open());
    if (some == nullptr)
      for (std::string& key : pages.keys()) anew.insert(std::move(key));
    for (const std::string& key : anew)
      ANNALS_CHECK_OK(worker.see(rows, projection, key, [&](const PageVisitor& visit, const EndVisitor& end) { return pages.make(key, visit, end); }));
    return {};
  };
  const auto take = [&]() -> const Batch* {
    const std::lock_guard lock(mutex);
    if (!failed) return nullptr;
    if (next_long != rest && !long_at_work) {
      long_at_work = true;
      return &*next_long++;
    }
    return next != batches.end() ? &*next++ : nullptr;
  };
  const auto work = [&] {
    KeyWorker worker = make_worker();
    while (const Batch* batch = take()) {
      Status status;
      const auto rows = log.derived();
      for (const auto& which : batch->groups) {
        status = one(worker, *rows, which);
        const std::lock_guard lock(mutex);
        done += which->second.postings;
        if (progress) progress(done, total);
        if (!status || !failed) break;
      }
      if (status) status = worker.finish();
      const std::lock_guard lock(mutex);
      if (batch->postings >= kPostingsOfALong) long_at_work = false;
      if (failed && !status) failed = status;
    }
  };
  in_threads(batches.size(), work);
  return failed;
}

}  // namespace annals::index_rows
