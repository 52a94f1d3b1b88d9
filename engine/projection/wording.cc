#include "engine/projection/wording.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/base/utf8.h"
#include "engine/language/fold.h"
#include "engine/language/shingles.h"

namespace annals {
namespace {

constexpr std::string_view kOpen = "“";
constexpr std::string_view kClose = "”";
// Fewer of a long set's sample say nothing.
constexpr std::size_t kSampleMin = 8;

// Whether more than half of a folded text's tokens stand in quotation marks, names and titles aside.
bool mostly_quoted(std::string_view folded, std::size_t all) {
  std::size_t quoted = 0;
  for (std::size_t at = 0; at < folded.size();) {
    const bool straight = folded[at] == '"';
    if (!straight && !folded.substr(at).starts_with(kOpen)) {
      ++at;
      continue;
    }
    const std::string_view close = straight ? std::string_view("\"") : kClose;
    const std::size_t inside = at + (straight ? 1 : kOpen.size());
    const std::size_t end = folded.find(close, inside);
    if (end == std::string_view::npos) return false;
    if (const std::size_t length = tokens(folded.substr(inside, end - inside)).size(); length >= kQuotedMin) quoted += length;
    at = end + close.size();
  }
  return 2 * quoted > all;
}

// Not an ideograph and not a number.
bool is_word(std::string_view token) {
  return !is_han(decode_utf8(token, 0).value) && token.find_first_not_of("0123456789") != std::string_view::npos;
}

void put16(std::string& out, std::uint64_t value) {
  out.push_back(static_cast<char>(value >> 8 & 0xff));
  out.push_back(static_cast<char>(value & 0xff));
}
std::uint16_t take16(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) << 8 | static_cast<unsigned char>(bytes[at + 1]));
}

struct Wording {
  explicit Wording(std::string_view bytes) : bytes_(bytes) {}
  double length() const { return take16(bytes_, 0); }
  bool cut() const { return take16(bytes_, 2) > kept(); }
  std::size_t kept() const { return bytes_.size() / 2 - 2; }
  std::uint16_t operator[](std::size_t i) const { return take16(bytes_, 4 + 2 * i); }
  // How many are no larger.
  std::size_t up_to(std::uint16_t limit) const {
    std::size_t n = 0;
    while (n < kept() && (*this)[n] <= limit) ++n;
    return n;
  }

 private:
  std::string_view bytes_;
};

}  // namespace

std::string wording_of(std::string_view text) {
  const std::string folded = fold(text);
  const auto words = tokens(folded);
  std::string out;
  if (mostly_quoted(folded, words.size())) return out;
  std::vector<std::uint64_t> hashes;
  std::size_t length = 0;
  for (std::size_t i = 0; i + kShingle <= words.size(); ++i) {
    hashes.push_back(shingle(std::span(words).subspan(i)));
    length += is_word(words[i]) ? 2 : 1;
  }
  if (length < kSameStatementMin) return out;
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  put16(out, std::min<std::size_t>(length, 0xffff));
  put16(out, std::min<std::size_t>(hashes.size(), 0xffff));
  hashes.resize(std::min(hashes.size(), kWordingShingles));
  for (const std::uint64_t hash : hashes) put16(out, hash >> 48);
  return out;
}

bool same_wording(std::string_view a_bytes, std::string_view b_bytes) {
  if (a_bytes.empty() || b_bytes.empty()) return false;
  if (a_bytes == b_bytes) return true;
  const Wording a(a_bytes);
  const Wording b(b_bytes);
  std::uint16_t limit = 0xffff;
  if (a.cut()) limit = std::min(limit, a[a.kept() - 1]);
  if (b.cut()) limit = std::min(limit, b[b.kept() - 1]);
  const std::size_t of_a = a.up_to(limit);
  const std::size_t of_b = b.up_to(limit);
  std::size_t shared = 0;
  for (std::size_t i = 0, j = 0; i < of_a && j < of_b;) {
    if (a[i] == b[j]) ++shared, ++i, ++j;
    else if (a[i] < b[j]) ++i;
    else ++j;
  }
  const std::size_t smaller = std::min(of_a, of_b);
  if (smaller < kSampleMin) return false;
  const double containment = static_cast<double>(shared) / static_cast<double>(smaller);
  return containment >= kSameWords && containment * std::min(a.length(), b.length()) >= static_cast<double>(kSameWordsMin);
}

}  // namespace annals
