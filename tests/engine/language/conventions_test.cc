// Goal: what engine/language/README.md promises about disputed readings is what the engine does.
// Method: the tables themselves are the test: each example of a row is read and compared with the cell beside it.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/engine/language/conventions.h"

namespace annals {
namespace {

using conventions::Example;

std::string moment(std::optional<Civil> at) {
  if (!at) return {};
  const std::string text = format_civil(*at);
  return text.ends_with("T00:00:00") ? text.substr(0, 10) : text.substr(0, 16);
}

std::string times_of(const std::string& text) {
  std::string out;
  for (const TimeMention& time : read_times(FoldedText(text), text, conventions::reference()))
    out += (out.empty() ? "" : "; ") + moment(time.from) + ".." + moment(time.to);
  return out.empty() ? "none" : out;
}

std::string quantities_of(const std::string& text) {
  std::string out;
  for (const Quantity& each : read_quantities(FoldedText(text), text)) {
    if (!out.empty()) out += "; ";
    if (each.comparator != Comparator::kEqual && each.comparator != Comparator::kRange)
      out += fmt::format("{} ", comparator_name(each.comparator));
    out += fmt::format("{:.15g}", each.value);
    if (each.high) out += fmt::format("..{:.15g}", *each.high);
    const std::string unit = each.kind == QuantityKind::kMultiple ? "times"
                             : each.currency.empty()              ? each.unit
                                                                  : each.currency;
    if (!unit.empty()) out += " " + unit;
    if (each.basis != Basis::kLevel) out += fmt::format(" {}", basis_name(each.basis));
  }
  return out.empty() ? "none" : out;
}

TEST_CASE("times are read as the conventions say") {
  const auto examples = conventions::examples("## Times: conventions");
  REQUIRE(examples.size() > 80);
  for (const Example& example : examples) {
    INFO(example.text);
    CHECK(times_of(example.text) == example.reading);
  }
}

TEST_CASE("quantities are read as the conventions say") {
  const auto examples = conventions::examples("## Quantities: conventions");
  REQUIRE(examples.size() > 40);
  for (const Example& example : examples) {
    INFO(example.text);
    CHECK(quantities_of(example.text) == example.reading);
  }
}

}  // namespace
}  // namespace annals
