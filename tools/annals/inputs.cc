#include "tools/annals/inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

namespace annals::cli {
namespace {

namespace fs = std::filesystem;

Result<std::string> drain(std::FILE* file, const std::string& name, std::uint64_t size) {
  std::string out;
  out.reserve(size);
  char buffer[1 << 16];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, file)) out.append(buffer, got);
  if (std::ferror(file) != 0) return Error{ErrorCode::kInvalid, fmt::format("{}: cannot be read: {}", name, std::strerror(errno))};
  return out;
}

NoteSource broken(const std::string& path, std::string why) {
  return {path, 0, [message = path + ": " + std::move(why)]() -> Result<std::string> { return Error{ErrorCode::kInvalid, message}; }};
}

NoteSource file_source(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return {path.string(), error ? 0 : size, [name = path.string()] { return read_file(name); }};
}

void walk(const fs::path& folder, std::vector<NoteSource>& out) {
  std::error_code error;
  fs::recursive_directory_iterator at(folder, fs::directory_options::none, error);
  if (error) {
    out.push_back(broken(folder.string(), "cannot be listed: " + error.message()));
    return;
  }
  for (const fs::recursive_directory_iterator end; at != end;) {
    const fs::path& path = at->path();
    const bool hidden = path.filename().string().starts_with('.');
    if (hidden) at.disable_recursion_pending();
    else if (at->is_regular_file(error)) out.push_back(file_source(path));
    const std::string here = path.string();
    at.increment(error);
    if (error) {
      out.push_back(broken(here, "cannot be listed: " + error.message()));
      return;
    }
  }
}

}  // namespace

std::vector<NoteSource> find_notes(const std::vector<std::string>& paths) {
  std::vector<NoteSource> out;
  bool input = false;
  for (const std::string& path : paths) {
    if (path == "-") {
      input = true;
      continue;
    }
    std::error_code error;
    const auto status = fs::status(path, error);
    if (status.type() == fs::file_type::not_found || error) out.push_back(broken(path, error && status.type() != fs::file_type::not_found ? error.message() : "no such file or folder"));
    else if (fs::is_directory(status)) walk(path, out);
    else if (fs::is_regular_file(status) || fs::is_fifo(status) || fs::is_character_file(status)) out.push_back(file_source(path));
    else out.push_back(broken(path, "expected a file or a folder"));
  }
  std::stable_sort(out.begin(), out.end(), [](const NoteSource& a, const NoteSource& b) { return a.origin < b.origin; });
  out.erase(std::unique(out.begin(), out.end(), [](const NoteSource& a, const NoteSource& b) { return a.origin == b.origin; }), out.end());
  if (input) out.push_back({"-", 0, [] { return read_input(); }});
  return out;
}

Result<std::string> read_file(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) return Error{ErrorCode::kInvalid, fmt::format("{}: cannot be read: {}", path, std::strerror(errno))};
  std::error_code error;
  const auto size = fs::file_size(path, error);
  return drain(file.get(), path, error ? 0 : size);
}

Result<std::string> read_input() { return drain(stdin, "-", 0); }

}  // namespace annals::cli
