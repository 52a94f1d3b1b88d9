#include "tools/bench/generate.h"

#include <fmt/format.h>

#include <array>

#include "engine/base/error.h"

namespace annals::bench {
namespace {

constexpr std::uint64_t kStatementsPerArticle = 10;
constexpr std::array<std::string_view, 6> kStatus{"banned",  "license_required", "under_discussion",
                                                  "allowed", "license_pending",  "license_granted"};
constexpr std::array<std::string_view, 5> kOutlets{"海岸财经", "北桥科技报", "晨港日报", "浦江证券观察", "算力夜谈"};

Published at_minute(Instant instant) {
  Published published;
  published.wall = format_utc(instant).substr(0, 16);
  published.precision = Precision::kMinute;
  published.zone = "UTC";
  published.zone_source = ZoneSource::kPrinted;
  published.earliest = instant;
  published.known_from = instant + std::chrono::minutes(1);
  return published;
}

// A step that shares no factor with the number of articles visits each once, in an order that looks shuffled.
std::uint64_t shuffled(std::uint64_t article, std::uint64_t articles) {
  constexpr std::uint64_t kPrime = 2'147'483'647;
  return articles % kPrime == 0 ? article : article * kPrime % articles;  // below 2^64 up to eight billion articles
}

}  // namespace

std::string product_key(std::uint64_t product) { return fmt::format("chip_{:05}", product); }

Instant generated_start() { return Instant(std::chrono::seconds(1'640'995'200)); }  // 2022-01-01
Instant generated_end() { return generated_start() + std::chrono::hours(24 * 1461); }

std::vector<EventDraft> statement_drafts(std::uint64_t seed, std::uint64_t first, std::uint64_t count,
                                         std::uint64_t keys, std::uint64_t total) {
  std::vector<EventDraft> drafts;
  drafts.reserve(count);
  const std::uint64_t articles = total / kStatementsPerArticle + 1;
  const std::uint64_t minutes = 1461ULL * 24 * 60;
  for (std::uint64_t number = first; number < first + count; ++number) {
    Random random(seed * 1'000'003 + number);
    const std::uint64_t article = number / kStatementsPerArticle;
    const std::uint64_t minute = shuffled(article, articles) * minutes / articles;
    const std::string product = product_key(random.below(keys));
    const std::string_view status = random.pick(kStatus);
    const std::uint64_t amount = 1 + random.below(9'999);

    StatementEvent event;
    event.note = sha256(fmt::format("note {} {}", seed, article / 10));
    event.article.ordinal = static_cast<std::uint32_t>(article % 10 + 1);
    event.article.title = fmt::format("第{}号简报：出口规则与出货", article);
    event.article.outlet = std::string(kOutlets[article % kOutlets.size()]);
    event.article.rendition = Rendition::kSummary;
    event.article.language = Language::kZhHans;
    event.article.published = at_minute(generated_start() + std::chrono::minutes(minute));
    event.article.text_hash = sha256(fmt::format("text {} {}", seed, article));
    event.interpreter = {"annals", 1};
    event.lexicon_version = "generated";

    Statement& statement = event.statement;
    statement.text = fmt::format(
        "主管部门就{}的对外销售作出新的安排，状态改为{}，厂商说本季度出货{}"
        "万片，比上一季度多出一成，客户仍在等待细则。",
        product, status, amount);
    const std::uint64_t begin = 1'000 + (number % kStatementsPerArticle) * 400;
    statement.span = {begin, begin + statement.text.size()};
    statement.heading = "出口规则";
    statement.heading_span = {900, 912};
    statement.block = BlockKind::kBullet;

    Claim claim;
    claim.type = number % 4 == 3 ? ClaimType::kMetric : ClaimType::kExportControl;
    claim.span = statement.span;
    claim.quote = statement.text;
    claim.rule = "generated";
    if (claim.type == ClaimType::kExportControl) {
      claim.set("product", EntityRef{product, product, false});
      claim.set("destination", EntityRef{"china", "中国", true});
      claim.set("status", std::string(status));
    } else {
      claim.aspect = Aspect::kHolds;
      claim.set("entity", EntityRef{product, product, false});
      claim.set("metric", std::string("出货量"));
      claim.set("value", Amount{static_cast<double>(amount) * 10'000, {}, Comparator::kEqual, "片"});
    }
    event.reading.entities.push_back(
        {product, product, {begin + 15, begin + 15 + product.size()}, EntityKind::kProduct});
    event.reading.claims.push_back(std::move(claim));
    drafts.push_back({"bench", std::move(event)});
  }
  return drafts;
}

ArticleText generated_article(std::uint64_t seed, std::uint64_t sentences, std::string& note) {
  static constexpr std::array<std::string_view, 8> kCompanies{"英伟达",   "沐曦股份", "摩尔线程", "昆仑芯",
                                                              "壁仞科技", "燧原科技", "AMD",      "寒武纪"};
  static constexpr std::array<std::string_view, 6> kProducts{"H200", "H20", "MI308", "B200", "昇腾950", "HBM4"};
  static constexpr std::array<std::string_view, 4> kVenues{"科创板", "港交所", "创业板", "纳斯达克"};
  static constexpr std::array<std::string_view, 5> kSpeakers{"知情人士", "公司", "分析师", "美国商务部官员", "黄仁勋"};
  Random random(seed);
  ArticleText article;
  article.note = sha256(fmt::format("read {}", seed));
  article.head.title = "算力一周";
  article.head.outlet = "海岸财经";
  article.head.language = Language::kZhHans;
  article.head.published = at_minute(generated_end());
  note.clear();
  for (std::uint64_t i = 0; i < sentences; ++i) {
    const auto company = random.pick(kCompanies), product = random.pick(kProducts), venue = random.pick(kVenues),
               speaker = random.pick(kSpeakers);
    const std::uint64_t n = 1 + random.below(900), month = 1 + random.below(12), day = 1 + random.below(28);
    std::string text;
    switch (random.below(8)) {
      case 0:
        text = fmt::format("{}表示，{}计划{}月{}日在{}挂牌，发行价为{}.{}元。", speaker, company, month, day, venue, n,
                           random.below(90) + 10);
        break;
      case 1:
        text = fmt::format("美国政府今年{}月宣布，允许{}向中国出口{}，条件是上交销售额的{}%。", month, company, product,
                           n % 40 + 1);
        break;
      case 2:
        text = fmt::format("{}上半年营收{}.{}亿元，同比增长{}%，毛利率升至{}%。", company, n, random.below(10),
                           n % 300 + 1, n % 60 + 10);
        break;
      case 3:
        text = fmt::format("{}透露，{}最早2026年第{}季度量产，单颗带宽{}GB/s。", speaker, product, n % 4 + 1, n * 4);
        break;
      case 4:
        text = fmt::format("{}与客户谈了三轮，双方对交货的先后仍有分歧。", company);
        break;
      case 5:
        text = fmt::format("{} said on {} 2025 that {} shipments would reach {} million units next year.", company,
                           "March 3,", product, n);
        break;
      case 6:
        text = fmt::format("业内人士认为，{}月之后供货会松动，不过{}的价格短期难以回落。", month, product);
        break;
      default:
        text = fmt::format("{}完成新一轮融资，金额约{}亿元，估值{}亿元，由多家产业基金参与。", company, n % 50 + 1, n);
        break;
    }
    Statement statement;
    statement.span = {note.size(), note.size() + text.size()};
    statement.text = text;
    statement.block = BlockKind::kParagraph;
    statement.paragraph = static_cast<std::uint32_t>(i / 5);
    article.statements.push_back(std::move(statement));
    note += text;
  }
  article.head.text_hash = sha256(note);
  return article;
}

}  // namespace annals::bench
