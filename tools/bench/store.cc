#include "tools/bench/store.h"

#include <algorithm>

#include "engine/log/event_log.h"
#include "replay/derived.h"
#include "tools/bench/bare.h"

namespace annals::bench {
namespace {
constexpr std::uint64_t kBatch = 8'192;
}

std::string claim_row(const std::string& product, Instant at, std::uint64_t position) {
  return product + position_key(static_cast<std::uint64_t>(at.time_since_epoch().count())) + position_key(position);
}

std::unique_ptr<Store> make_store(const std::string& parent, const Workload& workload, bool beside) {
  auto out = std::make_unique<Store>(parent);
  SystemClock clock;
  const auto log = must(open_rocks_log(out->annals(), OpenMode::kCreateOrOpen, clock));
  std::unique_ptr<BareStore> bare, claims;
  if (beside) {
    bare = std::make_unique<BareStore>(out->bare());
    claims = std::make_unique<BareStore>(out->claims());
  }
  for (std::uint64_t done = 0; done < workload.events();) {
    const auto drafts = workload.drafts(done, std::min(kBatch, workload.events() - done));
    const Position before = log->last();
    const Stopwatch watch;
    must(log->append(drafts, OnRepeat::kAnswerFirst));
    out->appended_seconds += watch.seconds();
    done += drafts.size();
    if (!beside) continue;
    std::vector<std::string> payloads;
    must(log->read_stored({before, log->last()}, [&](const StoredEvent& event) {
      payloads.push_back(event.header + event.body);
      return Visit::kContinue;
    }));
    const Stopwatch bare_watch;
    bare->write(before.value + 1, payloads, true);
    out->bare_seconds += bare_watch.seconds();
    std::vector<std::pair<std::string, std::string>> rows;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      const auto* statement = std::get_if<StatementEvent>(&drafts[i].body);
      if (statement == nullptr || statement->reading.claims.empty()) continue;
      const Claim& claim = statement->reading.claims.front();
      if (claim.type != ClaimType::kExportControl) continue;
      rows.emplace_back(claim_row(claim.entity("product")->id, statement->article.published->known_from, before.value + 1 + i), std::string(claim.text("status")));
    }
    claims->put(rows);
  }
  const Stopwatch watch;
  must(seal(*log));
  out->sealed_seconds = watch.seconds();
  out->events = log->last().value;
  return out;
}

const Workload& Stores::workload() {
  if (!workload_) workload_ = std::make_unique<Workload>(Shape::kPlain, options_.seed, options_.events, options_.keys);
  return *workload_;
}

const Store& Stores::plain() {
  if (!plain_) plain_ = make_store(options_.directory, workload(), true);
  return *plain_;
}

double Times::at(double share) {
  std::sort(micros_.begin(), micros_.end());
  return micros_.at(std::min(micros_.size() - 1, static_cast<std::size_t>(share * static_cast<double>(micros_.size()))));
}

}  // namespace annals::bench
