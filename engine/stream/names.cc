#include "engine/stream/names.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace annals::stream {
namespace {

constexpr std::string_view kFirstLine = "annals subscriptions 1";
constexpr std::size_t kNameMax = 64;

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
  if (!std::getline(in, line) || line != kFirstLine) return bad(1, "'annals subscriptions 1'");
  for (std::size_t number = 2; std::getline(in, line); ++number) {
    const auto blank = line.find(' ');
    Position position;
    const char* const end = line.data() + line.size();
    const bool has = blank != std::string::npos && is_subscription_name(line.substr(0, blank));
    if (!has || std::from_chars(line.data() + blank + 1, end, position.value).ptr != end) return bad(number, "a name and a position");
    out[line.substr(0, blank)] = position;
  }
  return out;
}

Status write_names(const std::string& path, const Names& names) {
  std::string text(kFirstLine);
  for (const auto& [name, position] : names) text += fmt::format("\n{} {}", name, position.value);
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
