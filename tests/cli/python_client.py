"""Goal: a client written from the protocol's document alone, in another language, sees what the log holds.
Method: serve a store with a sample note, follow it with tools/clients/follow.py, compare with what export says.

Exit 77 (skipped) where pycapnp is neither there nor can be installed.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import venv

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOTE = ROOT / "tests/samples/notes/digest_h200.txt"


def python_with_capnp(folder):
    """This Python where it has pycapnp; else one of a virtual environment beside the build."""
    probe = [sys.executable, "-c", "import capnp"]
    if subprocess.run(probe, capture_output=True).returncode == 0:
        return sys.executable
    python = folder / "bin/python"
    if not python.exists() or subprocess.run([python, "-c", "import capnp"], capture_output=True).returncode != 0:
        try:
            venv.create(folder, with_pip=True)
            subprocess.run([python, "-m", "pip", "install", "-q", "pycapnp>=2,<3"], check=True, timeout=180, capture_output=True)
        except (subprocess.SubprocessError, OSError) as error:
            print(f"skipped: pycapnp cannot be installed ({error})")
            sys.exit(77)
    return str(python)


def main():
    annals, build = sys.argv[1], pathlib.Path(sys.argv[2])
    python = python_with_capnp(build / "pycapnp")
    with tempfile.TemporaryDirectory() as folder:
        store = folder + "/store"
        server = subprocess.Popen([annals, "serve", "--store", store, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        try:
            address = server.stdout.readline().split()[2].rstrip(",")

            def run(*words):
                done = subprocess.run(words, capture_output=True, text=True, timeout=120)
                assert done.returncode == 0, done.stderr
                return [json.loads(line) for line in done.stdout.splitlines()]

            def follow(*words):
                return run(python, str(ROOT / "tools/clients/follow.py"), address, "--to-end", *words)

            run(annals, "ingest", "--server", address, "--json", str(NOTE))
            log = run(annals, "log", "--server", address, "--format", "jsonl")
            assert len(log) > 20
            seen = follow("--after", "0")
            assert [(one["position"], one["id"]) for one in seen] == [(one["position"], one["id"]) for one in log]
            texts = {one["position"]: one["text"] for one in log if one["kind"] == "statement"}
            assert {one["position"]: one["text"] for one in seen if one["kind"] == "statement"} == texts
            assert [one["position"] for one in follow("--after", "40")] == [one["position"] for one in log[40:]]

            wanted = [one["position"] for one in log if any(claim["type"] == "export_control" for claim in one.get("claims", []))]
            assert wanted and [one["position"] for one in follow("--after", "0", "--type", "export_control")] == wanted

            # A durable name goes on behind what was acknowledged, a stopped server in between.
            assert [one["position"] for one in follow("--name", "desk")] == [one["position"] for one in log]
            assert follow("--name", "desk") == []
        finally:
            server.terminate()
            server.wait(timeout=30)
        assert server.returncode == 0
    print("a client in Python sees what the log holds")


if __name__ == "__main__":
    main()
