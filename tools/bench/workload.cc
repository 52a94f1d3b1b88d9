#include "tools/bench/workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/base/error.h"

namespace annals::bench {
namespace {

constexpr std::uint64_t kStatementsPerArticle = 10;
constexpr std::uint64_t kArticlesPerNote = 10;
constexpr std::uint64_t kArticlesPerStory = 50;
constexpr std::uint64_t kBack = 10'000;   // how far back what speaks of another event reaches
constexpr std::uint64_t kMinutes = 1461ULL * 24 * 60;
constexpr std::array<std::string_view, 5> kOutlets{"海岸财经", "北桥科技报", "晨港日报", "浦江证券观察", "算力夜谈"};
constexpr std::array<std::string_view, 6> kStatus{"banned", "license_required", "under_discussion", "allowed", "license_pending", "license_granted"};
constexpr std::array<std::string_view, 6> kStage{"announced", "sampling", "mass_production", "launched", "shipping", "delayed"};
constexpr std::array<std::string_view, 5> kListing{"filed", "accepted", "approved", "registered", "listed"};
constexpr std::array<std::string_view, 4> kOpenings{"据接近主管部门的人士透露，", "公司在周一的说明会上表示，", "多名经销商向记者确认，", "一份发给客户的函件写道，"};
constexpr std::array<std::string_view, 4> kMiddles{"有关安排将按批次推进，首批名单由双方各自核对，", "新规则沿用上一版的计算口径，但把门槛分成三档，",
                                                   "订单的交付节奏因此后移，部分货柜改走其他口岸，", "账期与预付比例仍在磋商，渠道库存处在低位，"};
constexpr std::array<std::string_view, 4> kEndings{"市场此前的预期要更保守一些。", "后续细则预计另行公布，时间没有给出。", "不愿具名的采购负责人说影响有限。", "相关各方都没有回复置评请求。"};

Published printed(std::uint64_t minute) {
  Published out;
  const Instant at = generated_start() + std::chrono::minutes(minute);
  out.wall = format_utc(at).substr(0, 16);
  out.precision = Precision::kMinute;
  out.zone = "UTC";
  out.zone_source = ZoneSource::kPrinted;
  out.earliest = at;
  out.known_from = at + std::chrono::minutes(1);
  return out;
}

When day_of(std::uint64_t minute) {
  auto when = parse_when(format_utc(generated_start() + std::chrono::minutes(minute)).substr(0, 10));
  check(when.ok(), "a day is a time");
  return *std::move(when);
}

}  // namespace

const char* shape_name(Shape shape) {
  switch (shape) {
    case Shape::kPlain: return "plain";
    case Shape::kOneKey: return "one-key";
    case Shape::kNewestFirst: return "newest-first";
    case Shape::kAllRetracted: return "all-retracted";
    case Shape::kAlternating: return "alternating";
    case Shape::kValidTimes: return "valid-times";
  }
  return "";
}

Workload::Workload(Shape shape, std::uint64_t seed, std::uint64_t events, std::uint64_t keys) : shape_(shape), seed_(seed), events_(events) {
  double sum = 0;
  for (std::uint64_t n = 1; n <= (shape == Shape::kPlain ? keys : 1); ++n) shares_.push_back(sum += 1.0 / static_cast<double>(n));
  for (double& share : shares_) share /= sum;
}

std::uint64_t Workload::draw(Random& random) const {
  const double at = static_cast<double>(random.below(1ULL << 53)) / static_cast<double>(1ULL << 53);
  const auto found = std::upper_bound(shares_.begin(), shares_.end(), at);
  return static_cast<std::uint64_t>(std::min<std::ptrdiff_t>(found - shares_.begin(), static_cast<std::ptrdiff_t>(shares_.size()) - 1));
}

bool Workload::speaks_of_another(std::uint64_t number) const {
  switch (shape_) {
    case Shape::kPlain: return number % 100 == 99;
    case Shape::kAllRetracted: return number >= events_ / 2;
    case Shape::kAlternating: return number % 8 != 0;
    default: return false;
  }
}

StatementEvent Workload::statement(std::uint64_t number) const {
  Random random(seed_ * 1'000'003 + number);
  const bool plain = shape_ == Shape::kPlain;
  const std::uint64_t per_article = plain ? kStatementsPerArticle : 1;
  const std::uint64_t article = number / per_article;
  const std::uint64_t articles = events_ / per_article + 1;

  // When it was printed.
  Random of_article(seed_ * 7'000'003 + article);
  const std::uint64_t story = article / kArticlesPerStory;
  std::uint64_t minute = article * kMinutes / articles;
  if (plain) {
    const std::uint64_t begin = story * kArticlesPerStory * kMinutes / articles;
    minute = begin + (minute - begin) / 10;
    if (of_article.below(5) == 0) minute = of_article.below(minute + 1);
  } else if (shape_ == Shape::kNewestFirst) {
    minute = (articles - 1 - article) * kMinutes / articles;
  }
  Random of_story(seed_ * 9'000'011 + story);
  const std::uint64_t own = draw(of_story);
  const std::string product = product_key(random.below(2) == 0 ? own : draw(random));

  StatementEvent event;
  event.note = sha256(fmt::format("workload {} {}", seed_, article / kArticlesPerNote));
  event.article.ordinal = static_cast<std::uint32_t>(article % kArticlesPerNote + 1);
  event.article.title = fmt::format("第{}期：供货、规则与资本", article);
  event.article.outlet = std::string(kOutlets[of_article.below(kOutlets.size())]);
  event.article.rendition = Rendition::kSummary;
  event.article.language = Language::kZhHans;
  event.article.published = printed(minute);
  event.article.text_hash = sha256(fmt::format("words {} {}", seed_, article));
  event.interpreter = {"annals", 1};
  event.lexicon_version = "generated";

  Statement& statement = event.statement;
  const std::uint64_t amount = 1 + random.below(9'999);
  statement.text = fmt::format("{}{}本季度的供应量为{}万片，{}{}", random.pick(kOpenings), product, amount, random.pick(kMiddles), random.pick(kEndings));
  // Places do not hang on the words, so that a statement's id is known without them.
  const std::uint64_t begin = 1'000 + (number % per_article) * 400 + article % kArticlesPerNote * 8'000;
  statement.span = {begin, begin + 380};
  statement.heading = "供应链";
  statement.heading_span = {900, 909};
  statement.block = BlockKind::kBullet;

  const std::uint64_t what = plain ? random.below(10) : 0;
  if (what == 9) return event;
  Claim claim;
  claim.span = statement.span;
  claim.quote = statement.text;
  claim.rule = "generated";
  const EntityRef about{product, product, false};
  if (what < 5) {
    claim.type = ClaimType::kExportControl;
    claim.set("product", about);
    claim.set("destination", EntityRef{"china", "中国", true});
    claim.set("status", std::string(random.pick(kStatus)));
  } else if (what < 7) {
    claim.type = ClaimType::kMetric;
    claim.aspect = Aspect::kHolds;
    claim.set("entity", about);
    claim.set("metric", std::string("出货量"));
    claim.set("value", Amount{static_cast<double>(amount) * 10'000, {}, Comparator::kEqual, "片"});
    claim.set("period", fmt::format("{}-Q{}", 2022 + minute / 525'960, 1 + minute % 525'960 / 131'490));
  } else if (what == 7) {
    claim.type = ClaimType::kProductMilestone;
    claim.set("product", about);
    claim.set("stage", std::string(random.pick(kStage)));
  } else {
    claim.type = ClaimType::kIpoMilestone;
    claim.set("company", EntityRef{"maker_of_" + product, "maker_of_" + product, false});
    claim.set("stage", std::string(random.pick(kListing)));
  }
  if (plain) {
    switch (random.below(10)) {
      case 0:
        claim.modality = Modality::kReported;
        claim.attribution = Attribution::kAnonymous;
        claim.speakers = {"知情人士"};
        break;
      case 1:
        claim.modality = Modality::kPlanned;
        claim.aspect = Aspect::kTarget;
        claim.when = day_of(minute + random.below(200'000));
        break;
      case 2: claim.modality = Modality::kDenied; break;
      case 3: claim.when = day_of(minute / 2 + random.below(minute / 2 + 1)); break;   // background
      default: break;
    }
  } else if (shape_ == Shape::kValidTimes) {
    const std::uint64_t anywhere = random.below(kMinutes);
    claim.when = When{format_utc(generated_start() + std::chrono::minutes(anywhere)).substr(0, 16),
                      Civil(std::chrono::duration_cast<std::chrono::seconds>((generated_start() + std::chrono::minutes(anywhere)).time_since_epoch())), std::nullopt,
                      Grain::kMinute};
  }
  event.reading.entities.push_back({product, product, {begin + 40, begin + 40 + product.size()}, EntityKind::kProduct});
  event.reading.claims.push_back(std::move(claim));
  return event;
}

EventId Workload::id(std::uint64_t number) const {
  const std::uint64_t per_article = shape_ == Shape::kPlain ? kStatementsPerArticle : 1;
  const std::uint64_t article = number / per_article;
  const std::uint64_t begin = 1'000 + (number % per_article) * 400 + article % kArticlesPerNote * 8'000;
  return statement_id(sha256(fmt::format("workload {} {}", seed_, article / kArticlesPerNote)), static_cast<std::uint32_t>(article % kArticlesPerNote + 1),
                      {begin, begin + 380});
}

EventBody Workload::body(std::uint64_t number) const {
  if (!speaks_of_another(number)) return statement(number);
  Retraction retraction;
  retraction.because = fmt::format("taken in by mistake, {}", number);
  if (shape_ == Shape::kAllRetracted) {
    retraction.about = Target::of_event(id(number - events_ / 2));
    return retraction;
  }
  if (shape_ == Shape::kAlternating) {
    retraction.about = Target::of_event(number % 8 == 1 ? id(number - 1) : event_id(body(number - 1)));
    return retraction;
  }
  Random random(seed_ * 11'000'027 + number);
  std::uint64_t other = number - 1 - random.below(std::min(kBack, number - 1));
  if (speaks_of_another(other)) --other;
  if (number % 200 == 199) {
    retraction.about = Target::of_event(id(other));
    return retraction;
  }
  Reinterpretation again;
  again.about = id(other);
  again.interpreter = {"annals", 2 + static_cast<std::uint32_t>(number)};   // no statement is read twice by one version
  again.lexicon_version = "generated";
  again.reading = statement(other).reading;
  for (Claim& claim : again.reading.claims)
    if (claim.type == ClaimType::kExportControl) claim.set("status", std::string(random.pick(kStatus)));
  return again;
}

std::vector<EventDraft> Workload::drafts(std::uint64_t first, std::uint64_t count) const {
  std::vector<EventDraft> out;
  out.reserve(count);
  for (std::uint64_t number = first; number < first + count; ++number) out.push_back({"bench", body(number)});
  return out;
}

}  // namespace annals::bench
