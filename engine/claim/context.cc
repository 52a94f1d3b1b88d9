#include "engine/claim/context.h"

#include <algorithm>
#include <map>

namespace annals {
namespace {

// The most named of those that `counts`, the earliest of equals. Names of the title weigh more than any number in the text.
template <class Counts>
std::optional<Name> most_named(const Sentence* title, const std::vector<std::unique_ptr<Sentence>>& sentences, Counts counts) {
  if (title != nullptr)
    for (const Name& name : title->names())
      if (counts(name)) return name;
  std::map<std::string, std::pair<std::size_t, const Name*>> tally;
  std::vector<std::string> order;
  for (const auto& sentence : sentences)
    for (const Name& name : sentence->names()) {
      if (!counts(name)) continue;
      auto [at, fresh] = tally.try_emplace(name.ref.id, 0, &name);
      if (fresh) order.push_back(name.ref.id);
      ++at->second.first;
    }
  const Name* best = nullptr;
  std::size_t most = 0;
  for (const std::string& id : order)
    if (tally[id].first > most) {
      most = tally[id].first;
      best = tally[id].second;
    }
  // Named once among many is not what an article is about.
  if (best == nullptr || (most < 2 && sentences.size() > 3)) return std::nullopt;
  return *best;
}

bool names_goods(const Sentence& sentence) {
  return std::any_of(sentence.names().begin(), sentence.names().end(), [](const Name& name) { return is_product(name.kind) && name.entity != nullptr; });
}

bool speaks_of_rules(const Sentence& sentence) {
  const auto& words = sentence.words(Layer::kFrame);
  // Leave alone (允许, 批准) is given to anybody for anything: it counts beside a border.
  const bool border = sentence.text().find("出口") != std::string_view::npos || sentence.text().find("export") != std::string_view::npos ||
                      std::any_of(words.begin(), words.end(), [](const WordHit& hit) { return is(hit, FrameCue::kToChina); });
  const bool rule = std::any_of(words.begin(), words.end(), [&](const WordHit& hit) {
    return is(hit, FrameCue::kTradeRule) && (border || (sentence.text(range_of(hit)) != "允许" && sentence.text(range_of(hit)) != "批准" && sentence.text(range_of(hit)) != "获准"));
  });
  return rule && names_goods(sentence);
}

}  // namespace

std::optional<Civil> reference_of(const ArticleHead& head) {
  if (!head.published) return std::nullopt;
  const std::string_view wall = head.published->wall;
  const auto range = parse_civil(wall.substr(0, wall.find('/')));
  if (!range) return std::nullopt;
  return range.value().from;
}

ArticleContext read_context(const Lexicon& lexicon, const ArticleHead& head, std::optional<Civil> published, const Sentence* title,
                            const std::vector<std::unique_ptr<Sentence>>& sentences) {
  ArticleContext context;
  context.lexicon = &lexicon;
  context.head = &head;
  context.published = published;
  context.english = head.language == Language::kEn;
  context.company = most_named(title, sentences, [](const Name& name) { return is_company(name.kind) && name.entity != nullptr; });
  if (context.company) {
    std::size_t own = 0;
    std::size_t all = 0;
    const auto count = [&](const Sentence& sentence) {
      for (const Name& name : sentence.names())
        if (is_company(name.kind)) ++all, own += name.ref.id == context.company->ref.id;
    };
    for (const auto& sentence : sentences) count(*sentence);
    const bool titled = title != nullptr && std::any_of(title->names().begin(), title->names().end(), [&](const Name& name) { return name.ref.id == context.company->ref.id; });
    std::vector<std::string> in_title;
    if (title != nullptr)
      for (const Name& name : title->names())
        if (is_company(name.kind) && std::find(in_title.begin(), in_title.end(), name.ref.id) == in_title.end()) in_title.push_back(name.ref.id);
    // 甲上市;乙涨价;丙…: a row of headlines is about nobody in particular.
    const bool row = title != nullptr && (title->text().find("；") != std::string_view::npos || title->text().find(';') != std::string_view::npos);
    const bool alone = in_title.size() == 1 && !row;
    // 甲…超乙…: the firm that opens the title is whom it is about.
    const bool opens = titled && !row && title->names().front().ref.id == context.company->ref.id && title->names().front().at.begin <= 3;
    // A digest's title names one of many: there 公司 may be anybody.
    context.company_clear = own * 2 > all || (titled && (alone || opens || (!row && own * 4 > all)));
  }
  if (title != nullptr) context.title = title->text();
  const auto good = [](const Name& name) { return is_product(name.kind) && name.kind != EntityKind::kProductClass && name.entity != nullptr; };
  context.product = most_named(title, sentences, good);
  if (context.product) {
    std::size_t own = 0;
    std::size_t all = 0;
    for (const auto& sentence : sentences)
      for (const Name& name : sentence->names())
        if (good(name)) ++all, own += name.ref.id == context.product->ref.id;
    const bool titled = title != nullptr && std::any_of(title->names().begin(), title->names().end(), [&](const Name& name) { return name.ref.id == context.product->ref.id; });
    context.product_clear = titled || own * 2 > all;
  }
  // A title that names only a product names its maker too.
  if (title != nullptr && context.product && context.product->entity != nullptr && context.product->entity->vendor) {
    const bool title_company = std::any_of(title->names().begin(), title->names().end(), [](const Name& name) { return is_company(name.kind); });
    const bool title_product = std::any_of(title->names().begin(), title->names().end(), good);
    if (title_product && !title_company)
      if (const Entity* vendor = lexicon.find(*context.product->entity->vendor); vendor != nullptr) {
        Name name;
        name.ref = {vendor->id, vendor->name, true};
        name.kind = EntityKind::kCompany;
        name.entity = vendor;
        context.company = name;
        context.company_clear = true;
      }
  }
  std::size_t about = 0;
  for (const auto& sentence : sentences) about += speaks_of_rules(*sentence);
  context.about_export = (title != nullptr && speaks_of_rules(*title)) || about >= 2;
  // Titles that set a span for everything below: calendars and previews.
  static constexpr std::string_view kPreviews[] = {"预告", "日历", "前瞻", "一周", "下周", "本周", "大事", "看点", "日程", "week", "calendar", "preview"};
  const bool previews = title != nullptr && std::any_of(std::begin(kPreviews), std::end(kPreviews), [&](std::string_view word) { return title->text().find(word) != std::string_view::npos; });
  if (previews && published) {
    for (const TimeMention& time : title->times())
      if (time.from && time.to && *time.to > *published && *time.to - *time.from >= std::chrono::hours(24 * 2) && *time.to - *time.from <= std::chrono::hours(24 * 32)) {
        context.title_time = time;
        break;
      }
  }
  return context;
}

}  // namespace annals
