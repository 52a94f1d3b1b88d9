#include "engine/stream/names.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

namespace annals::stream {
namespace {

constexpr std::string_view kFirstLine = "annals subscriptions 1";
constexpr std::string_view kFirstLineParked = "annals subscriptions 2";
constexpr std::string_view kParked = "parked";
constexpr std::string_view kReleased = "released";
constexpr std::size_t kNameMax = 64;
constexpr std::uint64_t kHandOutsMax = 1'000'000;

// Up to the next blank, which goes with it.
std::string_view take_word(std::string_view& rest) {
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  return word;
}

std::optional<std::uint64_t> number_of(std::string_view word) {
  std::uint64_t out = 0;
  const char* const end = word.data() + word.size();
  const auto [at, error] = std::from_chars(word.data(), end, out);
  if (error != std::errc() || at != end) return std::nullopt;
  return out;
}

std::string one_line(std::string text) {
  for (char& each : text) {
    if (static_cast<unsigned char>(each) < ' ') each = ' ';
  }
  return text;
}

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace

bool is_subscription_name(const std::string& name) {
  return !name.empty() && name.size() <= kNameMax &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == std::string::npos;
}

Result<Names> read_names(const std::string& path) {
  Names out;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return out;
  std::ifstream in(path, std::ios::binary);
  std::string line;
  const auto bad = [&](std::size_t number, std::string_view expected) {
    return Error{ErrorCode::kCorrupt, fmt::format("{}:{}: expected {}, found '{}'", path, number, expected, line)};
  };
  const bool begins = static_cast<bool>(std::getline(in, line));
  const bool parks = line == kFirstLineParked;
  if (!begins || (line != kFirstLine && !parks)) return bad(1, "'annals subscriptions 1' or 2");
  for (std::size_t number = 2; std::getline(in, line); ++number) {
    std::string_view rest = line;
    const std::string name(take_word(rest));
    if (!is_subscription_name(name)) return bad(number, "a name and a position");
    const std::string_view word = take_word(rest);
    if (parks && (word == kParked || word == kReleased)) {
      const auto position = number_of(take_word(rest));
      const auto hand_outs = number_of(take_word(rest));
      const auto found = out.find(name);
      if (!position || *position == 0 || !hand_outs || *hand_outs > kHandOutsMax || found == out.end()) {
        return bad(number, "a name that has a position, and a position and a number of its parked event");
      }
      found->second.parked[Position{*position}] = {static_cast<unsigned>(*hand_outs), word == kReleased, std::string(rest)};
      continue;
    }
    const auto position = number_of(word);
    if (!position || name.size() + 1 + word.size() != line.size()) return bad(number, "a name and a position");
    out[name].position = Position{*position};
  }
  return out;
}

Status write_names(const std::string& path, const Names& names) {
  std::string text(std::any_of(names.begin(), names.end(), [](const auto& each) { return !each.second.parked.empty(); }) ? kFirstLineParked : kFirstLine);
  for (const auto& [name, state] : names) {
    text += fmt::format("\n{} {}", name, state.position.value);
    for (const auto& [position, event] : state.parked) {
      text += fmt::format("\n{} {} {} {} {}", name, event.released ? kReleased : kParked, position.value, event.hand_outs, one_line(event.because));
    }
  }
  text += '\n';
  const std::string fresh = path + ".new";
  const auto refused = [&] { return Error{ErrorCode::kIo, fmt::format("{}: {}", path, std::strerror(errno))}; };
  {
    const File file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (file.get() < 0) return refused();
    for (std::size_t done = 0; done < text.size();) {
      const ssize_t some = ::write(file.get(), text.data() + done, text.size() - done);
      if (some < 0 && errno == EINTR) continue;
      if (some <= 0) return refused();
      done += static_cast<std::size_t>(some);
    }
    if (::fdatasync(file.get()) != 0) return refused();
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) return refused();
  const File folder(::open(std::filesystem::path(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || ::fsync(folder.get()) != 0) return refused();
  return {};
}

}  // namespace annals::stream
