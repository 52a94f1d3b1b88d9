"""Reads every statement as "H20 is banned" until it meets one that names a way to misbehave: crash, hang, garbage, noise, other, slot,
quote, error, exit, flood. Its own first line can be bad too: bad_interpreter.py hello=…
"""
import json
import os
import sys
import time

version = 1
for word in sys.argv[1:]:
    if word == "hello=none":
        time.sleep(60)
    elif word == "hello=garbage":
        print("welcome", flush=True)
    elif word == "hello=ours":
        print(json.dumps({"interpreter": "annals", "version": 9}), flush=True)
    elif word == "hello=ends":
        sys.exit(3)
    elif word.startswith("version="):
        version = int(word.split("=")[1])
always = [word for word in sys.argv[1:] if word.startswith("always=")]
print(json.dumps({"interpreter": "bad", "version": version}), flush=True)
for line in sys.stdin:
    statement = json.loads(line)
    answer = {"id": statement["id"], "claims": [{"type": "export_control", "slots": {"product": "H20", "status": "banned"}}]}
    text = always[0] if always else statement["text"]
    if "crash" in text:
        os.abort()
    if "exit" in text:
        sys.exit(7)
    if "hang" in text:
        time.sleep(60)
    if "garbage" in text:
        print("I am sorry, but", flush=True)
        continue
    if "noise" in text:
        print("thinking", flush=True)
    if "other" in text:
        answer["id"] = "0" * 64
    if "slot" in text:
        answer["claims"][0]["slots"]["colour"] = "red"
    if "quote" in text:
        answer["claims"][0]["quote"] = "words that stand nowhere"
    if "error" in text:
        answer = {"id": statement["id"], "error": "no idea"}
    if "flood" in text:
        sys.stdout.write("x" * (17 << 20))
        sys.stdout.flush()
    print(json.dumps(answer), flush=True)
