#include "engine/language/offices.h"

#include <algorithm>
#include <array>
#include <optional>

namespace annals {
namespace {

// Folded, as the texts they are looked for in. Sorted by family, not by use: offices of state, of houses, of companies, forms of address.
constexpr auto kAddressed = std::to_array<std::string_view>({
    "总统", "副总统", "当选总统", "总理", "副总理", "首相", "副首相", "主席", "副主席", "国家主席", "总书记", "书记", "国务卿", "副国务卿", "大臣", "部长", "副部长",
    "财政部长", "国防部长", "商务部长", "外交部长", "司法部长", "内政部长", "能源部长", "交通部长", "教育部长", "卫生部长", "农业部长", "劳工部长", "科技部长", "工信部长",
    "国土安全部长", "战争部长", "财长", "防长", "外长", "外相", "财相", "防相", "首长", "行政长官", "特首", "司长", "副司长", "政务司长", "财政司长", "律政司长", "局长", "副局长",
    "处长", "署长", "厅长", "院长", "副院长", "行长", "副行长", "州长", "省长", "市长", "副市长", "县长", "区长", "议长", "副议长", "议员", "参议员", "众议员", "国会议员",
    "立法委员", "理事", "专员", "法官", "大法官", "检察长", "总检察长", "秘书长", "总干事", "国王", "女王", "教皇", "将军", "上将", "上校", "司令",
    "董事长", "副董事长", "董事会主席", "董事局主席", "总裁", "副总裁", "行政总裁", "总经理", "首席执行官", "首席执行长", "执行长", "首席财务官", "财务长", "首席运营官", "营运长",
    "首席技术官", "技术长", "ceo", "cfo", "coo", "cto", "老板", "先生", "女士", "小姐", "太太", "博士", "教授", "院士",
});
// In front of a name these too: behind one they serve its bearer.
constexpr auto kServing = std::to_array<std::string_view>({
    "顾问", "高级顾问", "发言人", "新闻发言人", "新闻秘书", "秘书", "助理", "助手", "特使", "大使", "公使", "代表", "贸易代表", "候选人", "领导人", "领袖", "最高领袖", "党魁",
    "负责人", "主管", "主任", "副主任", "主管官员", "官员", "委员", "沙皇", "律师", "检察官", "总管", "掌门人", "合伙人", "创始人", "联合创始人", "共同创始人", "创办人", "董事",
    "独立董事", "高管", "经理", "总监", "首席科学家", "科学家", "首席经济学家", "经济学家", "首席分析师", "分析师", "首席策略师", "策略师", "研究员", "工程师", "学者", "专家", "记者", "亿万富翁", "富豪",
    "企业家", "投资人", "同志", "首富",
});
constexpr auto kEnglish = std::to_array<std::string_view>({
    "president", "vice president", "president-elect", "prime minister", "premier", "vice premier", "chancellor", "secretary", "minister", "senator", "sen.", "representative", "rep.", "congressman",
    "congresswoman", "lawmaker", "governor", "gov.", "mayor", "chair", "chairman", "chairwoman", "chairperson", "speaker", "spokesperson", "spokesman", "spokeswoman", "ambassador",
    "envoy", "commissioner", "director", "administrator", "adviser", "advisor", "aide", "czar", "king", "queen", "prince", "pope", "judge", "justice", "attorney general", "general", "gen.",
    "admiral", "leader", "head", "chief", "boss", "ceo", "cfo", "coo", "cto", "chief executive", "officer", "executive", "founder", "co-founder", "cofounder", "partner", "manager", "analyst",
    "strategist", "economist", "scientist", "professor", "prof.", "billionaire", "nominee", "candidate", "dr.", "dr", "mr.", "mr", "mrs.", "mrs", "ms.", "ms", "sir", "representative-elect",
});
constexpr auto kCountries = std::to_array<std::string_view>({
    "美国", "中国", "英国", "法国", "德国", "日本", "韩国", "南韩", "朝鲜", "俄罗斯", "俄国", "乌克兰", "以色列", "伊朗", "印度", "巴基斯坦", "加拿大", "澳大利亚", "澳洲", "新西兰", "巴西", "墨西哥",
    "阿根廷", "意大利", "西班牙", "葡萄牙", "荷兰", "比利时", "瑞士", "瑞典", "挪威", "芬兰", "丹麦", "波兰", "匈牙利", "土耳其", "沙特", "沙特阿拉伯", "阿联酋", "卡塔尔", "埃及", "南非",
    "新加坡", "马来西亚", "越南", "泰国", "印尼", "菲律宾", "台湾", "香港", "澳门", "欧盟",
});

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Where `word` stands last as a word of its own: Latin ones at the borders of words.
std::optional<std::size_t> last_place(std::string_view text, std::string_view word) {
  for (std::size_t at = text.rfind(word); at != std::string_view::npos; at = at == 0 ? std::string_view::npos : text.rfind(word, at - 1)) {
    const std::size_t end = at + word.size();
    if (!letter(word.front()) || ((at == 0 || !letter(text[at - 1])) && (end == text.size() || !letter(text[end])))) return at;
  }
  return std::nullopt;
}

bool has_office(std::string_view text) {
  const auto has = [&](std::string_view office) { return last_place(text, office).has_value(); };
  return std::any_of(kAddressed.begin(), kAddressed.end(), has) || std::any_of(kServing.begin(), kServing.end(), has) || std::any_of(kEnglish.begin(), kEnglish.end(), has);
}

// 特朗普总统, 特朗普前总统, 黄仁勋先生: the longest office at the end.
std::string_view without_address(std::string_view name) {
  std::size_t longest = 0;
  for (const std::string_view office : kAddressed)
    if (office.size() > longest && name.size() > office.size() && name.ends_with(office) && (!letter(office.front()) || !letter(name[name.size() - office.size() - 1]))) longest = office.size();
  if (longest == 0) return name;
  name.remove_suffix(longest);
  for (const std::string_view former : {"前", "时任", "候任", "现任"})
    if (name.size() > former.size() && name.ends_with(former)) name.remove_suffix(former.size());
  return trimmed(name);
}

}  // namespace

std::vector<std::string> without_office(std::string_view folded) {
  const std::string_view whole = trimmed(folded);
  std::vector<std::string> out;
  // Two letters of Latin or two ideographs at least: less is no name.
  const auto add = [&](std::string_view name) {
    name = trimmed(name);
    if (name.size() < (name.empty() || static_cast<unsigned char>(name.front()) < 0x80 ? 2U : 6U) || name == whole) return;
    if (std::find(out.begin(), out.end(), name) == out.end()) out.emplace_back(name);
  };
  const auto add_addressed = [&](std::string_view name) {
    add(name);
    add(without_address(trimmed(name)));
  };
  // Name, comma or bracket, office.
  std::string_view head = whole;
  for (const std::string_view mark : {"(", ",", "，", "、"})
    if (const std::size_t at = whole.find(mark); at != std::string_view::npos && at > 0 && at < head.size() && has_office(whole.substr(at + mark.size()))) head = whole.substr(0, at);
  if (head.size() < whole.size()) add_addressed(head);
  // Behind the last office, or an earlier one where the last ends the text.
  std::vector<std::size_t> ends;
  const auto look = [&](std::string_view office) {
    if (const auto at = last_place(head, office)) ends.push_back(*at + office.size());
  };
  std::for_each(kAddressed.begin(), kAddressed.end(), look);
  std::for_each(kServing.begin(), kServing.end(), look);
  std::for_each(kEnglish.begin(), kEnglish.end(), look);
  std::sort(ends.begin(), ends.end(), std::greater<>());
  for (const std::size_t end : ends) add_addressed(head.substr(end));
  add_addressed(head);
  for (const std::string_view country : kCountries)
    if (head.size() > country.size() && head.starts_with(country)) {
      std::string_view rest = head.substr(country.size());
      if (rest.starts_with("的")) rest.remove_prefix(std::string_view("的").size());
      add_addressed(rest);
    }
  return out;
}

}  // namespace annals
