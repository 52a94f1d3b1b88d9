#pragma once
// The client's side of TLS 1.3 (RFC 8446) over a connected, non-blocking socket, by OpenSSL. The server's side is Asio's.
//
// The server must show a certificate for the host's name (or address) that leads to a trusted one. Nothing older than TLS 1.3.
// Threads: one at a time.

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/error.h"

namespace annals::stream {

// What came of a step on a socket that does not wait: bytes moved, or what to wait for before the next.
struct Moved {
  enum class Wants : std::uint8_t { kNothing, kRead, kWrite };
  std::size_t bytes = 0;
  Wants wants = Wants::kNothing;
  bool closed = false;   // by the peer; nothing more will come
};

class TlsClient {
 public:
  // `authorities`: a file of certificates to trust (PEM); empty: the system's. The socket stays the caller's. kInvalid: the file.
  static Result<std::unique_ptr<TlsClient>> over(int socket, const std::string& host, const std::string& authorities);
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  // To be called again after each wait until it wants nothing. kInvalid: the certificate, with the reason; kIo: the peer or the network.
  Result<Moved> handshake();
  Result<Moved> read(std::span<char> room);
  Result<Moved> write(std::string_view bytes);

 private:
  struct Impl;
  explicit TlsClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace annals::stream
