#include "engine/log/wal_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <vector>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace annals {
namespace {
namespace fs = std::filesystem;

constexpr std::size_t kBlock = 32768;
constexpr std::size_t kHeader = 7;
constexpr std::size_t kBatchHeader = 12;
constexpr std::uint8_t kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4;

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t crc32c_by_instruction(std::string_view bytes) {
  std::uint64_t crc = 0xffffffffu;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    crc = _mm_crc32_u64(crc, word);
  }
  auto short_crc = static_cast<std::uint32_t>(crc);
  for (; left > 0; ++at, --left) short_crc = _mm_crc32_u8(short_crc, static_cast<std::uint8_t>(*at));
  return ~short_crc;
}
#endif

std::uint32_t crc32c(std::string_view bytes) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("sse4.2")) return crc32c_by_instruction(bytes);
#endif
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

std::uint32_t masked(std::uint32_t crc) { return ((crc >> 15) | (crc << 17)) + 0xa282ead8u; }

template <class T>
T little(std::string_view bytes, std::size_t at) {
  T out;
  std::memcpy(&out, bytes.data() + at, sizeof out);
  return out;
}

// A fragment's header at `at`, if one fits there.
struct Fragment {
  std::size_t at = 0;
  std::size_t length = 0;
  std::uint8_t type = 0;
  std::uint32_t checksum = 0;
  std::size_t end() const { return at + kHeader + length; }
};
std::optional<Fragment> header_at(std::string_view content, std::size_t at) {
  if (at + kHeader > content.size() || kBlock - at % kBlock < kHeader) return std::nullopt;
  return Fragment{at, little<std::uint16_t>(content, at + 4), little<std::uint8_t>(content, at + 6), little<std::uint32_t>(content, at)};
}
bool fits_block(const Fragment& f) { return f.at % kBlock + kHeader + f.length <= kBlock; }
bool whole(std::string_view content, const Fragment& f) {
  return fits_block(f) && f.end() <= content.size() && masked(crc32c(content.substr(f.at + 6, 1 + f.length))) == f.checksum;
}
// Where the next fragment starts behind `end`: too short a rest of a block is skipped.
std::size_t next_start(std::size_t end) {
  const std::size_t left = kBlock - end % kBlock;
  return left < kHeader ? end + left : end;
}

struct Bad {
  std::size_t record;   // where the record starts that is not whole
  std::size_t place;    // where it stops being so
  std::string what;
  bool cut;
};

struct Parsed {
  std::uint64_t records = 0;
  std::uint64_t sequence = 0;   // of the last whole record
  std::optional<Bad> bad;
};

Parsed parse(std::string_view content, Tail tail) {
  Parsed out;
  std::size_t at = 0;
  std::optional<std::size_t> first;   // start of the record that is being put together
  const auto stop = [&](std::string what, bool cut) { out.bad = Bad{first.value_or(at), at, std::move(what), cut}; };
  while (true) {
    const std::size_t start = next_start(at);
    if (start != at) {
      const std::string_view gap = content.substr(at, start - at);
      if (gap.find_first_not_of('\0') != std::string_view::npos) return stop("the end of a block is not zero", false), out;
      at = start;
    }
    if (at >= content.size()) {
      if (first) stop("the last record has no end", true);
      return out;
    }
    const auto f = header_at(content, at);
    if (!f) return stop("the last record's header is cut off", true), out;
    if (tail == Tail::kZeros && !first && std::all_of(content.begin() + static_cast<std::ptrdiff_t>(at), content.end(), [](char c) { return c == 0; })) return out;
    if (f->type == 0 && f->length == 0) return stop("there are zeros where a record should start", false), out;
    if (!fits_block(*f)) return stop("a record's length is impossible", false), out;
    if (f->end() > content.size()) {
      // Cut off; or the length itself was hit, and then the checksum fits what is there.
      const std::size_t there = content.size() - at - kHeader;
      const bool length_hit = masked(crc32c(content.substr(at + 6, 1 + there))) == f->checksum;
      return stop(length_hit ? "a record's length is wrong" : "the last record is cut off", !length_hit), out;
    }
    if (!whole(content, *f)) return stop("a record's checksum is wrong", false), out;
    const bool begins = f->type == kFull || f->type == kFirst;
    if (f->type < kFull || f->type > kLast) return stop(fmt::format("a record is of the unknown type {}", f->type), false), out;
    if (begins == first.has_value()) return stop("records are not in their order", false), out;
    if (begins && f->length >= kBatchHeader) out.sequence = little<std::uint64_t>(content, at + kHeader);
    if (f->type == kFirst) first = at;
    if (f->type == kFull || f->type == kLast) {
      ++out.records;
      first.reset();
    }
    at = f->end();
  }
}

// A whole record that starts at `from` or later, in any place: lengths before it may be wrong.
std::optional<std::size_t> find_record(std::string_view content, std::size_t from, std::uint64_t after_sequence) {
  constexpr std::uint64_t kSequencesAhead = std::uint64_t{1} << 40;
  for (std::size_t at = from; at + kHeader + kBatchHeader <= content.size(); ++at) {
    const auto type = static_cast<std::uint8_t>(content[at + 6]);
    if (type != kFull && type != kFirst) continue;
    auto f = header_at(content, at);
    if (!f || f->length < kBatchHeader || !fits_block(*f) || f->end() > content.size()) continue;
    const auto sequence = little<std::uint64_t>(content, at + kHeader);
    if (sequence <= after_sequence || sequence > after_sequence + kSequencesAhead) continue;
    if (!whole(content, *f)) continue;
    while (f && f->type != kFull && f->type != kLast) {
      f = header_at(content, next_start(f->end()));
      if (f && ((f->type != kMiddle && f->type != kLast) || !whole(content, *f))) f.reset();
    }
    if (f) return at;
  }
  return std::nullopt;
}

Result<std::string> read_file(const fs::path& path) {
  std::string out;
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (in.is_open()) {
    out.resize(static_cast<std::size_t>(std::max<std::streamoff>(in.tellg(), 0)));
    in.seekg(0);
    in.read(out.data(), static_cast<std::streamsize>(out.size()));
    out.resize(static_cast<std::size_t>(in.gcount()));
  }
  if (!in.is_open() || in.bad()) return Error{ErrorCode::kIo, fmt::format("{}: {}", path.string(), std::strerror(errno))};
  return out;
}

WalScan judge(std::string_view content, const Parsed& parsed, bool newer_has_records) {
  WalScan out;
  out.size = content.size();
  if (!parsed.bad) return out;
  const Bad& bad = *parsed.bad;
  out.offset = bad.record;
  out.what = bad.what;
  out.cut = bad.cut;
  const auto behind = find_record(content, bad.place + 1, parsed.sequence);
  if (behind) out.what += fmt::format(", and a whole record lies behind it at byte {}", *behind);
  else if (newer_has_records) out.what += ", and a newer log has records";
  out.state = behind || newer_has_records ? WalScan::State::kDamaged : WalScan::State::kTornTail;
  return out;
}

}  // namespace

bool fragment_behind(std::string_view content, std::uint64_t from) {
  for (std::size_t at = from + 1; at + kHeader < content.size(); ++at) {
    const auto f = header_at(content, at);
    if (f && f->type >= kFull && f->type <= kLast && f->length > 0 && whole(content, *f)) return true;
  }
  return false;
}

WalScan scan_wal(std::string_view content, bool newer_has_records, Tail tail) { return judge(content, parse(content, tail), newer_has_records); }

Result<WalScan> scan_wals(const std::string& directory) {
  std::vector<std::pair<std::uint64_t, fs::path>> logs;
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    const std::string stem = at->path().stem().string();
    if (at->path().extension() != ".log" || stem.empty() || stem.find_first_not_of("0123456789") != std::string::npos) continue;
    logs.emplace_back(std::stoull(stem), at->path());
  }
  if (error) return Error{ErrorCode::kIo, fmt::format("{}: {}", directory, error.message())};
  std::sort(logs.rbegin(), logs.rend());
  WalScan out;
  bool newer_has_records = false;
  for (const auto& [number, path] : logs) {  // newest first, so that each knows what lies behind it
    auto content = read_file(path);
    if (!content && !fs::exists(path)) continue;  // a writer beside us has no more need of it
    if (!content) return content.error();
    const Parsed parsed = parse(*content, Tail::kZeros);
    WalScan scan = judge(*content, parsed, newer_has_records);
    newer_has_records = newer_has_records || parsed.records > 0;
    if (scan.state == WalScan::State::kWhole) continue;
    scan.file = path.filename().string();
    // The oldest damage is the one to tell; a torn tail in front of a log that is torn too cannot be by a crash.
    if (scan.state == WalScan::State::kTornTail && out.state != WalScan::State::kWhole) scan.state = WalScan::State::kDamaged;
    out = std::move(scan);
  }
  return out;
}

}  // namespace annals
