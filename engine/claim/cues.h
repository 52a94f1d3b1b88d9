#pragma once
// Words that say how a statement is meant, whatever it is about: who says it, how surely, of which time. Rules about the language;
// the words of one kind of claim are in rules/.

#include <span>

#include "engine/claim/words.h"

namespace annals {

// Groups of the interpreter's word finder; the rules' own groups follow kFirstRule in the order of the registry.
enum class Layer : std::uint16_t { kSource, kStance, kFrame, kFirstRule };

// Who says it.
enum class SourceCue : Sense {
  kNone,
  kSays,        // 表示, 称, said: its subject speaks
  kExpects,     // 预计, 预测, expects: with a subject of its own it speaks, without one it is only a forecast
  kRates,       // 上调, 给予: of a bank that rates, what it thinks a thing is worth
  kReports,     // 报道, reported: an outlet hands on what it heard
  kAccording,   // 据, according to: what follows speaks
  kCites,       // 援引, citing: what follows speaks through what stands before
  kAnonymous,   // 知情人士, 专家, sources: a speaker without a name
  kCrowd,       // 市场, 分析师, 媒体: nobody in particular
  kDocument,    // 财报, 公告: a paper that speaks
  kHearsay,     // 传闻, 消息称, reportedly: nobody at all
  kRumour,      // 有消息, 有传闻: nobody, but the text names the rumour
  kPronoun,     // 他, 她, he: the one who spoke before
  kTitle,       // 首席执行官, 总裁, 分析师: a name follows
  kToSomebody,  // 对…表示, 向…表示: whoever follows is spoken to
};

// How it is meant and of which time.
enum class StanceCue : Sense {
  kNone,
  kNot,         // 不, 未, not
  kDenial,      // 否认, 不实, denied: says of the rest that it is not so
  kStopped,     // 阻止, 叫停, 取消, blocked: it did not come to it
  kForecast,    // 预计, 有望, 可能, expected
  kChance,      // 可能性高, 风险, odds: the same, said after what it is about
  kPlan,        // 拟, 计划, 目标, plans
  kWill,        // 将, will: a plan, or an act that its own authority announces
  kCondition,   // 若, 如果, if
  kPast,        // 此前, 曾, 最初, formerly
  kPresent,     // 目前, 仍, still
  kPerfect,     // 已, 正式, has
  kAfter,       // …后, after: presupposes what stands before it
  kQuestion,    // 是否, 能否, whether
  kFutureThing, // 未来, 后续
};

// What holds a sentence together.
enum class FrameCue : Sense {
  kNone,
  kAnd,            // 和, 、, and: what it joins plays one part
  kCompany,        // 公司, 该公司, the company: the one the article is about
  kIts,            // 其, its
  kThisProduct,    // 该芯片, 该产品, this chip: the product named before
  kToChina,        // 对华, to China
  kAbroad,         // 其他国家, other countries
  kExporterActs,   // 美方, 白宫, Washington: the side that lets out
  kImporterActs,   // 中方, 海关, 领导层, Beijing: the side that lets in
  kGovernment,     // 政府, the government: which, the article says
  kOf,             // 的
  kMakers,         // 芯片厂商, chipmakers
  kTradeRule,      // 放开, 禁令, 许可证: an article full of them is about what may be shipped
};

std::span<const WordRow> source_words();
std::span<const WordRow> stance_words();
std::span<const WordRow> frame_words();

template <class Cue>
constexpr bool is(const WordHit& hit, Cue cue) {
  return hit.sense == static_cast<Sense>(cue);
}

}  // namespace annals
