#pragma once
// Which part a name plays beside a figure: bears it, is only compared with, counted by, spoken through, or a piece of another name.

#include "engine/claim/measures.h"
#include "engine/claim/scene.h"

namespace annals::metric {

// Names that have figures of their own wherever they stand in a clause; others (countries, agencies) only right before the measure.
bool stands_for_itself(EntityKind kind);
// Of such a kind are those whose figure a measure is.
bool fits(Bearer bearer, EntityKind kind);
// A bank, a broker and the like: one that rates others.
bool is_house(const Name& name);
// Chips and memory: things whose data sheets the lexicon knows well enough to go on about them without naming them.
bool has_data_sheet(const Name& name);

// A word that compares (比, 较, than) stands before it in the clause.
bool compared(const Scene& scene, const Name& name, Range clause);
// An aside with a figure of its own, (甲的2倍), names nobody whose figures follow.
bool in_aside(const Sentence& sentence, Range name, Range from);
// AI of "Tiiny AI Pocket Lab": a word of a longer name in capitals.
bool part_of_latin_name(const Sentence& sentence, const Name& name);
// Its name is part of another's (AI in AI公司), or of what is measured (内存 of 内存带宽), or it is what is counted (192GB HBM3e).
bool is_part(const Scene& scene, const Name& name);
// 某某统计数据显示, 某某《…报告》: who counted.
bool counts(const Scene& scene, const Name& name);
// Where the designation ends that a name begins: DDR5 16Gb 4800颗粒, DDR5 16GB内存条. The end of the name where nothing follows.
std::uint32_t designation_end(const Sentence& sentence, const Name& name);
// Names that are made responsible for the words: 摩根士丹利预计….
bool speaks(const Scene& scene, const Name& name);
// After a verb of having, or after 在 and 对, a name is no subject.
bool is_object(const Scene& scene, const Name& name, Range clause);

// The firm named last before `at` in its sentence, houses that rate others aside. Null: none.
const Name* firm_before(const Scene& scene, Range at);
// In English: the name in `gap` right after a preposition, "its price target on Micron to $180"; null: none.
const Name* object_between(const Sentence& sentence, Range gap);

}  // namespace annals::metric
