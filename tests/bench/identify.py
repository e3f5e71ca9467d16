"""How fast ``banner identify -`` is, on one core: ``python tests/bench/identify.py [--rules PATH]``.

Half of the records repeat a few hundred greetings, as a scan of one network does; the other half are all
different (host names, dates, session ids), as a scan of the Internet is. Reported: records per second of CPU of
the whole command, start-up taken off, for each half and for both; and what loading adds to start-up.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
from pathlib import Path

from banner.recognition.build import BUILT_IN
from banner.recognition.collections.recog import read

FRAMES = {
    "ssh.banner": "SSH-2.0-{}\r\n",
    "smtp.banner": "220 {host} {}\r\n",
    "ftp.banner": "220 {}\r\n",
    "imap4.banner": "* OK {}\r\n",
    "pop3.banner": "+OK {}\r\n",
    "nntp.banner": "200 {}\r\n",
    "http_header.server": (
        "HTTP/1.1 200 OK\r\nDate: Mon, 06 Jan 2025 10:00:00 GMT\r\nServer: {}\r\nETag: {host}\r\n"
        "Content-Type: text/html\r\n\r\n<html><head><title>{host}</title></head></html>"
    ),
    "sip_header.server": "SIP/2.0 200 OK\r\nCall-ID: {host}\r\nServer: {}\r\n\r\n",
    "rtsp_header.server": "RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: {}\r\n\r\n",
}


def greetings() -> list[str]:
    """Whole greetings around the examples of the built-in rules."""
    made = []
    for path in sorted(BUILT_IN.glob("*.xml")):
        collection = read(path)
        if (frame := FRAMES.get(collection.matches)) is not None:
            texts = [example.text for told in collection.examples for example in told]
            made += [frame.replace("{}", text.replace("\n", "\r\n")) for text in texts if len(text) < 400]
    return made


def records(count: int, unique: bool, rng: random.Random) -> bytes:
    """`count` records; with `unique` no two hold the same greeting."""
    known = greetings()
    lines = []
    for number in range(count):
        greeting = rng.choice(known) if unique else known[rng.randrange(400) % len(known)]
        host = f"h{rng.getrandbits(64):x}.example" if unique else "mx.example"
        banner = greeting.replace("{host}", host)
        if unique and "{host}" not in greeting:
            banner += f"{number:x}\r\n"
        lines.append(json.dumps({
            "v": 1, "time": "2026-11-22T15:26:59.123Z", "host": f"192.0.2.{number % 256}", "port": 0,
            "status": "banner", "end": "complete", "banner": banner, "probe": "listen",
            "connections": 1, "timings": {"total": 0.09},
        }))  # fmt: skip
    return ("\n".join(lines) + "\n").encode()


def timed(data: bytes, extra: list[str]) -> float:
    """CPU seconds of one run of the command over `data`: what else the machine does counts little."""
    argv = [sys.executable, "-m", "banner", "identify", "-", *extra]
    before = os.times()
    subprocess.run(argv, input=data, stdout=subprocess.DEVNULL, check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def loading(rules: str | None) -> float:
    """Milliseconds that loading takes, after what every command imports."""
    argument = "" if rules is None else repr(rules)
    code = (
        "import time, banner.models; from banner.recognition.identify import Rules; start = time.perf_counter();"
        f"Rules({argument}).identify(b'SSH-2.0-x'); print((time.perf_counter() - start) * 1000)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _ in range(9)
    ]
    return min(float(run.stdout) for run in runs)


def measure(count: int, rules: str | None = None, *, rounds: int = 5, save: Path | None = None) -> None:
    """Print what `count` records of each half take: medians of `rounds`."""
    extra = ["--rules", rules] if rules else []
    rng = random.Random(1)
    equal, unique = records(count, False, rng), records(count, True, rng)
    if save:
        save.write_bytes(equal + unique)
    print(f"loading: {loading(rules):.0f} ms")
    startup = statistics.median(timed(b"", extra) for _ in range(rounds))
    for name, data in (("repeated", equal), ("unique", unique), ("both", equal + unique)):
        took = statistics.median(timed(data, extra) for _ in range(rounds)) - startup
        lines = data.count(b"\n")
        spent = f"{lines} in {took:.2f} s after {startup:.2f} s of start-up"
        print(f"{name}: {lines / took:,.0f} records/s ({spent})", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rules", help="a foreign collection beside the built-in rules")
    parser.add_argument("-n", type=int, default=100_000, help="records of each half")
    parser.add_argument("--save", type=Path, help="keep the records that were fed")
    args = parser.parse_args()
    measure(args.n, args.rules, save=args.save)


if __name__ == "__main__":
    main()
