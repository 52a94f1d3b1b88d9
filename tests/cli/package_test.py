"""Goal: a program of one's own builds against the installed package and sees what the log holds.
Method: install the build into a folder, build tools/clients/follow-cpp against it, follow a served sample note, compare with what log says.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOTE = ROOT / "tests/samples/notes/digest_h200.txt"


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def main():
    annals, build = sys.argv[1], sys.argv[2]
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        run("cmake", "--install", build, "--prefix", folder / "installed", "--component", "development")
        run("cmake", "-S", ROOT / "tools/clients/follow-cpp", "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={folder / 'installed'}")
        run("cmake", "--build", folder / "build")
        server = subprocess.Popen([annals, "serve", "--store", folder / "store", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        try:
            address = server.stdout.readline().split()[2].rstrip(",")
            run(annals, "ingest", "--server", address, "--json", NOTE)
            log = [json.loads(line) for line in run(annals, "log", "--server", address, "--format", "jsonl").splitlines()]
            assert len(log) > 20
            seen = [line.split() for line in run(folder / "build/follow", address).splitlines()]
            assert [(int(position), kind, name) for position, kind, name in seen] == [(one["position"], one["kind"], one["id"]) for one in log]
        finally:
            server.terminate()
            server.wait(timeout=60)


main()
