#include "engine/stream/tokens.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "engine/language/fold.h"
#include "engine/projection/projection.h"
#include "engine/stream/names.h"

namespace annals::stream {
namespace {

Error invalid(std::string message) { return {ErrorCode::kInvalid, std::move(message)}; }

std::vector<std::string_view> split(std::string_view text, std::string_view between) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t begin = text.find_first_not_of(between);
    if (begin == std::string_view::npos) return out;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(between), text.size());
    out.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::string joined(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& each : list) out += (out.empty() ? "" : ",") + each;
  return out;
}

Status take_rights(std::string_view text, Rights& out) {
  out.read = out.append = out.admin = false;
  for (const std::string_view each : split(text, ",")) {
    bool* const right = each == "read" ? &out.read : each == "append" ? &out.append : each == "admin" ? &out.admin : nullptr;
    if (right == nullptr) return invalid(fmt::format("expected rights such as read,append,admin, found '{}'", each));
    *right = true;
  }
  return {};
}

Status take_limit(std::string_view text, Rights& out) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::string_view name = text.substr(0, equals);
  std::vector<std::string>* const limit = name == "outlets" ? &out.outlets : name == "projections" ? &out.projections : nullptr;
  const auto values = equals < text.size() ? split(text.substr(equals + 1), ",") : std::vector<std::string_view>();
  if (limit == nullptr || values.empty()) return invalid(fmt::format("expected outlets=A,B or projections=A,B, found '{}'", text));
  for (const std::string_view each : values) {
    if (limit == &out.projections && find_projection(each) == nullptr) return invalid(fmt::format("projections: there is none named '{}'", each));
    limit->emplace_back(each);
  }
  return {};
}

}  // namespace

bool Rights::reaches(std::string_view outlet) const {
  if (outlets.empty()) return true;
  const std::string folded = fold(outlet);
  return std::any_of(outlets.begin(), outlets.end(), [&](const std::string& each) { return fold(each) == folded; });
}

Status Rights::may_append(const EventBody& event) const {
  if (outlets.empty() || std::holds_alternative<NoteArrival>(event)) return {};
  const auto* statement = std::get_if<StatementEvent>(&event);
  if (statement == nullptr) return invalid("this token may append statements of its outlets and nothing about them");
  if (const std::string outlet = statement->article.outlet.value_or(""); !reaches(outlet)) return invalid(fmt::format("this token does not reach the outlet '{}'", outlet));
  return {};
}

Result<Tokens> Tokens::parse(std::string_view text) {
  Tokens out;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = line.substr(0, std::min(line.find('#'), line.size()));
    const auto fields = split(line, " \t\r");
    if (fields.empty()) continue;
    const auto wrong = [&](const std::string& what) { return invalid(fmt::format("line {}: {}", number, what)); };
    if (fields.size() < 3) return wrong("expected a name, rights and the SHA-256 of a token");
    Entry entry;
    entry.rights.name = fields[0];
    if (!is_subscription_name(entry.rights.name)) return wrong(fmt::format("expected a name of 1 to 64 letters, digits, dots, dashes and underscores, found '{}'", fields[0]));
    if (out.has(entry.rights.name)) return wrong(fmt::format("'{}' stands in the file already", fields[0]));
    if (auto taken = take_rights(fields[1], entry.rights); !taken) return wrong(taken.error().message);
    auto hash = Digest::from_hex(fields[2]);
    if (!hash) return wrong("expected the SHA-256 of a token, 64 hex digits");
    entry.hash = *hash;
    for (std::size_t i = 3; i < fields.size(); ++i) {
      if (auto taken = take_limit(fields[i], entry.rights); !taken) return wrong(taken.error().message);
    }
    out.entries_.push_back(std::move(entry));
  }
  if (out.entries_.empty()) return invalid("it holds no token");
  return out;
}

Result<Tokens> Tokens::read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return invalid(fmt::format("{}: cannot be read", path));
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  auto out = parse(text);
  if (!out) return at(path, out.error());
  return out;
}

Result<Rights> Tokens::admit(const std::optional<std::string>& token) const {
  const Digest hash = sha256(token.value_or(""));
  const Entry* found = nullptr;
  for (const Entry& entry : entries_) {
    const bool same = CRYPTO_memcmp(entry.hash.bytes.data(), hash.bytes.data(), hash.bytes.size()) == 0;
    found = same ? &entry : found;
  }
  if (!token) return invalid("this server wants a token");
  if (found == nullptr) return invalid("this server knows no such token");
  return found->rights;
}

bool Tokens::has(std::string_view name) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.rights.name == name; });
}

std::string new_token() { return random_digest().hex(); }

std::string token_line(std::string_view token, const Rights& rights) {
  std::vector<std::string> words;
  if (rights.read) words.emplace_back("read");
  if (rights.append) words.emplace_back("append");
  if (rights.admin) words.emplace_back("admin");
  std::string out = fmt::format("{} {} {}", rights.name, joined(words), sha256(token).hex());
  if (!rights.outlets.empty()) out += " outlets=" + joined(rights.outlets);
  if (!rights.projections.empty()) out += " projections=" + joined(rights.projections);
  return out;
}

}  // namespace annals::stream
