"""Goal: who holds no connection is told by HTTP POST what becomes of answers: signed, in order, again until it is taken, and nothing lost by a restart.
Method: annals serve --webhooks beside a receiver in this process, which checks signatures by the convention's words alone and fails when told to; a second one with TLS.
"""
import base64
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time

KEY = b"a key that nobody may see, in 42 bytes ..."
SECRET = "whsec_" + base64.b64encode(KEY).decode()


class Receiver(http.server.ThreadingHTTPServer):
    """Keeps what was posted; answers 500 to the first `failures` of them."""

    daemon_threads = True

    def __init__(self, port=0, failures=0, tls=None):
        self.posts, self.failures, self.lock = [], failures, threading.Lock()
        super().__init__(("127.0.0.1", port), Handler)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def taken(self):
        with self.lock:
            return [post for post in self.posts if post["status"] == 204]

    def handle_error(self, request, client_address):
        pass  # a client that does not trust the certificate goes away

    def close(self):
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        name, stamp = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        wanted = base64.b64encode(hmac.new(KEY, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
        assert f"v1,{wanted}" in self.headers["webhook-signature"].split(), "the signature"
        assert abs(int(stamp) - time.time()) < 60, "the timestamp"
        assert self.headers["content-type"] == "application/json"
        with self.server.lock:
            self.server.failures -= 1
            status = 500 if self.server.failures >= 0 else 204
            self.server.posts.append({"status": status, "id": name, "attempt": int(self.headers["annals-attempt"]), "change": json.loads(body)})
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def until(test, what, seconds=60):
    for _ in range(seconds * 20):
        if test():
            return
        time.sleep(0.05)
    raise AssertionError(what)


class Serving:
    """annals serve with its standard error kept."""

    def __init__(self, annals, folder, **environment):
        self.annals, self.errors = annals, open(folder / "serve.log", "a+")
        command = [annals, "serve", "--store", str(folder / "store"), "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0", "--webhooks", str(folder / "hooks.yaml")]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.errors, text=True, env={**os.environ, **environment})
        line = self.process.stdout.readline()
        assert line, (folder / "serve.log").read_text()
        self.address = line.split()[2].rstrip(",")
        self.notes = folder / "note.txt"

    def run(self, *words):
        done = subprocess.run([self.annals, *words], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def say(self, text, published):
        self.notes.write_text(text + "\n")
        self.run("ingest", "--server", self.address, "--json", "--outlet", "Desk", "--published", published, "--tz", "UTC", str(self.notes))

    def status(self):
        return json.loads(self.run("status", self.address, "--format", "json"))["webhooks"]["desk"]

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(timeout=60)
        self.process.stdout.close()
        self.errors.close()


def hooks(folder, url, more=""):
    (folder / "hooks.yaml").write_text(f"# who is told\n- name: desk\n  url: {url}\n  states:\n    - export_control\n    - contradictions:h20\n  secret_file: desk.secret\n  first_pause: 1\n  longest_pause: 1\n{more}")


def refused(annals, folder, text, *expected):
    (folder / "hooks.yaml").write_text(text)
    done = subprocess.run([annals, "serve", "--store", str(folder / "store"), "--listen", "127.0.0.1:0", "--webhooks", str(folder / "hooks.yaml")], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2, (done.returncode, done.stderr)
    said = [line for line in done.stderr.splitlines() if line.startswith("annals: ")]
    assert len(said) == 1 and all(words in said[0] for words in expected), (done.stderr, expected)
    assert "hunter2" not in done.stderr, done.stderr


def check_files(annals, folder):
    good = "- name: desk\n  url: http://127.0.0.1:9/\n  states: ipo\n  secret_file: desk.secret\n"
    refused(annals, folder, "desk: 1\n", "hooks.yaml:1:1", "a list of webhooks", "a map")
    refused(annals, folder, "- name: [\n", "hooks.yaml:2:1", "expected YAML")
    refused(annals, folder, good.replace("desk\n", "my desk\n", 1), "hooks.yaml:1:9", "letters, digits", "'my desk'")
    refused(annals, folder, good.replace("http:", "ftp:"), "hooks.yaml:2:8", "https://desk.example")
    refused(annals, folder, good.replace("127", "me:hunter2@127"), "hooks.yaml:2:8", "secret_file")
    refused(annals, folder, good.replace("ipo", "'ipo:'"), "hooks.yaml:3:11", "export_control:h20")
    refused(annals, folder, good.replace("ipo", "weather"), "hooks.yaml:3:11", "weather", "export_control")
    refused(annals, folder, good.replace("desk.secret", "hunter2"), "hooks.yaml:4:16", "file that can be read")
    refused(annals, folder, good.replace("secret_file: desk.secret", "secret: hunter2"), "hooks.yaml:4:3", "secret_file")
    refused(annals, folder, good.replace("secret_file: desk.secret", "secret_env: NOT_SET"), "hooks.yaml:4:15", "environment variable")
    refused(annals, folder, good + "  tries: none\n", "hooks.yaml:5:10", "from 1 to", "'none'")
    refused(annals, folder, good + "  colour: red\n", "hooks.yaml:5:3", "'colour'")
    refused(annals, folder, good + good, "hooks.yaml:5:3", "name of its own")
    refused(annals, folder, "- name: desk\n  url: http://127.0.0.1:9/\n", "hooks.yaml:1:3", "expected states")
    (folder / "short").write_text("hunter2\n")
    refused(annals, folder, good.replace("desk.secret", "short"), "hooks.yaml:4:16", "24 bytes")


def check_delivery(annals, folder):
    receiver = Receiver(failures=2)
    port = receiver.server_port
    hooks(folder, f"http://127.0.0.1:{port}/in?token=hidden")
    serving = Serving(annals, folder)

    # Refused twice, then taken: the same delivery each time.
    serving.say("Washington has banned exports of the H20 to China.", "2025-12-01T10:00")
    until(lambda: len(receiver.taken()) == 1, "the first change")
    assert len({post["id"] for post in receiver.posts}) == 1
    assert [post["attempt"] for post in receiver.posts] == [1, 2, 3]
    first = receiver.taken()[0]["change"]
    assert first["hook"] == "desk" and first["delivery"] == receiver.posts[0]["id"]
    assert (first["projection"], first["key"], first["lane"]) == ("export_control", "h20/china", "stated")
    assert first["before"] is None and first["after"]["value"] == "banned" and first["through"] > 0
    until(lambda: serving.status()["waiting"] == 0, "nothing waits")
    status = serving.status()
    assert (status["delivered"], status["failures"], status["retries"]) == (1, 2, 2), status

    # In order, each from where the one before ended. What contradicts comes too.
    serving.say("Washington now allows exports of the H20 to China.", "2025-12-03T10:00")
    until(lambda: any(post["change"].get("after", {}) and post["change"]["after"]["value"] == "allowed" for post in receiver.taken()), "the second")

    # Nobody is there: what the key becomes meanwhile is one change, from what the receiver knows to what it is, also behind a kill and a restart.
    until(lambda: serving.status()["waiting"] == 0, "all is told")
    time.sleep(2.5)  # and kept
    receiver.close()
    serving.say("The commerce department has banned exports of the H20 to China.", "2025-12-05T10:00")
    until(lambda: serving.status()["failures"] > status["failures"], "it fails")
    assert "refused" in serving.status()["last_failure"].lower()
    serving.say("Exports of the H200 to China are banned.", "2025-12-05T11:00")
    until(lambda: serving.status()["waiting"] >= 2, "both wait")
    page = serving.run("status", serving.address)
    assert "webhook desk (http://127.0.0.1:" in page and "failing:" in page
    assert "hidden" not in page and SECRET not in page and KEY.decode() not in page
    serving.end(signal.SIGKILL)
    receiver = Receiver(port)
    serving = Serving(annals, folder)
    until(lambda: {post["change"]["key"] for post in receiver.taken() if post["change"]["kind"] == "change"} == {"h20/china", "h200/china"}, "what was left")
    told = [post["change"] for post in receiver.taken() if post["change"].get("key") == "h20/china" and post["change"]["lane"] == "stated"]
    assert told[0]["before"]["value"] == "allowed" and told[-1]["after"]["value"] == "banned", told
    until(lambda: serving.status()["waiting"] == 0, "nothing waits")

    # Ended in peace, nothing comes twice.
    count = len(receiver.taken())
    serving.end()
    serving = Serving(annals, folder)
    time.sleep(1.5)
    assert len(receiver.taken()) == count
    serving.end()
    receiver.close()


def check_giving_up(annals, folder):
    receiver = Receiver(failures=1000)
    hooks(folder, f"http://127.0.0.1:{receiver.server_port}/", "  tries: 2\n")
    serving = Serving(annals, folder)
    serving.say("Washington has banned exports of the H100 to China.", "2025-12-06T10:00")
    until(lambda: serving.status()["given_up"] == 1, "it is given up")
    status = serving.status()
    assert status["waiting"] == 0 and status["given_up_last"][0]["of"] == "export_control h100/china", status
    assert status["given_up_last"][0]["attempts"] == 2 and status["given_up_last"][0]["why"] == "HTTP 500"
    with receiver.lock:
        receiver.failures = 0
    serving.say("Washington now allows exports of the H100 to China.", "2025-12-07T10:00")
    until(lambda: len(receiver.taken()) == 1, "the next goes on")
    serving.end()
    receiver.close()


def check_tls(annals, folder):
    key, certificate = folder / "key.pem", folder / "cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    receiver = Receiver(tls=context)
    hooks(folder, f"https://127.0.0.1:{receiver.server_port}/", "  timeout: 5\n")
    serving = Serving(annals, folder)
    serving.say("Washington has banned exports of the B200 to China.", "2025-12-08T10:00")
    until(lambda: "certificate" in (serving.status()["last_failure"] or ""), "a certificate that nobody vouches for")
    assert not receiver.posts
    serving.end()
    serving = Serving(annals, folder, SSL_CERT_FILE=str(certificate))
    until(lambda: any(post["change"].get("key") == "b200/china" for post in receiver.taken()), "told over TLS")
    serving.end()
    receiver.close()


def main():
    annals = sys.argv[1]
    for check in (check_files, check_delivery, check_giving_up, check_tls):
        with tempfile.TemporaryDirectory() as place:
            folder = pathlib.Path(place)
            (folder / "desk.secret").write_text(SECRET + "\n")
            try:
                check(annals, folder)
            finally:
                log = folder / "serve.log"
                said = log.read_text() if log.exists() else ""
                sys.stderr.write(said)
            assert SECRET not in said and KEY.decode() not in said and "hidden" not in said
            print(f"{check.__name__}: good", flush=True)


main()
