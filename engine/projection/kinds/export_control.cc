#include "engine/projection/kinds/export_control.h"

#include "engine/projection/kinds/words.h"

namespace annals {
namespace {

// On the path of a permission; 0: not on it.
int path_rank(std::string_view status) {
  if (status == "allowed") return 1;
  if (status == "license_pending") return 2;
  if (status == "license_granted") return 3;
  return 0;
}

}  // namespace

const ProjectionHelp& ExportControl::help() const {
  static const ProjectionHelp kHelp = {
      "export_control", "whether a product may be shipped to a place, by the exporting side's rule",
      "PRODUCT[/DESTINATION], destination china unless said; a class with its vendor: CLASS@VENDOR",
      "values     banned; license_required; allowed, with its steps: announced, in force, licences pending, granted;\n"
      "           under_discussion only where no rule is known\n"
      "rivals     banned × allowed in any of its steps; licences pending × granted\n"
      "steps      announced → in force → licences pending → granted are one path, the rule allowed: it keeps its beginning;\n"
      "           a vaguer word on the path corroborates and takes nothing back\n"
      "together   a licence requirement told of the same day as a permission, or as holding under one, is its condition\n"
      "marks      under_discussion marks a rule and never replaces it\n"
      "ways back  licences pending after granted, on a later day; a ban or a new licence requirement that begins on a later day\n"
      "           (a ban that ends a permission has the step revoked)"};
  return kHelp;
}

std::string ExportControl::subject(const Claim& claim) const {
  return claim.type == ClaimType::kExportControl ? slot_id(claim, "product") : std::string();
}

std::string ExportControl::key(const Claim& claim, const Names& names) const { return product_key(claim, names, "destination"); }

Said ExportControl::say(const Claim& claim, const PlacedClaim& placed) const {
  Said said;
  said.value = claim.text("status");
  said.slot = said.value;
  const int rank = path_rank(said.value);
  if (said.value == "under_discussion") {
    set_field(said.fields, "rule", "unknown");
    set_field(said.fields, "step", "under discussion");
  } else {
    set_field(said.fields, "rule", rank > 0 ? "allowed" : said.value);
    // A permission that is told as an act of today is announced; one with a time of its own, or told of the present, is in force.
    const bool announced = claim.aspect == Aspect::kBegins && placed.from_source != ValidFromSource::kWhen;
    set_field(said.fields, "step",
              rank == 2 ? "licences pending" : rank == 3 ? "granted" : rank == 1 && announced ? "announced" : "in force");
    if (is_expectation(claim)) said.fields.pop_back();
  }
  add_slot(said.fields, claim, "authority");
  if (const std::string vendor = slot_id(claim, "vendor"); !vendor.empty()) add_word(said.fields, "vendors", vendor);
  if (const std::string_view condition = claim.text("condition"); !condition.empty()) {
    for (const std::string& type : condition_types(condition)) add_word(said.fields, "conditions", type);
    set_field(said.fields, "condition", std::string(condition));
  }
  if (said.value == "license_required") add_word(said.fields, "conditions", "licence");
  return said;
}

Relation ExportControl::relation(const Growing& now, const Said& said, const PlacedClaim& placed) const {
  const std::string& old = now.entry.value;
  if (said.value == "under_discussion") return old == said.value ? Relation::kSame : Relation::kMark;
  if (old == said.value) return Relation::kSame;
  if (old == "under_discussion") return Relation::kChange;
  const int before_rank = path_rank(old);
  const int rank = path_rank(said.value);
  if (before_rank > 0 && rank > 0) {
    if (rank > before_rank) {
      // Granted where others say pending, of one day: one of them is wrong.
      if (before_rank == 2 && overlap(now.onset, placed.onset)) return Relation::kRival;
      return Relation::kForward;
    }
    return rank == 1 ? Relation::kVaguer : Relation::kRival;
  }
  if (before_rank > 0 && said.value == "license_required") {
    const bool new_rule = placed.claim->aspect == Aspect::kBegins && !overlap(now.onset, placed.onset);
    return new_rule ? Relation::kChange : Relation::kVaguer;
  }
  if ((old == "banned" && rank > 0) || (before_rank > 0 && said.value == "banned")) return Relation::kRival;
  return Relation::kChange;
}

void ExportControl::announce(Growing& ahead) const { set_field(ahead.entry.fields, "step", "announced"); }

void ExportControl::merge(Growing& now, const Said& said, const PlacedClaim& placed, Relation how) const {
  std::vector<Field>& fields = now.entry.fields;
  if (how == Relation::kMark) {
    set_field(fields, "mark", "under discussion");
    return;
  }
  if (how == Relation::kBack) return;
  const Field* step = find_field(said.fields, "step");
  if (step != nullptr && how == Relation::kForward) {
    set_field(fields, "step", step->text);
    std::erase_if(fields, [](const Field& field) { return field.name == "step_since" || field.name == "step_by"; });
    if (placed.from_point) set_field(fields, placed.claim->aspect == Aspect::kBegins ? "step_since" : "step_by", placed.from_point->text);
  }
  // Told on a later day as holding: what was announced is in force.
  if (const Field* now_step = find_field(fields, "step"); how == Relation::kSame && now_step != nullptr && now_step->text == "announced" &&
                                                          placed.claim->aspect == Aspect::kHolds && !overlap(now.onset, placed.onset))
    set_field(fields, "step", "in force");
  if ((how == Relation::kChange || how == Relation::kRival) && said.value == "banned" && !now.entry.steps.empty() &&
      path_rank(now.entry.steps.back().value) > 0)
    set_field(fields, "step", "revoked");
  for (const Field& field : said.fields) {
    if (field.name == "rule" || field.name == "step") continue;
    if (field.name == "vendors" || field.name == "conditions") {
      for (std::size_t at = 0; at < field.text.size();) {
        const std::size_t end = std::min(field.text.find(", ", at), field.text.size());
        add_word(fields, field.name, field.text.substr(at, end - at));
        at = end + 2;
      }
    } else if (find_field(fields, field.name) == nullptr) {
      set_field(fields, field.name, field.text, field.number);
    }
  }
}

}  // namespace annals
