#include "engine/note/note.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/utf8.h"

namespace annals {
namespace {

struct Range {
  CivilRange from;
  CivilRange to;  // the same as `from` where the time is not a range
  bool is_range = false;
};

Result<Range> parse_range(std::string_view wall) {
  const std::size_t slash = wall.find('/');
  Range range;
  ANNALS_TRY(range.from, parse_civil(wall.substr(0, slash)));
  range.to = range.from;
  if (slash == std::string_view::npos) return range;
  range.is_range = true;
  ANNALS_TRY(range.to, parse_civil(wall.substr(slash + 1)));
  if (range.to.to <= range.from.from)
    return Error{ErrorCode::kInvalid, fmt::format("expected a range that ends after it begins, found '{}'", wall)};
  return range;
}

Precision precision_of(Grain grain) {
  switch (grain) {
    case Grain::kSecond:
      return Precision::kSecond;
    case Grain::kMinute:
      return Precision::kMinute;
    case Grain::kHour:
      return Precision::kHour;
    case Grain::kDay:
      return Precision::kDay;
    case Grain::kMonth:
      return Precision::kMonth;
    case Grain::kYear:
      return Precision::kYear;
    default:
      return Precision::kRange;  // a week, quarter or half: a stretch without a grain of its own here
  }
}

// One end of a printed time for people: a clock time gets seconds and its offset, a date stays a date.
std::string format_end(std::string_view wall, const Zone& zone) {
  const auto range = parse_civil(wall);
  if (!range || (range->grain != Grain::kSecond && range->grain != Grain::kMinute && range->grain != Grain::kHour))
    return std::string(wall);
  const auto total = std::chrono::duration_cast<std::chrono::minutes>(zone.offset(zone.earliest(range->from))).count();
  return fmt::format("{}{}{:02}:{:02}", format_civil(range->from), total < 0 ? '-' : '+', std::abs(total) / 60,
                     std::abs(total) % 60);
}

}  // namespace

std::string_view precision_name(Precision precision) {
  switch (precision) {
    case Precision::kSecond:
      return "second";
    case Precision::kMinute:
      return "minute";
    case Precision::kHour:
      return "hour";
    case Precision::kDay:
      return "day";
    case Precision::kMonth:
      return "month";
    case Precision::kYear:
      return "year";
    case Precision::kRange:
      return "range";
  }
  return "range";
}

std::string_view zone_source_name(ZoneSource source) {
  switch (source) {
    case ZoneSource::kPrinted:
      return "printed";
    case ZoneSource::kOperator:
      return "operator";
    case ZoneSource::kAssumed:
      return "assumed";
  }
  return "assumed";
}

std::string_view rendition_name(Rendition rendition) {
  switch (rendition) {
    case Rendition::kVerbatim:
      return "verbatim";
    case Rendition::kSummary:
      return "summary";
    case Rendition::kMinutes:
      return "minutes";
    case Rendition::kTranslation:
      return "translation";
  }
  return "verbatim";
}

std::string_view language_name(Language language) {
  switch (language) {
    case Language::kUnknown:
      return "und";
    case Language::kZhHans:
      return "zh-Hans";
    case Language::kZhHant:
      return "zh-Hant";
    case Language::kEn:
      return "en";
  }
  return "und";
}

Result<Published> make_published(std::string_view wall, const Zone& zone, ZoneSource source) {
  ANNALS_TRY(const Range range, parse_range(wall));
  Published out;
  out.wall = wall;
  std::replace(out.wall.begin(), out.wall.end(), ' ', 'T');
  out.precision = range.is_range ? Precision::kRange : precision_of(range.from.grain);
  out.zone = zone.name();
  out.zone_source = source;
  out.earliest = zone.earliest(range.from.from);
  out.known_from = zone.latest(range.to.to);
  if (source == ZoneSource::kAssumed) {
    out.earliest = std::min(out.earliest, Zone::utc().earliest(range.from.from));
    out.known_from = std::max(out.known_from, Zone::utc().latest(range.to.to));
  }
  return out;
}

std::string format_published(const Published& published) {
  const auto zone = Zone::find(published.zone);
  check(zone.ok(), "a publication time names a zone that was found before");
  const std::size_t slash = published.wall.find('/');
  if (slash == std::string::npos) return format_end(published.wall, *zone);
  return format_end(std::string_view(published.wall).substr(0, slash), *zone) + "/" +
         format_end(std::string_view(published.wall).substr(slash + 1), *zone);
}

std::string line_and_column(std::string_view text, std::size_t at) {
  at = std::min(at, text.size());
  const std::string_view before = text.substr(0, at);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.rfind('\n');
  std::string_view column = start == std::string_view::npos ? before : before.substr(start + 1);
  if (column.starts_with("\xEF\xBB\xBF")) column.remove_prefix(3);  // a mark has no width
  return fmt::format("{}:{}", line, 1 + count_code_points(column));
}

}  // namespace annals
