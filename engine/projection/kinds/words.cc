#include "engine/projection/kinds/words.h"

#include <algorithm>
#include <array>
#include <set>

#include "engine/language/fold.h"

namespace annals {

std::string slot_id(const Claim& claim, std::string_view slot) {
  const EntityRef* entity = claim.entity(slot);
  return entity == nullptr ? std::string() : entity->id;
}

std::string product_key(const Claim& claim, const Names& names, std::string_view place_slot) {
  std::string key = names.canonical(slot_id(claim, "product"));
  if (const std::string vendor = slot_id(claim, "vendor"); !vendor.empty() && names.is_class(key)) key += "@" + names.canonical(vendor);
  const std::string place = slot_id(claim, place_slot);
  return key + "/" + (place.empty() ? "china" : names.canonical(place));
}

void add_slot(std::vector<Field>& fields, const Claim& claim, std::string_view slot) {
  const SlotValue* value = claim.slot(slot);
  if (value == nullptr) return;
  if (const auto* entity = std::get_if<EntityRef>(value)) {
    set_field(fields, slot, entity->known ? entity->id : entity->text);
  } else if (const auto* amount = std::get_if<Amount>(value)) {
    std::string text = format_number(amount->value);
    if (amount->high) text += ".." + format_number(*amount->high);
    if (amount->comparator != Comparator::kEqual && amount->comparator != Comparator::kRange)
      text.insert(0, comparator_name(amount->comparator));
    if (!amount->unit.empty()) text += " " + amount->unit;
    set_field(fields, slot, std::move(text), amount->value);
  } else if (const auto* text = std::get_if<std::string>(value)) {
    set_field(fields, slot, *text);
  } else if (const auto* entities = std::get_if<std::vector<EntityRef>>(value)) {
    for (const EntityRef& each : *entities) add_word(fields, slot, each.known ? each.id : each.text);
  }
}

void add_word(std::vector<Field>& fields, std::string_view name, const std::string& word) {
  std::set<std::string> words{word};
  if (const Field* field = find_field(fields, name)) {
    for (std::size_t at = 0; at < field->text.size();) {
      const std::size_t end = std::min(field->text.find(", ", at), field->text.size());
      words.insert(field->text.substr(at, end - at));
      at = end + 2;
    }
  }
  std::string text;
  for (const std::string& each : words) text += (text.empty() ? "" : ", ") + each;
  set_field(fields, name, std::move(text));
}

std::vector<std::string> condition_types(std::string_view text) {
  struct Cue {
    std::string_view cue;
    std::string_view type;
  };
  // Folded: Simplified, lower case.
  static constexpr std::array<Cue, 18> kCues = {{{"客户", "approved_customers"},   {"customer", "approved_customers"},
                                                 {"分成", "share"},                {"上缴", "share"},
                                                 {"缴纳", "share"},                {"抽成", "share"},
                                                 {"share of", "share"},            {"% of", "share"},
                                                 {"审查", "review"},               {"审批", "review"},
                                                 {"审核", "review"},               {"review", "review"},
                                                 {"vetting", "review"},            {"inspection", "review"},
                                                 {"国家安全", "security"},         {"安全要求", "security"},
                                                 {"national security", "security"}, {"security", "security"}}};
  const std::string folded = fold(text);
  std::set<std::string> types;
  for (const Cue& cue : kCues)
    if (folded.find(cue.cue) != std::string::npos) types.insert(std::string(cue.type));
  return {types.begin(), types.end()};
}

}  // namespace annals
