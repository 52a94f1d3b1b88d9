#include "engine/log/file_check.h"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/metadata.h>
#include <rocksdb/options.h>
#include <rocksdb/sst_file_reader.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <thread>

#include "engine/log/store_files.h"
#include "engine/log/wal_scan.h"

namespace annals {
namespace {
namespace fs = std::filesystem;

Result<std::string> read_small(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string out((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in.is_open() || in.bad()) return Error{ErrorCode::kIo, fmt::format("{}: {}", path.string(), std::strerror(errno))};
  return out;
}

class NoJournal final : public rocksdb::Logger {
 public:
  NoJournal() : Logger(rocksdb::FATAL_LEVEL) {}
  using Logger::Logv;
  void Logv(const char*, va_list) override {}
};

// RocksDB's words without the store's path.
std::string words(const rocksdb::Status& status, const std::string& directory) {
  std::string out = status.ToString();
  for (std::size_t at; (at = out.find(directory + "/")) != std::string::npos;) out.erase(at, directory.size() + 1);
  return out;
}

std::optional<std::uint64_t> varint(std::string_view& bytes) {
  std::uint64_t out = 0;
  for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<std::uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    out |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return out;
  }
  return std::nullopt;
}

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t out = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) out = out << 8 | static_cast<std::uint8_t>(bytes[i]);
  return out;
}

// RocksDB 7.8 reads a table's properties before it compares their checksum, and the top bit of that block's last word, which no
// properties have, makes it look for a hash index there and end the program. "" where the bit is as it has to be, and where footer and
// metaindex, whose checksums it does compare, do not lead there (table/format.cc, table/meta_blocks.cc).
std::string wrong_properties(const fs::path& table) {
  constexpr std::size_t kFooter = 53;       // checksum's kind, two handles in 40 bytes, version, magic
  constexpr std::uint64_t kMagic = 0x88e241b785f4cff7;
  std::ifstream in(table, std::ios::binary | std::ios::ate);
  const auto size = static_cast<std::uint64_t>(std::max<std::streamoff>(in.tellg(), 0));
  const auto read = [&](std::uint64_t at, std::uint64_t length) {
    std::string out;
    if (!in || at > size || length > size - at || length > (1U << 20)) return out;
    out.resize(static_cast<std::size_t>(length));
    in.seekg(static_cast<std::streamoff>(at));
    if (!in.read(out.data(), static_cast<std::streamsize>(length))) out.clear();
    return out;
  };
  if (size < kFooter) return {};
  const std::string footer = read(size - kFooter, kFooter);
  if (footer.size() != kFooter || little_endian(std::string_view(footer).substr(kFooter - 8)) != kMagic) return {};
  std::string_view handle = std::string_view(footer).substr(1);
  const auto at = varint(handle);
  const auto length = varint(handle);
  const std::string index = at && length ? read(*at, *length) : std::string();
  if (index.size() < 4) return {};
  // Entries with what they share with the key before, up to the restarts.
  std::string key;
  for (std::string_view rest = std::string_view(index).substr(0, index.size() - 4); !rest.empty();) {
    const auto shared = varint(rest);
    const auto fresh = varint(rest);
    const auto value_size = varint(rest);
    if (!shared || !fresh || !value_size || *shared > key.size() || *fresh > rest.size() || *value_size > rest.size() - *fresh) return {};
    key.resize(static_cast<std::size_t>(*shared));
    key += rest.substr(0, static_cast<std::size_t>(*fresh));
    std::string_view value = rest.substr(static_cast<std::size_t>(*fresh), static_cast<std::size_t>(*value_size));
    rest.remove_prefix(static_cast<std::size_t>(*fresh + *value_size));
    if (key != "rocksdb.properties") continue;
    const auto begin = varint(value);
    const auto bytes = varint(value);
    if (!begin || !bytes || *bytes < 4 || *begin > size) return {};
    const std::string last = read(*begin + *bytes - 4, 4);
    return last.size() == 4 && (little_endian(last) >> 31) != 0 ? fmt::format("byte {}: its properties end with a word that was never written", *begin + *bytes - 1) : std::string();
  }
  return {};
}

// "" where every block of a table fits its checksum.
std::string wrong_block(const std::string& table, const std::string& directory) {
  if (std::string wrong = wrong_properties(table); !wrong.empty()) return wrong;
  rocksdb::Options options;
  options.info_log = std::make_shared<NoJournal>();
  rocksdb::SstFileReader reader(options);
  rocksdb::Status status = reader.Open(table);
  if (status.ok()) status = reader.VerifyChecksum();
  if (!status.ok()) return words(status, directory);
  // Eight bytes that RocksDB may set after the fact, and leaves out of the checksum. Never set here (put_derived_sorted), they are zero;
  // else RocksDB opens nothing, and does not say because of which file.
  const auto properties = reader.GetTableProperties();
  const auto number = properties->user_collected_properties.find("rocksdb.external_sst_file.global_seqno");
  if (number == properties->user_collected_properties.end() || number->second == std::string(8, '\0')) return {};
  return "its properties have a sequence number that was never written";
}

Damage damage(const std::string& file, const std::string& what) { return {{}, fmt::format("file {}: {}", file, what)}; }

// The manifest's name; none, and the damage, where CURRENT names none that is there.
std::optional<std::string> current(const std::string& directory, std::vector<Damage>& out) {
  std::error_code error;
  if (!fs::exists(fs::path(directory) / "CURRENT", error) && !error) return out.push_back(damage("CURRENT", "is not there")), std::nullopt;
  const auto text = read_small(fs::path(directory) / "CURRENT");
  if (!text) return std::nullopt;   // the system refuses, which opening says in its words
  std::string name = *text;
  if (name.ends_with('\n')) name.pop_back();
  const bool formed = text->ends_with('\n') && name.starts_with("MANIFEST-") && name.find_first_not_of("0123456789", 9) == std::string::npos;
  if (!formed || !fs::exists(fs::path(directory) / name, error)) return out.push_back(damage("CURRENT", "names no manifest that is there")), std::nullopt;
  return name;
}

void check_manifest(const std::string& directory, const std::string& name, std::vector<Damage>& out) {
  const auto records = read_small(fs::path(directory) / name);
  if (!records) return;
  const WalScan scan = scan_wal(*records, false, Tail::kNothing);
  // What is simply cut off at the end is a crash's doing, or being written beside us. A length that was hit looks so too, and RocksDB
  // takes it for the end without a word; but then records lie behind it.
  if (scan.state != WalScan::State::kWhole && (!scan.cut || fragment_behind(*records, scan.offset))) out.push_back(damage(name, fmt::format("byte {}: {}", scan.offset, scan.what)));
}

// "" where the file is what was written.
Result<std::string> wrong_with(const rocksdb::LiveFileStorageInfo& file, const std::string& directory) {
  const fs::path path = fs::path(directory) / file.relative_filename;
  if (file.file_checksum_func_name != rocksdb::kUnknownFileChecksumFuncName && !file.file_checksum.empty()) {
    rocksdb::FileChecksumGenContext context;
    context.file_name = path.string();
    context.requested_checksum_func_name = file.file_checksum_func_name;
    const auto generator = rocksdb::GetFileChecksumGenCrc32cFactory()->CreateFileChecksumGenerator(context);
    if (generator != nullptr) {
      std::ifstream in(path, std::ios::binary);
      std::string piece(1 << 20, '\0');
      std::uint64_t size = 0;
      while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
        generator->Update(piece.data(), static_cast<std::size_t>(in.gcount()));
        size += static_cast<std::uint64_t>(in.gcount());
      }
      if (!in.is_open() || in.bad()) return Error{ErrorCode::kIo, fmt::format("{}: {}", path.string(), std::strerror(errno))};
      generator->Finalize();
      if (size != file.size) return fmt::format("{} bytes, expected {}", size, file.size);
      if (generator->GetChecksum() == file.file_checksum) return std::string();
    }
  }
  // Where it is not, or nothing was noted: block by block, which tells the place.
  if (file.file_type == rocksdb::kTableFile) {
    if (std::string wrong = wrong_block(path.string(), directory); !wrong.empty()) return wrong;
  }
  return file.file_checksum_func_name == rocksdb::kUnknownFileChecksumFuncName ? std::string() : std::string("its bytes are not those that were written");
}

std::vector<fs::path> tables_of(const std::string& directory) {
  std::vector<fs::path> out;
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".sst") out.push_back(at->path());
  std::sort(out.begin(), out.end());
  return out;
}

// Whether RocksDB can open every table without ending the program.
bool check_properties(const std::string& directory, std::vector<Damage>& out) {
  bool good = true;
  for (const fs::path& table : tables_of(directory)) {
    const std::string wrong = wrong_properties(table);
    if (wrong.empty()) continue;
    out.push_back(damage(table.filename().string(), wrong));
    good = false;
  }
  return good;
}

// The tables and blob files that the manifest names, with what it notes of each.
Result<std::vector<rocksdb::LiveFileStorageInfo>> live_files(const std::string& directory, bool writer) {
  rocksdb::DBOptions options;
  options.info_log = std::make_shared<NoJournal>();
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // As it was written (rocks_event_log.cc): RocksDB 7.8 ends the program where it opens a store to read whose manifest tracks log files
  // and is told not to track them.
  options.track_and_verify_wals_in_manifest = true;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  std::unique_ptr<rocksdb::DB> db;
  // A writer may delete files between the moments when RocksDB learns of them and opens them.
  for (int attempt = 1; !db; ++attempt) {
    std::vector<std::string> names;
    auto status = rocksdb::DB::ListColumnFamilies(options, directory, &names);
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const std::string& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions());
    rocksdb::DB* raw = nullptr;
    if (status.ok()) status = rocksdb::DB::OpenForReadOnly(options, directory, families, &handles, &raw);
    db.reset(raw);
    if (status.ok()) break;
    if (!writer || attempt == 20) return Error{status.IsIOError() ? ErrorCode::kIo : ErrorCode::kCorrupt, fmt::format("{}: {}", directory, words(status, directory))};
    std::this_thread::sleep_for(std::chrono::milliseconds(10 * attempt));
  }
  for (auto* handle : handles) db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  rocksdb::LiveFilesStorageInfoOptions which;
  which.include_checksum_info = true;
  which.wal_size_for_flush = std::numeric_limits<std::uint64_t>::max();
  std::vector<rocksdb::LiveFileStorageInfo> files;
  if (const auto status = db->GetLiveFilesStorageInfo(which, &files); !status.ok()) return Error{ErrorCode::kIo, fmt::format("{}: {}", directory, words(status, directory))};
  std::erase_if(files, [](const auto& file) { return file.file_type != rocksdb::kTableFile && file.file_type != rocksdb::kBlobFile; });
  return files;
}

}  // namespace

struct FileChecks::Noted {
  std::string directory;
  std::vector<rocksdb::LiveFileStorageInfo> files;
};

FileChecks::FileChecks(std::unique_ptr<Noted> noted) : noted_(std::move(noted)) {}
FileChecks::~FileChecks() = default;
FileChecks::FileChecks(FileChecks&&) noexcept = default;
FileChecks& FileChecks::operator=(FileChecks&&) noexcept = default;

Result<FileChecks> FileChecks::of(const std::string& directory) {
  ANNALS_TRY(std::vector<rocksdb::LiveFileStorageInfo> files, live_files(directory, false));
  return FileChecks(std::make_unique<Noted>(Noted{directory, std::move(files)}));
}

std::vector<std::string> FileChecks::files() const {
  std::vector<std::string> out;
  for (const auto& file : noted_->files) out.push_back(file.relative_filename);
  return out;
}

Result<std::optional<Damage>> FileChecks::check(const std::string& name) const {
  const auto file = std::find_if(noted_->files.begin(), noted_->files.end(), [&](const auto& each) { return each.relative_filename == name; });
  annals::check(file != noted_->files.end(), "a file that the manifest names");
  ANNALS_TRY(const std::string wrong, wrong_with(*file, noted_->directory));
  return wrong.empty() ? std::nullopt : std::optional(damage(name, wrong));
}

Result<std::vector<Damage>> damaged_files(const std::string& directory) {
  std::vector<Damage> out;
  ANNALS_TRY(const bool writer, store_files::WriterLock::held(directory));
  const fs::path folder(directory);
  if (!writer && fs::exists(folder / "acknowledged") && !store_files::Acknowledged::read(directory)) out.push_back(damage("acknowledged", "a position and its complement do not fit each other"));
  const auto manifest = current(directory, out);
  if (!manifest) return out;
  check_manifest(directory, *manifest, out);
  // With such a table RocksDB would end the program here, where the bit was turned since the store was opened.
  if (!check_properties(directory, out)) return out;
  ANNALS_TRY(const std::vector<rocksdb::LiveFileStorageInfo> files, live_files(directory, writer));
  for (const auto& file : files) {
    auto wrong = wrong_with(file, directory);
    if (!wrong && writer && !fs::exists(folder / file.relative_filename)) continue;
    if (!wrong) return wrong.error();
    if (!wrong->empty()) out.push_back(damage(file.relative_filename, *wrong));
  }
  return out;
}

std::vector<Damage> damaged_ahead(const std::string& directory) {
  std::vector<Damage> out;
  if (const auto manifest = current(directory, out)) check_manifest(directory, *manifest, out);
  check_properties(directory, out);
  return out;
}

std::vector<Damage> damaged_unopened(const std::string& directory) {
  std::vector<Damage> out;
  if (const auto manifest = current(directory, out)) check_manifest(directory, *manifest, out);
  for (const fs::path& table : tables_of(directory))
    if (const std::string wrong = wrong_block(table.string(), directory); !wrong.empty()) out.push_back(damage(table.filename().string(), wrong));
  return out;
}

}  // namespace annals
