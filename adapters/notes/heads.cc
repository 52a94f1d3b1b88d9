#include "adapters/notes/heads.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <regex>

#include "engine/base/utf8.h"
#include "engine/note/script.h"

namespace annals {
namespace {

// A head's line is short; what is longer is cut before the expressions see it.
constexpr std::size_t kTimeBytes = 400;
constexpr std::size_t kHeadLineMax = 120;  // code points

constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
#define ANNALS_MONTH "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\\.?"
#define ANNALS_ZONE "(?:\\s*\\(?(Z|[+-]\\d{2}:?\\d{2}|[A-Z]{2,5}(?![A-Za-z])|[A-Z][a-z]+/[A-Z][A-Za-z_]+)\\)?)?"
#define ANNALS_CLOCK "(\\d{1,2})(?::|：)(\\d{2})(?::(\\d{2}))?(?:\\.\\d+)?"

struct Shape {
  std::regex expression;
  // Which group holds what; 0: none.
  int year, month, day, hour, minute, second, half, zone;
  bool month_name = false;
  bool rfc822 = false;
};

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> kShapes = [] {
    std::vector<Shape> all;
    const auto flags = std::regex::ECMAScript | std::regex::optimize;
    all.push_back(
        {std::regex("(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})(?!\\d)(?:[T ]\\s*" ANNALS_CLOCK ANNALS_ZONE ")?", flags), 1,
         2, 3, 4, 5, 6, 0, 7});
    all.push_back({std::regex("(\\d{4})\\s*年\\s*(\\d{1,2})\\s*月(?:\\s*(\\d{1,2})\\s*(?:日|号|號))?(?:\\s*(上午|下午|"
                              "晚上|晚间|晚間|凌晨|中午)?\\s*(\\d{1,2})(?::|：|时|時|点|點)(\\d{2})?(?::(\\d{2}))?)?",
                              flags),
                   1, 2, 3, 5, 6, 7, 4, 0});
    all.push_back({std::regex("(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,?\\s+)?(\\d{1,2})\\s+" ANNALS_MONTH
                              ",?\\s+(\\d{4})(?:,?\\s+" ANNALS_CLOCK ANNALS_ZONE ")?",
                              flags),
                   3, 2, 1, 4, 5, 6, 0, 7, true, true});
    all.push_back(
        {std::regex(ANNALS_MONTH "\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})(?:,?\\s*(?:at\\s+)?" ANNALS_CLOCK
                                 "\\s*([AaPp]\\.?[Mm]\\.?)?" ANNALS_ZONE ")?",
                    flags),
         3, 1, 2, 4, 5, 6, 7, 8, true, false});
    return all;
  }();
  return kShapes;
}

struct NamedZone {
  std::string_view printed;
  std::string_view zone;
};
constexpr NamedZone kZones[] = {{"Z", "UTC"},
                                {"UTC", "UTC"},
                                {"GMT", "UTC"},
                                {"EST", "-05:00"},
                                {"EDT", "-04:00"},
                                {"CDT", "-05:00"},
                                {"MST", "-07:00"},
                                {"MDT", "-06:00"},
                                {"PST", "-08:00"},
                                {"PDT", "-07:00"},
                                {"HKT", "+08:00"},
                                {"SGT", "+08:00"},
                                {"JST", "+09:00"},
                                {"KST", "+09:00"},
                                {"BST", "+01:00"},
                                {"CET", "+01:00"},
                                {"CEST", "+02:00"},
                                {"ET", "America/New_York"},
                                {"CT", "America/Chicago"},
                                {"PT", "America/Los_Angeles"}};
struct SpokenZone {
  std::string_view words;
  std::string_view zone;
};
constexpr SpokenZone kSpokenZones[] = {{"北京时间", "Asia/Shanghai"},    {"北京時間", "Asia/Shanghai"},
                                       {"香港时间", "Asia/Hong_Kong"},   {"香港時間", "Asia/Hong_Kong"},
                                       {"台北时间", "Asia/Taipei"},      {"台北時間", "Asia/Taipei"},
                                       {"美东时间", "America/New_York"}, {"美東時間", "America/New_York"}};

void set_zone(PrintedTime& time, const std::string& printed, bool rfc822) {
  if (printed.empty()) return;
  if (rfc822 && printed == "CST") {
    time.zone = "-06:00";  // RFC 822 section 5.1
    return;
  }
  for (const NamedZone& named : kZones) {
    if (named.printed == printed) {
      time.zone = named.zone;
      return;
    }
  }
  if (printed[0] == '+' || printed[0] == '-' || printed.find('/') != std::string::npos)
    time.zone = printed;
  else if (printed != "AM" && printed != "PM")
    time.unknown_zone = printed;
}

}  // namespace

std::optional<PrintedTime> find_printed_time(std::string_view text) {
  const std::string_view head = text.substr(0, kTimeBytes);
  std::optional<PrintedTime> best;
  // A bare month or year counts only alone: "2025-12".
  if (const std::string_view whole = trimmed(text); whole.size() <= 7 && !whole.empty()) {
    static const std::regex kShort("\\d{4}(?:-(?:\\d{2}|Q[1-4]|H[12]))?");
    if (std::regex_match(whole.begin(), whole.end(), kShort)) {
      best.emplace();
      best->wall = whole;
      best->span = trim(text, {0, text.size()});
      return best;
    }
  }
  for (const Shape& shape : shapes()) {
    std::cmatch match;
    const char* from = head.data();
    const char* const end = head.data() + head.size();
    bool found = false;
    while (from < end && (found = std::regex_search(from, end, match, shape.expression))) {
      const char* const begin = match[0].first;
      if (begin == head.data() || begin[-1] < '0' || begin[-1] > '9') break;  // not the tail of a longer number
      from = begin + 1;
      found = false;
    }
    if (!found) continue;
    const auto begin = static_cast<std::size_t>(match[0].first - head.data());
    if (best && best->span.begin <= begin) continue;
    const auto number = [&](int group) {
      return match[static_cast<std::size_t>(group)].matched ? std::stoi(match[static_cast<std::size_t>(group)].str())
                                                            : -1;
    };
    PrintedTime time;
    time.span = {begin, begin + static_cast<std::size_t>(match[0].length())};
    int month;
    if (shape.month_name)
      month = static_cast<int>(kMonths.find(match[static_cast<std::size_t>(shape.month)].str().substr(0, 3)) / 3) + 1;
    else
      month = number(shape.month);
    const int day = number(shape.day);
    int hour = number(shape.hour);
    time.wall = fmt::format("{:04}-{:02}", number(shape.year), month);
    if (day >= 0) time.wall += fmt::format("-{:02}", day);
    if (hour >= 0 && day >= 0) {
      if (shape.half != 0 && match[static_cast<std::size_t>(shape.half)].matched) {
        const std::string half = match[static_cast<std::size_t>(shape.half)].str();
        const bool after_noon = half[0] == 'P' || half[0] == 'p' || half == "下午" || half.starts_with("晚") ||
                                (half == "中午" && hour < 11);
        const bool before_noon = half[0] == 'A' || half[0] == 'a' || half == "上午" || half == "凌晨";
        if (after_noon && hour < 12) hour += 12;
        if (before_noon && hour == 12) hour = 0;
      }
      const int minute = number(shape.minute);
      time.wall += fmt::format("T{:02}", hour);
      if (minute >= 0) time.wall += fmt::format(":{:02}", minute);
      if (const int second = number(shape.second); second >= 0 && minute >= 0)
        time.wall += fmt::format(":{:02}", second);
      if (shape.zone != 0 && match[static_cast<std::size_t>(shape.zone)].matched)
        set_zone(time, match[static_cast<std::size_t>(shape.zone)].str(), shape.rfc822);
      if (time.zone.empty() && time.unknown_zone.empty()) {
        const std::string_view before = head.substr(0, begin);
        for (const SpokenZone& spoken : kSpokenZones)
          if (trimmed(before).ends_with(spoken.words)) time.zone = spoken.zone;
      }
    }
    best = time;
  }
  return best;
}

Error note_error(const Note& note, std::size_t at, std::string_view what) {
  return {ErrorCode::kInvalid, fmt::format("{}:{}: {}", note.origin, line_and_column(note.text, at), what)};
}

namespace {

// zh-TW, zh_HK and zh-Hant are Traditional; en-GB is English.
Language language_of_tag(std::string_view tag) {
  std::string lower(tag);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c == '_' ? '-' : c;
  if (lower.starts_with("en")) return Language::kEn;
  if (!lower.starts_with("zh")) return Language::kUnknown;
  for (const std::string_view region : {"hant", "tw", "hk", "mo"})
    if (lower.find(region) != std::string::npos) return Language::kZhHant;
  return Language::kZhHans;
}

}  // namespace

Result<std::optional<Published>> HeadFiller::make(const std::optional<PrintedTime>& printed, std::size_t at,
                                                  Article& article) const {
  if (!printed) return std::optional<Published>();
  const auto spoilt = [&](std::string_view what) -> Result<std::optional<Published>> {
    if (alone_) return note_error(note_, at, what);
    article.warnings.push_back(
        fmt::format("{}: {}; the article is kept undated", line_and_column(note_.text, at), what));
    return std::optional<Published>();
  };
  Zone zone = operator_.zone.value_or(operator_.store_zone);
  ZoneSource source = operator_.zone ? ZoneSource::kOperator : ZoneSource::kAssumed;
  if (!printed->zone.empty()) {
    const auto found = Zone::find(printed->zone);
    if (!found) return spoilt(found.error().message);
    zone = *found;
    source = ZoneSource::kPrinted;
  } else if (printed->unknown_zone == "CST") {
    // China's standard time in a Chinese note, the central one of North America in an English one.
    const bool chinese = detect_language(article.span.of(note_.text)) != Language::kEn;
    zone = *Zone::find(chinese ? "+08:00" : "-06:00");
    source = ZoneSource::kPrinted;
  } else if (!printed->unknown_zone.empty()) {
    return spoilt(fmt::format("unknown time zone '{}'", printed->unknown_zone));
  }
  auto published = make_published(printed->wall, zone, source);
  if (!published) return spoilt(published.error().message);
  return std::optional<Published>(*std::move(published));
}

Status HeadFiller::published(Article& article, const std::optional<PrintedTime>& printed, std::size_t at) const {
  ANNALS_TRY(article.head.published, make(printed, at, article));
  if (article.head.published || !operator_.published) return {};
  // The operator's word may carry an offset (2025-08-05T20:17+08:00); a range may not.
  const std::string& given = *operator_.published;
  Zone zone = operator_.zone.value_or(operator_.store_zone);
  ZoneSource source = operator_.zone ? ZoneSource::kOperator : ZoneSource::kAssumed;
  std::string wall = given;
  if (given.find('/') == std::string::npos) {
    const std::size_t clock = given.find_first_of("T ");
    const std::size_t sign = clock == std::string::npos ? clock : given.find_first_of("+-Z", clock + 1);
    if (sign != std::string::npos) {
      auto found = Zone::find(std::string_view(given).substr(sign));
      if (!found) return found.error();
      zone = *found;
      source = ZoneSource::kOperator;
      wall = given.substr(0, sign);
    }
  }
  auto made = make_published(wall, zone, source);
  if (!made) return annals::at("the publication time given", made.error());
  article.head.published = *std::move(made);
  return {};
}

Status HeadFiller::observed(Article& article, const std::optional<PrintedTime>& printed, std::size_t at) const {
  const std::size_t warned = article.warnings.size();
  ANNALS_TRY(const std::optional<Published> seen, make(printed, at, article));
  if (article.warnings.size() > warned) {
    // It spoils the observation, not the date.
    std::string& warning = article.warnings.back();
    warning.replace(warning.rfind(';'), std::string::npos, "; when it was seen stays unknown");
  }
  article.head.observed = seen ? std::optional<Instant>(seen->known_from) : operator_.observed;
  return {};
}

void HeadFiller::outlet(Article& article, std::string_view printed, std::string_view fallback) const {
  printed = trimmed(printed);
  if (!printed.empty())
    article.head.outlet = std::string(printed);
  else if (operator_.outlet)
    article.head.outlet = operator_.outlet;
  else if (!fallback.empty())
    article.head.outlet = std::string(fallback);
}

void HeadFiller::language(Article& article, std::string_view said) const {
  if (article.head.language != Language::kUnknown) return;
  const Language told = language_of_tag(said);
  constexpr std::size_t kEnough = 64 * 1024;
  std::string text = article.head.title;
  for (const Block& block : article.blocks) {
    text += ' ';
    text += block.words(note_.text).substr(0, kEnough);
    if (text.size() > kEnough) break;
  }
  article.head.language = detect_language(text, told == Language::kZhHant ? told : Language::kZhHans);
  if (article.head.language == Language::kUnknown) article.head.language = told;
}

// ---- furniture ----

bool begins_disclaimer(std::string_view line) {
  static constexpr auto kOpenings = std::to_array<std::string_view>(
      {"免责声明",       "免責聲明", "免责条款",   "免責條款",   "风险及免责",      "風險及免責",      "风险提示及免责",
       "風險提示及免責", "风险提示", "風險提示",   "版权声明",   "版權聲明",        "特别声明",        "特別聲明",
       "重要声明",       "重要聲明", "Disclaimer", "DISCLAIMER", "Risk disclosure", "Important notice"});
  line = trimmed(line);
  for (std::string_view mark : {"【", "（", "(", "*", "#", "※", "★"})
    while (line.starts_with(mark)) line.remove_prefix(mark.size());
  line = trimmed(line);
  return std::any_of(kOpenings.begin(), kOpenings.end(),
                     [&](std::string_view opening) { return line.starts_with(opening); });
}

bool is_credit(std::string_view line) {
  static constexpr auto kRoles = std::to_array<std::string_view>(
      {"编辑", "編輯", "责编", "責編", "责任编辑", "責任編輯", "撰文",   "作者",     "记者",     "記者", "校对", "校對",
       "审核", "審核", "文",   "图",   "圖",       "图源",     "圖源",   "图片来源", "圖片來源", "题图", "題圖", "封面",
       "封图", "摄影", "攝影", "图说", "圖說",     "排版",     "Editor", "Photo",    "Image",    "图片"});
  line = trimmed(line);
  if (count_code_points(line) > 40) return false;
  // A caption that ends in its source: …（图源/企业）.
  for (const std::string_view cue : {"（图源", "（圖源", "（图片来源", "（圖片來源", "(图源", "(圖源", "(图片来源",
                                     "(圖片來源", "（资料图", "（資料圖", "资料图片", "資料圖片"}) {
    const std::size_t at = line.rfind(cue);
    if (at != std::string_view::npos &&
        (line.ends_with("）") || line.ends_with(")") || line.ends_with("图片") || line.ends_with("圖片")))
      return true;
  }
  bool in_brackets = false;
  for (const auto& [open, close] :
       {std::pair<std::string_view, std::string_view>{"（", "）"}, {"(", ")"}, {"【", "】"}}) {
    if (line.starts_with(open) && line.ends_with(close)) {
      line = trimmed(line.substr(open.size(), line.size() - open.size() - close.size()));
      in_brackets = true;
    }
  }
  for (const std::string_view role : kRoles) {
    if (!line.starts_with(role)) continue;
    std::string_view rest = line.substr(role.size());
    while (rest.starts_with(" ")) rest.remove_prefix(1);
    while (rest.starts_with("&nbsp;")) rest.remove_prefix(6);
    if (rest.empty()) return in_brackets;
    for (const std::string_view mark : {"｜", "|", "丨", "：", ":", "/", "／", "@"})
      if (rest.starts_with(mark)) return true;
  }
  return false;
}

bool is_menu(std::string_view line) {
  constexpr std::size_t kMenuMax = 30;
  if (count_code_points(line) > kMenuMax) return false;
  for (const std::string_view mark : {"• ", "· ", "> ", "| "})
    if (line.starts_with(mark)) return true;
  for (const std::string_view mark : {"> ", " >", "›", "»", " / "})
    if (line.find(mark) != std::string_view::npos && !ends_as_sentence(line)) return true;
  static constexpr auto kButtons = std::to_array<std::string_view>(
      {"繁體",     "繁体",     "简体",     "簡體",     "繁體中文", "简体中文", "繁体中文", "簡體中文", "English",
       "首页",     "首頁",     "返回",     "登录",     "登入",     "注册",     "註冊",     "分享",     "收藏",
       "点赞",     "評論",     "评论",     "搜索",     "搜索文档", "搜尋",     "菜单",     "選單",     "更多",
       "关注",     "關注",     "打印",     "加载更多", "展开全文", "展開全文", "展开",     "收起",     "查看更多",
       "查看原文", "阅读原文", "閱讀原文", "阅读全文", "列印",     "icon",     "Workflow", "Home",     "Menu",
       "Share",    "Search",   "Login",    "Sign in",  "Print",    "Subscribe"});
  static constexpr auto kOpenings = std::to_array<std::string_view>(
      {"分享到", "分享至", "阅读量", "閱讀量",  "阅读：",    "阅读:",         "阅读 ",
       "浏览",   "瀏覽",   "字号",   "字號",    "点击上方",  "點擊上方",      "扫一扫",
       "掃一掃", "評論(",  "评论(",  "Skip to", "Read time", "Advertisement", "Reading time"});
  return std::any_of(kButtons.begin(), kButtons.end(), [&](std::string_view button) { return line == button; }) ||
         (!ends_as_sentence(line) && std::any_of(kOpenings.begin(), kOpenings.end(),
                                                 [&](std::string_view opening) { return line.starts_with(opening); }));
}

std::string carrier_of(std::string_view disclaimer) {
  static constexpr auto kOwn =
      std::to_array<std::string_view>({"本", "我", "該", "该", "其", "任何", "所有", "作者", "平台", "平臺"});
  static constexpr auto kCloses =
      std::to_array<std::string_view>({"的任何立場", "的任何立场", "立場", "立场", "的觀點", "的观点", "觀點", "观点"});
  constexpr std::string_view kCue = "不代表";
  for (std::size_t at = disclaimer.find(kCue); at != std::string_view::npos;
       at = disclaimer.find(kCue, at + kCue.size())) {
    const std::size_t begin = at + kCue.size();
    std::size_t end = std::string_view::npos;
    for (const std::string_view close : kCloses) end = std::min(end, disclaimer.find(close, begin));
    if (end == std::string_view::npos) continue;
    std::string_view name = trimmed(disclaimer.substr(begin, end - begin));
    if (name.ends_with("的")) name.remove_suffix(std::string_view("的").size());
    const std::size_t length = count_code_points(name);
    const bool own =
        std::any_of(kOwn.begin(), kOwn.end(), [&](std::string_view word) { return name.starts_with(word); });
    if (length >= 2 && length <= 12 && !own && name.find("，") == std::string_view::npos &&
        name.find(',') == std::string_view::npos)
      return std::string(name);
  }
  return {};
}

std::size_t find_advertisement(std::string_view line) {
  static constexpr auto kOffers = std::to_array<std::string_view>(
      {"佣金", "融资利率", "融資利率", "开户", "開戶", "免五", "优惠价", "優惠價", "折扣码", "promo code"});
  static constexpr auto kCalls =
      std::to_array<std::string_view>({"欢迎留言", "歡迎留言", "加微信", "扫码", "掃碼", "欢迎咨询", "歡迎諮詢", "私信",
                                       "客服", "加微", "详询", "詳詢", "点击开户", "DM us"});
  std::size_t first = std::string_view::npos;
  const auto look = [&](const auto& cues) {
    bool any = false;
    for (const std::string_view cue : cues) {
      const std::size_t at = line.find(cue);
      if (at == std::string_view::npos) continue;
      any = true;
      first = std::min(first, at);
    }
    return any;
  };
  const bool offer = look(kOffers);
  const bool call = look(kCalls);
  if (!offer || !call || count_code_points(line) > 200) return std::string_view::npos;
  // Back to where its clauses begin: behind the last sentence end or colon.
  std::size_t begin = 0;
  for (std::size_t at = 0; at < first;) {
    const CodePoint point = decode_utf8(line, at);
    at += point.length;
    if (is_sentence_end(point.value) || point.value == ':' || point.value == U'：') begin = at;
  }
  return begin;
}

// ---- lines of heads ----

namespace {

std::string_view behind(std::string_view words, std::initializer_list<std::string_view> labels) {
  for (const std::string_view label : labels) {
    for (const std::string_view colon : {"：", ":", "｜", "|", "丨"}) {
      const std::string key = std::string(label) + std::string(colon);
      const std::size_t at = words.find(key);
      if (at == std::string_view::npos) continue;
      std::string_view rest = trimmed(words.substr(at + key.size()));
      std::size_t end = rest.size();
      for (const std::string_view mark :
           {"  ",       "　",       "|",        "｜",     "，",     ",",     "；",     ";",       "）",      ")",
            " 作者",    " 来源",    " 來源",    " 编辑",  " 編輯",  " 时间", " 時間",  " Source", " Author", " 20",
            "作者：",   "作者:",    "来源：",   "来源:",  "來源：", "來源:", "编辑：", "编辑:",   "編輯：",  "責任編輯",
            "责任编辑", "发布时间", "發布時間", "時間：", "时间：", " 字号", " 字號",  " 字体",   " 分享",   " 评论",
            " 阅读",    " 点击",    " 打印",    " 收藏",  " 浏览",  " 我要"})
        end = std::min(end, rest.find(mark));
      return trimmed(rest.substr(0, end));
    }
  }
  return {};
}

}  // namespace

std::optional<HeadLine> read_head_line(std::string_view words) {
  if (count_code_points(words) > kHeadLineMax) return std::nullopt;
  HeadLine line;
  const ByteSpan source = source_of(words, {0, words.size()});
  if (!source.empty() && !find_printed_time(words) && words.find("作者") == std::string_view::npos &&
      words.find("Author") == std::string_view::npos) {
    line.outlet = source.of(words);
    return line;
  }
  line.outlet = behind(words, {"文章来源", "文章來源", "来源", "來源", "媒体", "媒體", "出处", "出處", "Source",
                               "Outlet", "Published by"});
  line.author = behind(words, {"作者", "记者", "記者", "撰文", "文", "Author", "Byline"});
  if (line.author.empty() && words.starts_with("By ") && count_code_points(words) <= 80 && !ends_as_sentence(words)) {
    line.author = trimmed(words.substr(3));
    line.author = trimmed(line.author.substr(0, std::min(line.author.find('|'), line.author.find(" - "))));
  }
  if (const std::size_t at = words.find("http");
      at != std::string_view::npos &&
      (words.substr(at).starts_with("http://") || words.substr(at).starts_with("https://"))) {
    std::size_t end = at;
    while (end < words.size() && static_cast<unsigned char>(words[end]) > 0x20 &&
           static_cast<unsigned char>(words[end]) < 0x80 && words[end] != ')')
      ++end;
    line.link = words.substr(at, end - at);
  }
  line.time = find_printed_time(words);
  const bool labelled = !line.outlet.empty() || !line.author.empty();
  if (line.time) {
    const std::string_view before = trimmed(words.substr(0, line.time->span.begin));
    const std::string_view after = trimmed(words.substr(line.time->span.end));
    const bool time_label = before.ends_with("时间：") || before.ends_with("時間：") || before.ends_with("时间:") ||
                            before.ends_with("時間:") || before.ends_with("日期：") || before.ends_with("日期:") ||
                            before.ends_with("Published:") || before.ends_with("Published") ||
                            before.ends_with("Date:") || before.ends_with("Updated:");
    // "Outlet 2025-12-09 06:31" or "2025-12-09 06:31 Outlet": what is left is a name, not a sentence.
    constexpr std::size_t kNameMax = 30;
    const bool bare = count_code_points(before) + count_code_points(after) <= kNameMax && !ends_as_sentence(words);
    if (!labelled && !time_label && !bare) return std::nullopt;
    if (!labelled && !time_label) {
      std::string_view name = before.empty() ? after : before;
      for (bool again = true; again;) {
        again = false;
        for (const std::string_view mark :
             {"·", "•", "|", "｜", ",", "，", "-", "–", "—", "/", ":", "：", "(", ")", "（", "）", "[", "]"}) {
          if (name.starts_with(mark)) name = trimmed(name.substr(mark.size())), again = true;
          if (name.ends_with(mark)) name = trimmed(name.substr(0, name.size() - mark.size())), again = true;
        }
      }
      line.outlet = name;
    }
    return line;
  }
  if (labelled) return line;
  if (!line.link.empty() && line.link.size() * 2 >= words.size()) return line;
  return std::nullopt;
}

std::string site_of(std::string_view address) {
  const std::size_t scheme = address.find("://");
  if (scheme == std::string_view::npos) return {};
  std::string_view host = address.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#:"));
  if (host.starts_with("www.")) host.remove_prefix(4);
  return std::string(host);
}

// ---- shapes ----

ByteSpan source_of(std::string_view text, ByteSpan line) {
  const std::string_view words = line.of(text);
  for (const std::string_view open : {"(", "（", ""}) {
    for (const std::string_view label : {"来源", "來源", "文章来源", "文章來源", "Source", "source"}) {
      for (const std::string_view colon : {"：", ":"}) {
        const std::string start = std::string(open) + std::string(label) + std::string(colon);
        if (!words.starts_with(start)) continue;
        ByteSpan name{line.begin + start.size(), line.end};
        for (const std::string_view close : {")", "）"})
          if (!open.empty() && name.of(text).ends_with(close)) name.end -= close.size();
        return trim(text, name);
      }
    }
  }
  return {};
}

bool same_words(std::string_view a, std::string_view b) {
  const auto dense = [](std::string_view text) {
    std::u32string out;
    for (std::size_t at = 0; at < text.size();) {
      const CodePoint point = decode_utf8(text, at);
      at += point.length;
      if (is_blank(point.value)) continue;
      char32_t c = point.value;
      if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
      if (c == U'“' || c == U'”' || c == U'＂') c = '"';
      if (c == U'‘' || c == U'’') c = '\'';
      out += c;
    }
    return out;
  };
  return dense(a) == dense(b);
}

bool ends_as_sentence(std::string_view line) {
  const ByteSpan span = trim_citations(line, {0, line.size()});
  std::size_t end = span.end;
  while (end > span.begin) {
    const Before before = code_point_before(line, end);
    if (is_sentence_end(before.value)) return true;
    if (!is_closer(before.value)) return false;
    end = before.begin;
  }
  return false;
}

std::size_t bullet_marker(std::string_view line) {
  for (const std::string_view mark :
       {"- ", "* ", "+ ", "• ", "· ", "– ", "— ", "●", "■", "◆", "▪", "►", "➤", "•", "◎", "○ "}) {
    if (line.starts_with(mark)) {
      std::size_t at = mark.size();
      while (at < line.size() && line[at] == ' ') ++at;
      return at < line.size() ? at : 0;
    }
  }
  return 0;
}

std::string_view recognisable(std::string_view text) {
  if (text.size() <= kRecogniseBytes) return text;
  const std::size_t end = text.rfind('\n', kRecogniseBytes);
  return text.substr(0, end == std::string_view::npos || end < kRecogniseBytes / 2 ? kRecogniseBytes : end);
}

}  // namespace annals
