#pragma once
// Numbers, percentages, money and measures in text, folded into base units.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/language/fold.h"

namespace annals {

enum class QuantityKind : std::uint8_t { kNumber, kOrdinal, kPercent, kMoney, kMultiple, kMeasure, kDuration };
std::string_view quantity_kind_name(
    QuantityKind kind);  // "number", "ordinal", "percent", "money", "multiple", "measure", "duration"

enum class Comparator : std::uint8_t { kEqual, kLess, kLessEqual, kGreater, kGreaterEqual, kApproximate, kRange };
std::string_view comparator_name(Comparator comparator);  // "=", "<", "<=", ">", ">=", "~", "range"

enum class Basis : std::uint8_t { kLevel, kYearOnYear, kQuarterOnQuarter, kMonthOnMonth };  // 同比, 环比
std::string_view basis_name(Basis basis);  // "level", "yoy", "qoq", "mom"

struct Quantity {
  std::string
      text;  // as written, with unit; in Chinese with the bound word, which is one word with it (约, 逾, 不超过, 以上)
  ByteSpan span;  // of the original text
  QuantityKind kind = QuantityKind::kNumber;
  double value = 0;            // 万/亿/million … folded; a percentage's printed number (25 for 25 %)
  std::optional<double> high;  // of a range: value..high
  Comparator comparator = Comparator::kEqual;
  // As written for a measure or a counted thing: "GB", "TB/s", "张"; "%", "个百分点", "bp"; "倍". What is counted (张,
  // 股, 家) leaves the kind a number and stays outside the span.
  std::string unit;
  // ISO 4217 of money: "CNY", "USD", "HKD"; GBX and USX for prices in pence and cents; empty where money is meant and
  // no currency said (套现45亿).
  std::string currency;
  Basis basis = Basis::kLevel;
};

// The quantities of a text, durations (times.h) aside, in order, not overlapping. Parts of dates, citation marks, tickers and model names (H200,
// B200, 910C) are not quantities.
std::vector<Quantity> read_quantities(const FoldedText& text, std::string_view original);

// The bare numerals inside the text's amounts, shares, measures, ordinals, dates and durations: 三百 of "三百美元",
// 2026 and 3 of "2026年3月". `read_quantities` gives the whole things and not these; who compares readings by their
// numbers wants both. In order. Left out: numerals that are one word with a Latin unit or a sign (29km, 22%) and a lone
// 一 or 两 before a currency (一美元).
std::vector<Quantity> read_inner_numerals(const FoldedText& text, std::string_view original);

// A numeral alone, Chinese, Arabic, mixed or financial: "三百二十", "1.5万", "壹佰", "两百五". None: not a numeral.
std::optional<double> read_numeral(std::string_view folded);

}  // namespace annals
