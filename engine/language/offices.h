#pragma once
// Whom a text means that calls a person by an office, a title or a country beside the name: 美国总统特朗普, 特朗普总统, President Trump,
// "Jensen Huang, chief executive of Nvidia". An office alone (美国总统, the White House spokesperson) names nobody and stays what it is.
//
//   office, then name    whatever stands before the office says whose it is: 英伟达创始人兼首席执行官黄仁勋
//   name, then office    offices by which people are addressed only: 拜登的顾问, 特朗普发言人 and "Trump lawyer" are other people
//   country, then name   美国特朗普
//   name, (office) or name, comma, office
// Whether the rest is a person's name the caller's names decide; so nothing is cut off what no lexicon knows.

#include <string>
#include <string_view>
#include <vector>

#include "engine/language/lexicon.h"

namespace annals {

// What may be the person's name alone, each once, the likeliest first; none: there is no office in it. Of folded text, and folded.
// Linear in the text, for each of some two hundred offices.
std::vector<std::string> without_office(std::string_view folded);

// The entity that a speaker's name means; null: no name that `names` (a Lexicon, or Families) knows.
template <class Names>
const Entity* speaker_of(const Names& names, std::string_view speaker) {
  if (const Entity* known = names.by_name(speaker)) return known;
  for (const std::string& name : without_office(fold(speaker)))
    if (const Entity* known = names.by_name(name); known != nullptr && known->kind == EntityKind::kPerson) return known;
  return nullptr;
}

}  // namespace annals
