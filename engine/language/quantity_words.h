#pragma once
// The words that make a number a quantity: currencies, units, counters, bounds. Data only; the grammar is in quantities.cc.
// All entries are folded text (Simplified, lower case, half width).

#include <string_view>

#include "engine/language/quantities.h"

namespace annals::quantity_words {

struct Currency {
  std::string_view word;
  std::string_view code;  // ISO 4217; GBX and USX for prices in pence and cents, which markets quote as they stand
  double factor = 1;      // of one printed unit
};

// Before the number. A letter first needs a word's start.
inline constexpr Currency kCurrencyBefore[] = {
    {"us$", "USD"},   {"u.s.$", "USD"}, {"u.s. $", "USD"}, {"u.s $", "USD"}, {"us $", "USD"},   {"usd$", "USD"},  {"usd", "USD"},
    {"hk$", "HKD"},   {"hk $", "HKD"},  {"hkd", "HKD"},    {"nt$", "TWD"},   {"nt $", "TWD"},   {"twd", "TWD"},   {"ntd", "TWD"},
    {"c$", "CAD"},    {"c $", "CAD"},   {"ca$", "CAD"},    {"cad$", "CAD"},  {"cad", "CAD"},    {"a$", "AUD"},    {"au$", "AUD"},
    {"aud$", "AUD"},  {"aud", "AUD"},   {"s$", "SGD"},     {"sgd", "SGD"},   {"nz$", "NZD"},    {"nzd", "NZD"},   {"r$", "BRL"},
    {"mex$", "MXN"},  {"mop$", "MOP"},  {"rmb", "CNY"},    {"cny", "CNY"},   {"cnh", "CNY"},    {"jpy", "JPY"},   {"eur", "EUR"},
    {"gbp", "GBP"},   {"krw", "KRW"},   {"chf", "CHF"},    {"inr", "INR"},   {"rs.", "INR"},    {"$", "USD"},     {"€", "EUR"},
    {"£", "GBP"},     {"¥", "CNY"},     {"₩", "KRW"},      {"₹", "INR"},     {"₽", "RUB"},      {"฿", "THB"},     {"₫", "VND"},
    {"₿", "BTC"},     {"₺", "TRY"},     {"人民币", "CNY"}, {"港币", "HKD"},  {"新台币", "TWD"}, {"台币", "TWD"},  {"日币", "JPY"},
    {"美金", "USD"},  {"港元", "HKD"},  {"美元", "USD"},   {"欧元", "EUR"},  {"日元", "JPY"},   {"韩元", "KRW"},
};

// Behind the number.
inline constexpr Currency kCurrencyAfter[] = {
    {"元人民币", "CNY"}, {"人民币元", "CNY"}, {"元欧元", "EUR"},   {"元日币", "JPY"},   {"元港币", "HKD"},   {"元新台币", "TWD"},
    {"元台币", "TWD"},   {"元美元", "USD"},   {"元美金", "USD"},   {"人民币", "CNY"},   {"美元", "USD"},     {"美金", "USD"},
    {"美刀", "USD"},     {"港元", "HKD"},     {"港币", "HKD"},     {"港纸", "HKD"},     {"港圆", "HKD"},     {"新台币", "TWD"},
    {"新台币元", "TWD"}, {"台币", "TWD"},     {"台元", "TWD"},     {"日元", "JPY"},     {"日圆", "JPY"},     {"日币", "JPY"},
    {"欧元", "EUR"},     {"英镑", "GBP"},     {"镑", "GBP"},       {"韩元", "KRW"},     {"韩圆", "KRW"},     {"韩币", "KRW"},
    {"韩圜", "KRW"},     {"澳元", "AUD"},     {"澳币", "AUD"},     {"澳大利亚元", "AUD"}, {"加元", "CAD"},   {"加币", "CAD"},
    {"加拿大元", "CAD"}, {"新加坡元", "SGD"}, {"新加坡币", "SGD"}, {"新元", "SGD"},     {"坡元", "SGD"},     {"坡币", "SGD"},
    {"瑞士法郎", "CHF"}, {"瑞郎", "CHF"},     {"法郎", "CHF"},     {"卢布", "RUB"},     {"印度卢比", "INR"}, {"卢比", "INR"},
    {"泰铢", "THB"},     {"泰珠", "THB"},     {"铢", "THB"},       {"越南盾", "VND"},   {"印尼盾", "IDR"},   {"印尼卢比", "IDR"},
    {"荷兰盾", "NLG"},   {"墨西哥比索", "MXN"}, {"比索", "PHP"},   {"雷亚尔", "BRL"},   {"里拉", "TRY"},     {"马币", "MYR"},
    {"林吉特", "MYR"},   {"令吉", "MYR"},     {"迪拉姆", "AED"},   {"里亚尔", "SAR"},   {"第纳尔", "KWD"},   {"瑞典克朗", "SEK"},
    {"挪威克朗", "NOK"}, {"丹麦克朗", "DKK"}, {"克朗", "SEK"},     {"兰特", "ZAR"},     {"澳门元", "MOP"},   {"澳门币", "MOP"},
    {"葡币", "MOP"},     {"谢克尔", "ILS"},   {"纽元", "NZD"},     {"新西兰元", "NZD"}, {"兹罗提", "PLN"},   {"福林", "HUF"},
    {"比特币", "BTC"},   {"以太币", "ETH"},   {"美分", "USD", 0.01}, {"便士", "GBX"},   {"港仙", "HKD", 0.01}, {"块钱", "CNY"},
    {"元钱", "CNY"},     {"元", "CNY"},       {"圆", "CNY"},       {"块", "CNY"},       {"蚊", "HKD"},       {"角", "CNY", 0.1},
    {"毛钱", "CNY", 0.1}, {"毛", "CNY", 0.1}, {"毫", "HKD", 0.1},  {"分钱", "CNY", 0.01}, {"分", "CNY", 0.01}, {"仙", "HKD", 0.01},
    {"us dollars", "USD"},          {"us dollar", "USD"},           {"u.s. dollars", "USD"},        {"u.s. dollar", "USD"},
    {"american dollars", "USD"},    {"hong kong dollars", "HKD"},   {"hong kong dollar", "HKD"},    {"canadian dollars", "CAD"},
    {"canadian dollar", "CAD"},     {"australian dollars", "AUD"},  {"australian dollar", "AUD"},   {"new taiwan dollars", "TWD"},
    {"new taiwan dollar", "TWD"},   {"taiwan dollars", "TWD"},      {"singapore dollars", "SGD"},   {"singapore dollar", "SGD"},
    {"new zealand dollars", "NZD"}, {"dollars", "USD"},             {"dollar", "USD"},              {"bucks", "USD"},
    {"chinese yuan", "CNY"},        {"yuan", "CNY"},                {"renminbi", "CNY"},            {"rmb", "CNY"},
    {"kuai", "CNY"},                {"mao", "CNY", 0.1},            {"japanese yen", "JPY"},        {"yen", "JPY"},
    {"south korean won", "KRW"},    {"korean won", "KRW"},          {"won", "KRW"},                 {"euros", "EUR"},
    {"euro", "EUR"},                {"pounds sterling", "GBP"},     {"british pounds", "GBP"},      {"british pound", "GBP"},
    {"pounds", "GBP"},              {"pound", "GBP"},               {"sterling", "GBP"},            {"pence", "GBX"},
    {"penny", "GBX"},               {"cents", "USX"},               {"cent", "USX"},                {"indian rupees", "INR"},
    {"rupees", "INR"},              {"rupee", "INR"},               {"rubles", "RUB"},              {"roubles", "RUB"},
    {"ruble", "RUB"},               {"swiss francs", "CHF"},        {"swiss franc", "CHF"},         {"french francs", "FRF"},
    {"francs", "CHF"},              {"swedish kronor", "SEK"},      {"swedish krona", "SEK"},       {"norwegian kroner", "NOK"},
    {"danish kroner", "DKK"},       {"kronor", "SEK"},              {"kroner", "NOK"},              {"turkish lira", "TRY"},
    {"lira", "TRY"},                {"lire", "ITL"},                {"dutch guilders", "NLG"},      {"guilders", "NLG"},
    {"mexican pesos", "MXN"},       {"mexican peso", "MXN"},        {"philippine pesos", "PHP"},    {"pesos", "MXN"},
    {"peso", "MXN"},                {"thai baht", "THB"},           {"baht", "THB"},                {"ringgit", "MYR"},
    {"dirhams", "AED"},             {"riyals", "SAR"},              {"rand", "ZAR"},                {"reais", "BRL"},
    {"brazilian reais", "BRL"},     {"shekels", "ILS"},             {"deutsche marks", "DEM"},      {"german marks", "DEM"},
    {"marks", "DEM"},               {"bitcoins", "BTC"},            {"bitcoin", "BTC"},             {"usd", "USD"},
    {"cny", "CNY"},                 {"cnh", "CNY"},                 {"hkd", "HKD"},                 {"eur", "EUR"},
    {"gbp", "GBP"},                 {"jpy", "JPY"},                 {"krw", "KRW"},                 {"aud", "AUD"},
    {"cad", "CAD"},                 {"twd", "TWD"},                 {"ntd", "TWD"},                 {"sgd", "SGD"},
    {"chf", "CHF"},                 {"inr", "INR"},                 {"sek", "SEK"},                 {"nok", "NOK"},
    {"dkk", "DKK"},                 {"nzd", "NZD"},                 {"mxn", "MXN"},                 {"brl", "BRL"},
    {"rub", "RUB"},                 {"thb", "THB"},                 {"myr", "MYR"},                 {"aed", "AED"},
    {"sar", "SAR"},                 {"try", "TRY"},                 {"zar", "ZAR"},                 {"btc", "BTC"},
    {"€", "EUR"},                   {"£", "GBP"},                   {"¥", "CNY"},                   {"$", "USD"},
    {"₡", "CRC"},                   {"₩", "KRW"},                   {"₹", "INR"},                   {"₽", "RUB"},
    {"₿", "BTC"},                   {"฿", "THB"},                   {"₺", "TRY"},                   {"₫", "VND"},
};

// Scales in Latin letters. `case_bound`: only as a capital, since the small letter is a unit (m, t) — unless money is counted.
struct Scale {
  std::string_view word;
  double factor;
  bool needs_capital;
};
inline constexpr Scale kScales[] = {
    {"bn", 1e9, false}, {"bln", 1e9, false}, {"mn", 1e6, false}, {"mln", 1e6, false}, {"mil", 1e6, false}, {"tn", 1e12, false},
    {"trn", 1e12, false}, {"k", 1e3, false}, {"m", 1e6, true},   {"b", 1e9, true},    {"t", 1e12, true},   {"mm", 1e6, true},
};

// Physical units: the quantity is a measure.
inline constexpr std::string_view kLatinUnits[] = {
    "kb",   "mb",   "gb",   "tb",   "pb",   "eb",   "kb/s", "mb/s", "gb/s", "tb/s", "pb/s", "kbps", "mbps", "gbps", "tbps", "gbit",
    "gbit/s", "gt/s", "flops", "gflops", "tflops", "pflops", "eflops", "tops", "pops", "tflop/s", "token/s", "tokens/s", "nm", "um",
    "μm",   "mm",   "cm",   "km",   "m",    "w",    "kw",   "mw",   "gw",   "tw",   "wh",   "kwh",  "mwh",  "gwh",  "twh",  "wh/kg",
    "kwp",  "mwp",  "gwp",  "v",    "kv",   "ah",   "mah",  "hz",   "khz",  "mhz",  "ghz",  "thz",  "kg",   "g",    "mg",   "ml",
    "l",    "t",    "lb",   "lbs",  "oz",   "mpa",  "kpa",  "fps",  "rpm",  "km/h", "kph",  "mph",  "ppm",  "ppi",  "dpi",  "bits",
    "bit",  "qubits", "teu", "inch", "inches", "feet", "ft", "miles", "mile", "metres", "meters", "kilometers", "kilometres", "tons",
    "tonnes", "ton", "tonne", "kilograms", "grams", "ounces", "barrels", "bpd", "acres", "hectares", "watts", "kilowatts", "megawatts",
    "gigawatts", "gigabytes", "terabytes", "megabytes", "nanometers", "nanometres", "nanometer", "litres", "liters", "gallons",
    "megapixels", "qubit", "degrees", "sq", "hectare", "acre", "°c", "°f", "℃", "㎡", "m2", "m3", "km2",
};
inline constexpr std::string_view kHanUnits[] = {
    "纳米", "微米", "毫米", "厘米", "分米", "公里", "千米", "英里", "海里", "英寸", "英尺", "平方米", "平方公里", "平方千米", "平方英尺",
    "平米", "立方米", "公顷", "亩", "吨", "公斤", "千克", "毫克", "克拉", "克", "斤", "磅", "盎司", "毫升", "升", "加仑", "桶",
    "千瓦时", "兆瓦时", "吉瓦时", "千瓦", "兆瓦", "吉瓦", "瓦", "伏", "毫安时", "安时", "赫兹", "兆赫", "字节", "比特", "摄氏度", "华氏度",
    "像素", "光年", "标箱", "兆", "千伏", "米", "寸", "尺", "码", "度电", "度",
};

// What is counted: the number keeps its kind, the counter goes into the unit.
inline constexpr std::string_view kCounters[] = {
    "人次", "人民", "个", "家", "名", "位", "台", "张", "颗", "枚", "片", "块", "辆", "股", "手", "件", "套", "只", "支", "条", "部",
    "架", "艘", "座", "栋", "间", "所", "人", "户", "次", "种", "类", "款", "项", "份", "批", "篇", "封", "本", "页", "字", "句", "组",
    "队", "对", "双", "层", "级", "届", "轮", "笔", "单", "宗", "例", "起", "场", "节", "门", "口", "头", "匹", "棵", "株", "根", "粒",
    "点", "卡", "核", "柜", "机柜", "代", "倍", "盒", "箱", "袋", "瓶", "杯", "幅", "幢", "处", "道", "集", "期", "章", "成", "岁",
    "步", "环", "格", "阶", "大类", "国", "城", "省", "市", "县", "区", "票", "席", "艇", "帧", "顶", "桌", "样", "面", "版", "笼", "趟",
};

struct BoundWord {
  std::string_view word;
  Comparator comparator;
};
// Written before the number and, in Chinese, one word with it.
inline constexpr BoundWord kBoundsBefore[] = {
    {"不超过", Comparator::kLessEqual}, {"不超", Comparator::kLessEqual},     {"不高于", Comparator::kLessEqual},
    {"不多于", Comparator::kLessEqual}, {"不大于", Comparator::kLessEqual},   {"未超过", Comparator::kLessEqual},
    {"至多", Comparator::kLessEqual},   {"最多", Comparator::kLessEqual},     {"多达", Comparator::kLessEqual},
    {"上限为", Comparator::kLessEqual}, {"最高", Comparator::kLessEqual},     {"不足", Comparator::kLess},
    {"不到", Comparator::kLess},        {"少于", Comparator::kLess},          {"低于", Comparator::kLess},
    {"小于", Comparator::kLess},        {"未到", Comparator::kLess},          {"未满", Comparator::kLess},
    {"不满", Comparator::kLess},        {"超过", Comparator::kGreater},       {"超出", Comparator::kGreater},
    {"超", Comparator::kGreater},       {"逾", Comparator::kGreater},         {"多于", Comparator::kGreater},
    {"大于", Comparator::kGreater},     {"高于", Comparator::kGreater},       {"突破", Comparator::kGreater},
    {"不低于", Comparator::kGreaterEqual}, {"不少于", Comparator::kGreaterEqual}, {"不小于", Comparator::kGreaterEqual},
    {"至少", Comparator::kGreaterEqual}, {"最少", Comparator::kGreaterEqual}, {"起码", Comparator::kGreaterEqual},
    {"最低", Comparator::kGreaterEqual}, {"下限为", Comparator::kGreaterEqual}, {"大约", Comparator::kApproximate},
    {"约为", Comparator::kApproximate}, {"约合", Comparator::kApproximate},   {"约", Comparator::kApproximate},
    {"接近", Comparator::kApproximate}, {"将近", Comparator::kApproximate},   {"近", Comparator::kApproximate},
    {"大概", Comparator::kApproximate}, {"差不多", Comparator::kApproximate}, {"上下", Comparator::kApproximate},
};
inline constexpr BoundWord kBoundsAfter[] = {
    {"以上", Comparator::kGreaterEqual}, {"(含)以上", Comparator::kGreaterEqual}, {"及以上", Comparator::kGreaterEqual},
    {"以下", Comparator::kLessEqual},    {"(含)以下", Comparator::kLessEqual},    {"及以下", Comparator::kLessEqual},
    {"以内", Comparator::kLessEqual},    {"左右", Comparator::kApproximate},      {"上下", Comparator::kApproximate},
    {"出头", Comparator::kGreater},      {"开外", Comparator::kGreater},
};
// English bound words stand apart from the number and stay outside its span.
inline constexpr BoundWord kEnglishBounds[] = {
    {"no less than", Comparator::kGreaterEqual}, {"not less than", Comparator::kGreaterEqual}, {"no fewer than", Comparator::kGreaterEqual},
    {"at least", Comparator::kGreaterEqual},     {"a minimum of", Comparator::kGreaterEqual},  {"more than", Comparator::kGreater},
    {"greater than", Comparator::kGreater},      {"higher than", Comparator::kGreater},        {"in excess of", Comparator::kGreater},
    {"upwards of", Comparator::kGreater},        {"exceeding", Comparator::kGreater},          {"exceeds", Comparator::kGreater},
    {"exceeded", Comparator::kGreater},          {"topping", Comparator::kGreater},            {"topped", Comparator::kGreater},
    {"over", Comparator::kGreater},              {"above", Comparator::kGreater},              {"no more than", Comparator::kLessEqual},
    {"not more than", Comparator::kLessEqual},   {"up to", Comparator::kLessEqual},            {"as much as", Comparator::kLessEqual},
    {"as many as", Comparator::kLessEqual},      {"at most", Comparator::kLessEqual},          {"a maximum of", Comparator::kLessEqual},
    {"less than", Comparator::kLess},            {"fewer than", Comparator::kLess},            {"lower than", Comparator::kLess},
    {"under", Comparator::kLess},                {"below", Comparator::kLess},                 {"nearly", Comparator::kApproximate},
    {"almost", Comparator::kApproximate},        {"about", Comparator::kApproximate},          {"around", Comparator::kApproximate},
    {"approximately", Comparator::kApproximate}, {"roughly", Comparator::kApproximate},        {"close to", Comparator::kApproximate},
    {"an estimated", Comparator::kApproximate},  {"estimated", Comparator::kApproximate},      {"some", Comparator::kApproximate},
    {"circa", Comparator::kApproximate},
};

}  // namespace annals::quantity_words
