#include "engine/projection/kinds/market_access.h"

#include <array>

namespace annals {
namespace {

constexpr std::array<std::string_view, 3> kParts = {"export_control", "import_control", "revenue_share"};
constexpr std::array<std::string_view, 3> kTracks = {"exporter", "importer", "share"};

std::string field_of(const Entry* entry, std::string_view name) {
  const Field* field = entry == nullptr ? nullptr : entry->field(name);
  return field == nullptr ? std::string() : field->text;
}

// The entry that counts: stated, else reported. Expectations do not stand between anybody now.
const Entry* head_of(const State& state, Lane& lane) {
  for (const Lane each : {Lane::kStated, Lane::kReported}) {
    for (const Entry& entry : state.lane(each).entries) {
      if (entry.due_status != DueStatus::kNone) continue;
      lane = each;
      return &entry;
    }
  }
  return nullptr;
}

std::string with_lane(std::string text, Lane lane) { return lane == Lane::kReported ? text + " (reported)" : text; }

std::string exporter_text(const Entry& entry) {
  if (entry.starts) return entry.value + ": announced, in force from " + entry.starts->text;
  const std::string step = field_of(&entry, "step");
  if (entry.value == "under_discussion") return "under discussion";
  if (field_of(&entry, "rule") != "allowed") return field_of(&entry, "rule") == "license_required" ? "licence required" : "banned";
  if (step == "announced") return "announced, in force not yet";
  if (step == "licences pending") return "announced, in force not yet: licences pending";
  return step == "granted" ? "in force: licences granted" : "in force";
}

std::string importer_text(const std::string& value) {
  return value == "under_review" ? "under review" : value;
}

}  // namespace

const ProjectionHelp& MarketAccess::help() const {
  static const ProjectionHelp kHelp = {
      "market_access", "what stands between a maker and its buyers at a place now: export, import and share joined",
      "PRODUCT[/DESTINATION], destination china unless said",
      "tracks     exporter, importer, share: the heads of export_control, import_control, revenue_share\n"
      "summary    exporter, importer, share, shippable\n"
      "shippable  no: a ban on either side, or a licence requirement without licences; not yet: announced and not in force, or the\n"
      "           importer is reviewing; yes: in force and let in; unsaid: the exporting side says nothing\n"
      "rivals     those of the three\n"
      "steps      those of the three\n"
      "ways back  those of the three"};
  return kHelp;
}

std::span<const std::string_view> MarketAccess::parts() const { return kParts; }

State MarketAccess::join(std::string_view key, std::span<const State> parts) const {
  State out = Projection::join(key, parts);
  std::array<const Entry*, 3> heads{};
  std::array<Lane, 3> lanes{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    heads[i] = head_of(parts[i], lanes[i]);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const Entry* head = parts[i].lanes[lane].head();
      if (head == nullptr) continue;
      Entry entry = *head;
      entry.track = kTracks[i];
      out.lanes[lane].entries.push_back(std::move(entry));
    }
    if (parts[i].newest_known_from && (!out.newest_known_from || *out.newest_known_from < *parts[i].newest_known_from))
      out.newest_known_from = parts[i].newest_known_from;
  }
  if (out.best() == nullptr) return out;

  const Entry* exporter = heads[0];
  const Entry* importer = heads[1];
  const Entry* share = heads[2];
  set_field(out.summary, "exporter", exporter == nullptr ? "unsaid" : with_lane(exporter_text(*exporter), lanes[0]));
  set_field(out.summary, "importer", importer == nullptr ? "unsaid" : with_lane(importer_text(importer->value), lanes[1]));
  if (const Field* rate = share == nullptr ? nullptr : share->field("rate"); rate != nullptr && rate->number)
    set_field(out.summary, "share", with_lane(format_number(*rate->number * 100) + "%", lanes[2]), rate->number);
  else
    set_field(out.summary, "share", share == nullptr ? "unsaid" : with_lane(share->value, lanes[2]));

  std::string shippable = "unsaid";
  if (exporter != nullptr) {
    const std::string rule = field_of(exporter, "rule");
    const std::string step = field_of(exporter, "step");
    if (importer != nullptr && importer->value == "banned" && !importer->starts) shippable = "no";
    else if (rule == "banned" || (rule == "license_required" && step != "granted")) shippable = exporter->starts ? "unsaid" : "no";
    else if (rule != "allowed") shippable = "unsaid";
    else if (exporter->starts || step == "announced" || step == "licences pending") shippable = "not yet";
    else if (importer != nullptr && importer->value == "under_review") shippable = "not yet";
    else shippable = "yes";
  }
  set_field(out.summary, "shippable", shippable);
  return out;
}

}  // namespace annals
