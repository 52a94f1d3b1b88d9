#include "engine/stream/tls.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstring>

namespace annals::stream {
namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
using Context = std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Freed<SSL_free>>;

// The newest of OpenSSL's errors, which are then forgotten.
std::string last_error() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  if (code == 0) return errno != 0 ? std::strerror(errno) : "the connection broke off";
  const char* const reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "error " + std::to_string(code);
}

// A socket as OpenSSL sees it. Its own kind writes without MSG_NOSIGNAL, and a peer that is gone would end the program.
int send_some(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t sent = ::send(static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}
int receive_some(BIO* bio, char* room, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t got = ::recv(static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))), room, static_cast<std::size_t>(size), 0);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) BIO_set_retry_read(bio);
  return static_cast<int>(got);
}
long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

const BIO_METHOD* quiet_socket() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "quiet socket");
    check(made != nullptr, "OpenSSL makes a kind of BIO");
    BIO_meth_set_write(made, send_some);
    BIO_meth_set_read(made, receive_some);
    BIO_meth_set_ctrl(made, control);
    return made;
  }();
  return method;
}

bool is_address(const std::string& host) {
  unsigned char bytes[sizeof(in6_addr)];
  return ::inet_pton(AF_INET, host.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

}  // namespace

struct TlsClient::Impl {
  Context context;
  Session session;

  Result<Moved> moved(int result) {
    if (result > 0) return Moved{static_cast<std::size_t>(result)};
    switch (SSL_get_error(session.get(), result)) {
      case SSL_ERROR_WANT_READ: return Moved{0, Moved::Wants::kRead};
      case SSL_ERROR_WANT_WRITE: return Moved{0, Moved::Wants::kWrite};
      case SSL_ERROR_ZERO_RETURN: return Moved{.closed = true};
      default: break;
    }
    if (const long checked = SSL_get_verify_result(session.get()); checked != X509_V_OK) {
      ERR_clear_error();
      return Error{ErrorCode::kInvalid, fmt::format("the server's certificate: {}", X509_verify_cert_error_string(checked))};
    }
    // A peer that closes its socket without TLS's own goodbye: the protocol has said what it had to say by its own.
    if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
      ERR_clear_error();
      return Moved{.closed = true};
    }
    return Error{ErrorCode::kIo, "TLS: " + last_error()};
  }
};

TlsClient::TlsClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsClient::~TlsClient() = default;

Result<std::unique_ptr<TlsClient>> TlsClient::over(int socket, const std::string& host, const std::string& authorities) {
  auto impl = std::make_unique<Impl>();
  impl->context.reset(SSL_CTX_new(TLS_client_method()));
  check(impl->context != nullptr, "OpenSSL makes a context");
  SSL_CTX* const context = impl->context.get();
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  if (authorities.empty() ? SSL_CTX_set_default_verify_paths(context) != 1 : SSL_CTX_load_verify_locations(context, authorities.c_str(), nullptr) != 1) {
    return Error{ErrorCode::kInvalid, fmt::format("{}: expected trusted certificates in PEM: {}", authorities, last_error())};
  }
  impl->session.reset(SSL_new(context));
  SSL* const session = impl->session.get();
  check(session != nullptr, "OpenSSL makes a session");
  if (is_address(host)) {
    X509_VERIFY_PARAM_set_hostflags(SSL_get0_param(session), X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str());
  } else {
    SSL_set_hostflags(session, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);   // a name counts where names belong (RFC 6125)
    SSL_set1_host(session, host.c_str());
    SSL_set_tlsext_host_name(session, host.c_str());
  }
  BIO* const bio = BIO_new(quiet_socket());
  check(bio != nullptr, "OpenSSL makes a BIO");
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket)));
  BIO_set_init(bio, 1);
  SSL_set_bio(session, bio, bio);   // the session's from here on
  SSL_set_connect_state(session);
  return std::unique_ptr<TlsClient>(new TlsClient(std::move(impl)));
}

Result<Moved> TlsClient::handshake() {
  ERR_clear_error();
  errno = 0;
  return impl_->moved(SSL_do_handshake(impl_->session.get()));
}
Result<Moved> TlsClient::read(std::span<char> room) {
  ERR_clear_error();
  errno = 0;
  return impl_->moved(SSL_read(impl_->session.get(), room.data(), static_cast<int>(std::min<std::size_t>(room.size(), INT_MAX))));
}
Result<Moved> TlsClient::write(std::string_view bytes) {
  ERR_clear_error();
  errno = 0;
  return impl_->moved(SSL_write(impl_->session.get(), bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX))));
}

}  // namespace annals::stream
