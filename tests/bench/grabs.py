"""What a grab costs beside the limit and beside other tools, in one run: the README's table of performance.

    grabs.py [--count N] [--rounds N] [SECTION ...]

Sections: greeting, unique, delay, http, pages, tls, workers, start; all of them if none is named. Every round runs a
first command and then each other one against the same server, so that the ratios hold on a machine that does other
work too. The first is the limit (limit.c: plain sockets in C, nothing parsed or written); of tls (nginx, RSA 2048) it
is the full visit, of workers one worker, of start, which is one target, a bare interpreter. Printed are medians: CPU
microseconds per grab (user and system, child processes included), grabs per second, peak memory, the ratio to the first
command of the same round, and how many greetings are missing in the output. The client has core 0 and the server core
1, where there are two; several workers have both. Other tools run where they are
installed; nmap takes so long that it gets a fiftieth of the targets. masscan is not here: it has a TCP of its own,
which the loopback interface does not carry.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.tls_peer import self_signed

HERE = Path(__file__).parent
BANNER = str(Path(sys.executable).with_name("banner"))
GREETER_PORT = 21022
NGINX_PORTS = {"http": 8080, "pages": 8081, "tls": 8443}
"""Where nginx has one page for everybody, where it has a page of his own for everybody, and where TLS is before it."""
CORES = sorted(os.sched_getaffinity(0))
TOLD = {
    "greeting": b"OpenSSH",
    "unique": b"OpenSSH",
    "delay": b"OpenSSH",
    "http": b"nginx",
    "pages": b"nginx",
    "tls": b"self.example",
    "workers": b"OpenSSH",
    "start": b"OpenSSH",
}
PAGES = {"http": "a small page", "pages": "small pages, no two alike", "tls": "a small page inside TLS 1.3"}


class Run(NamedTuple):
    """One run of a command."""

    cpu: float
    wall: float
    memory: float
    grabs: int
    missing: int


class Command(NamedTuple):
    """What is measured: `argv` over `count` targets, which must leave the greetings in `out`."""

    name: str
    argv: list[str]
    targets: int
    out: Path | None = None
    cores: int = 1


def run(command: Command, told: bytes) -> Run:
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
        with command.out.open("rb") as lines:  # line by line: our own memory is counted as the next one's
            missing = count - sum(told in line for line in lines)
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, count, missing)


def on_core(number: int) -> None:
    if len(CORES) > 1:
        os.sched_setaffinity(0, {CORES[number]})


@contextmanager
def server(*argv: str) -> Iterator[None]:
    process = subprocess.Popen(argv, preexec_fn=lambda: on_core(1))
    try:
        time.sleep(0.5)
        if process.poll() is not None:
            sys.exit(f"{argv[0]} does not start")
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def nginx(folder: Path) -> list[str]:
    (folder / "site").mkdir()
    (folder / "site" / "index.html").write_text(
        "<!doctype html><html><head><title>Welcome</title></head><body><p>It works.</p></body></html>\n"
    )
    (folder / "pem").write_text("".join(self_signed("self.example", 2048)))
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;\n"
        "worker_rlimit_nofile 16384; events { worker_connections 8192; }\n"
        f"http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;\n"
        f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
        f"server {{ listen 0.0.0.0:{NGINX_PORTS['http']} backlog=8192; root {folder}/site; }}\n"
        f"server {{ listen 0.0.0.0:{NGINX_PORTS['tls']} ssl backlog=8192; root {folder}/site;\n"
        f"ssl_certificate {folder}/pem; ssl_certificate_key {folder}/pem; }}\n"
        f"server {{ listen 0.0.0.0:{NGINX_PORTS['pages']} backlog=8192; default_type text/html;\n"
        "location / { return 200 '<!doctype html><html><head><title>$connection</title></head>"
        "<body>$connection times</body></html>'; } } }\n"
    )
    return ["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]


def addresses(count: int) -> list[str]:
    return [f"127.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in range(0x101, 0x101 + count)]


def commands(section: str, port: int, count: int, work: Path) -> list[Command]:
    """The limit first, then what is measured against it."""
    hosts, targets, out = work / "hosts", work / "targets", work / "out.jsonl"
    hosts.write_text("".join(f"{ip}\n" for ip in addresses(count)))
    targets.write_text("".join(f"{ip}:{port}\n" for ip in addresses(count)))
    few = max(1, count // 50)
    (work / "few").write_text("".join(f"{ip}\n" for ip in addresses(few)))
    scan = [BANNER, "scan", "-i", str(targets), "-o", str(out), "-c", "1000", "--force", "--workers", "1"]
    if section == "tls":
        alone = Command("banner scan --mode tls", [*scan, "--mode", "tls"], count, out)
        return [Command("banner scan", scan, count, out), alone]
    if section == "workers":
        two = Command("banner scan --workers 2", [*scan[:-1], "2"], count, out, cores=2)
        return [Command("banner scan --workers 1", scan, count, out, cores=2), two]
    if section == "start":
        grab = [BANNER, "grab", f"127.0.0.1:{port}", "--json"]
        return [Command("python -c pass", [sys.executable, "-c", "pass"], 1), Command("banner grab", grab, 1)]
    asks = ["ask"] if section in NGINX_PORTS else []
    found = [Command("the limit, in C", [str(work / "limit"), str(port), str(count), "1000", *asks], count)]
    if section in NGINX_PORTS:
        found.append(Command("banner scan", scan, count, out))
        if shutil.which("wrk"):
            wrk = ["wrk", "-t1", "-c100", "-d3s", "-H", "Connection: close", f"http://127.0.0.1:{port}/"]
            found.append(Command("wrk, with Connection: close", wrk, 0))
        return found
    found.append(Command("banner scan --mode listen", [*scan, "--mode", "listen"], count, out))
    found.append(Command("banner scan", scan, count, out))
    if section == "greeting":
        if shutil.which("zgrab2"):
            argv = ["zgrab2", "banner", "-p", str(port), "-f", str(hosts), "-o", str(out), "-s", "1000"]
            found.append(Command("zgrab2 banner", argv, count, out))
        if shutil.which("nmap"):
            argv = [
                "nmap",
                "-n",
                "-Pn",
                "-sV",
                "-T5",
                "-p",
                str(port),
                "-iL",
                str(work / "few"),
                "-oG",
                str(work / "few.g"),
            ]
            found.append(Command("nmap -sV -T5", argv, few, work / "few.g"))
    return found


def measure(section: str, label: str, commands: list[Command], rounds: int) -> None:
    runs: dict[str, list[Run]] = {command.name: [] for command in commands}
    for _ in range(rounds):
        for command in commands:
            runs[command.name].append(run(command, TOLD[section]))
    print(
        f"\n{label}\n\n| | CPU us/grab | grabs/s | MB | times the first | missing |\n|---|---|---|---|---|---|"
    )
    limit = commands[0]
    for command in commands:
        done = runs[command.name]
        each = [one.cpu / one.grabs * 1e6 for one in done]
        base = [one.cpu / limit.targets * 1e6 for one in runs[limit.name]]
        ratio = statistics.median(a / b for a, b in zip(each, base, strict=True))
        speed = statistics.median(one.grabs / one.wall for one in done)
        memory = statistics.median(one.memory for one in done)
        missing = sum(one.missing for one in done)
        cost = statistics.median(each)
        print(f"| {command.name} | {cost:.1f} | {speed:,.0f} | {memory:.0f} | {ratio:.2f} | {missing} |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=40_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("sections", nargs="*", metavar="SECTION", default=[])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="banner-bench-") as folder:
        work = Path(folder)
        for name in ("limit", "greeter"):
            subprocess.run(["cc", "-O2", "-o", work / name, HERE / f"{name}.c"], check=True)
        for section in options.sections or list(TOLD):
            if section in NGINX_PORTS:
                before_nginx(section, options.count, options.rounds, work)
                continue
            for delay in (50, 100, 300) if section == "delay" else (0,):
                before_greeter(section, delay, options.count, options.rounds, work)


def before_nginx(section: str, count: int, rounds: int, work: Path) -> None:
    (work / section).mkdir()
    with server(*nginx(work / section)):
        found = commands(section, NGINX_PORTS[section], count, work)
        measure(section, f"{count:,} targets of nginx, {PAGES[section]}", found, rounds)


def before_greeter(section: str, delay: int, count: int, rounds: int, work: Path) -> None:
    count = 1 if section == "start" else count // 2 if delay else count
    words = ["unique"] if section == "unique" else [str(delay)] if delay else []
    with server(str(work / "greeter"), str(GREETER_PORT), *words):
        how = ", each differently" if section == "unique" else f" after {delay} ms" if delay else ""
        label = f"{count:,} {'target that greets' if count == 1 else 'targets that greet'}{how}"
        measure(section, label, commands(section, GREETER_PORT, count, work), rounds)


if __name__ == "__main__":
    main()
