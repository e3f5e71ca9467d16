"""One command measured, and the commands of each section of `grabs.py`, the limit first."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from .peers import GREETER_PORT, NGINX_PORTS, addresses, field, on_core

BANNER = str(Path(sys.executable).with_name("banner"))
PLACES, PLACES_OF_FIELD = 1000, 2000
"""Targets in flight, also in the mixed field, of which a third is waited for."""
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Modules are compiled once, as they are where they are installed: else each start takes 0.4 s more."""
TOLD = {"http": b"It works", "pages": b"nginx", "tls": b"self.example", "tls13": b"self.example"}
"""What is in every record, where that is not the greeting."""


class Run(NamedTuple):
    """One run of a command."""

    cpu: float
    wall: float
    memory: float
    grabs: int
    missing: int


class Command(NamedTuple):
    """What is measured: `argv` over `targets`, of which `greeting` must leave their greetings in `out`."""

    name: str
    argv: list[str]
    targets: int
    out: Path | None = None
    cores: int = 1
    greeting: int | None = None
    """How many greet; None where all do."""


def run(command: Command, told: bytes) -> Run:
    """CPU and wall in seconds, the peak of memory in MB; how many greetings are `missing`, in which `told` is."""
    if command.out:
        command.out.unlink(missing_ok=True)
    began = time.perf_counter()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command.argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=None if command.cores > 1 else lambda: on_core(0),
            env=ENVIRONMENT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            log.seek(0)
            sys.exit(f"{command.argv} ended with {process.returncode}: {log.read()[-1000:]!r}")
        log.seek(0)
        # wrk goes on for a time, and says itself how many requests that were.
        count = command.targets or next(int(line.split()[0]) for line in log if b"requests in" in line)
    missing = 0
    if command.out:
        expected = count if command.greeting is None else command.greeting
        with command.out.open("rb") as lines:  # line by line: our own memory is counted as the next one's
            missing = expected - sum(told in line for line in lines)
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, count, missing)


def commands(section: str, count: int, work: Path) -> list[Command]:
    """What is run over `count` targets of `section`: the limit first, then what is measured against it."""
    port, out = NGINX_PORTS.get(section, GREETER_PORT), work / "out.jsonl"
    targets = field(count) if section == "mixed" else [(ip, port) for ip in addresses(count)]
    (work / "targets").write_text("".join(f"{ip}:{port}\n" for ip, port in targets))
    scan = [BANNER, "scan", "-i", str(work / "targets"), "-o", str(out), "-c", str(PLACES), "--force"]
    alone = [*scan, "--workers", "1"]
    usual, listening = Command("banner scan", alone, count, out), [*alone, "--mode", "listen"]
    limit = [str(work / "limit"), str(port), str(count), str(PLACES)]
    if section == "start":
        grab = [BANNER, "grab", f"127.0.0.1:{port}", "--json"]
        return [Command("python -c pass", [sys.executable, "-c", "pass"], 1), Command("banner grab", grab, 1)]
    if section in ("tls", "tls13"):
        return [usual, Command("banner scan --mode tls", [*alone, "--mode", "tls"], count, out)]
    if section == "workers":
        two = Command("banner scan --workers 2", [*scan, "--workers", "2"], count, out, cores=2)
        return [usual._replace(name="banner scan --workers 1", cores=2), two]
    if section == "mixed":
        greeting = sum(port == GREETER_PORT for _, port in targets)
        given = ["--order", "given", "-c", str(PLACES_OF_FIELD)]
        listen = Command("banner scan --mode listen", [*listening, *given], count, out, greeting=greeting)
        return [
            listen,
            usual._replace(argv=[*alone, *given], greeting=greeting),
            *zgrab2(targets, work, greeting),
        ]
    if section in NGINX_PORTS:
        return [Command("the limit, in C", [*limit, "ask"], count), usual, *wrk(port)]
    found = [
        Command("the limit, in C", limit, count),
        Command("banner scan --mode listen", listening, count, out),
    ]
    return [*found, usual, *(others(port, count, work) if section == "greeting" else [])]


def wrk(port: int) -> list[Command]:
    argv = ["wrk", "-t1", "-c100", "-d3s", "-H", "Connection: close", f"http://127.0.0.1:{port}/"]
    return [Command("wrk, with Connection: close", argv, 0)] if shutil.which("wrk") else []


def others(port: int, count: int, work: Path) -> list[Command]:
    """Other tools, where they are installed; nmap gets a fiftieth of the targets."""
    few = max(1, count // 50)
    (work / "few").write_text("".join(f"{ip}\n" for ip in addresses(few)))
    words = ["-n", "-Pn", "-sV", "-T5", "-p", str(port), "-iL", str(work / "few"), "-oG", str(work / "few.g")]
    nmap = Command("nmap -sV -T5", ["nmap", *words], few, work / "few.g")
    return [*zgrab2([(ip, port) for ip in addresses(count)], work), *([nmap] if shutil.which("nmap") else [])]


def zgrab2(targets: list[tuple[str, int]], work: Path, greeting: int | None = None) -> list[Command]:
    """Where it is installed."""
    hosts, out = work / "hosts", work / "out.jsonl"
    hosts.write_text("".join(f"{ip},,,{port}\n" for ip, port in targets))
    argv = ["zgrab2", "banner", "-f", str(hosts), "-o", str(out), "-s", str(PLACES)]
    found = Command("zgrab2 banner", argv, len(targets), out, greeting=greeting)
    return [found] if shutil.which("zgrab2") else []
