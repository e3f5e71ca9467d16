"""The other side of the figures: servers in processes of their own, on the second core where there are two.

What is imported here, and at the top of `measured` and `grabs`, is little: a process that is started counts the memory
of the one that started it as its own.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from heapq import heappop, heappush
from pathlib import Path

HERE = Path(__file__).parent
CORES = sorted(os.sched_getaffinity(0))
GREETER_PORT = 21022
SILENT_PORT, FULL_PORT, CLOSED_PORT = 21026, 21027, 21028
NGINX_PORTS = {"http": 8080, "pages": 8081, "tls": 8443, "tls13": 10443}
"""Where nginx has one page for everybody, a page of his own for everybody, and one page inside TLS 1.2 and 1.3."""
FIELD = ((GREETER_PORT, 10), (FULL_PORT, 5), (CLOSED_PORT, 4), (SILENT_PORT, 1))
"""The mixed field: of 20 targets, how many are at which port."""


def on_core(number: int) -> None:
    """Keep this process to one core, where there are several."""
    if len(CORES) > 1:
        os.sched_setaffinity(0, {CORES[number]})


def compile_all(work: Path) -> None:
    """Leave the programs in C in `work`."""
    for name in ("limit", "greeter"):
        subprocess.run(["cc", "-O2", "-o", work / name, HERE / f"{name}.c"], check=True)


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


def greeter(work: Path, *words: str, port: int = GREETER_PORT) -> list[str]:
    """The command of the server in C."""
    return [str(work / "greeter"), str(port), *words]


def nginx(folder: Path) -> list[str]:
    """The command of a server of HTTP, whose files it leaves in `folder`."""
    (folder / "site").mkdir(parents=True)
    (folder / "site" / "index.html").write_text(
        "<!doctype html><html><head><title>Welcome</title></head><body><p>It works.</p></body></html>\n"
    )
    make = "from tests.tls_peer import self_signed; print(*self_signed('self.example', 2048), sep='')"
    (folder / "pem").write_bytes(subprocess.check_output([sys.executable, "-c", make]))
    # Started by root it would read its site as somebody else, who may not, and answer 403.
    user = "user root; " if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;\n"
        "worker_rlimit_nofile 16384; events { worker_connections 8192; }\n"
        f"http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;\n"
        f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
        f"server {{ listen 0.0.0.0:{NGINX_PORTS['http']} backlog=8192; root {folder}/site; }}\n"
        f"ssl_certificate {folder}/pem; ssl_certificate_key {folder}/pem;\n"
        f"server {{ listen 0.0.0.0:{NGINX_PORTS['tls']} ssl backlog=8192; root {folder}/site;\n"
        "ssl_protocols TLSv1.2; }\n"
        f"server {{ listen 0.0.0.0:{NGINX_PORTS['tls13']} ssl backlog=8192; root {folder}/site;\n"
        "ssl_protocols TLSv1.3; }\n"
        f"server {{ listen 0.0.0.0:{NGINX_PORTS['pages']} backlog=8192; default_type text/html;\n"
        "location / { return 200 '<!doctype html><html><head><title>$connection</title></head>"
        "<body>$connection times</body></html>'; } } }\n"
    )
    return ["nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]


@contextmanager
def full(port: int = 0) -> Iterator[int]:
    """A listener with no room: connections to its port are never answered (listen(2), tcp_abort_on_overflow off)."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("0.0.0.0", port))
        listener.listen(0)
        port = listener.getsockname()[1]
        fillers = []
        for number in range(3):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex((f"127.0.0.{number + 1}", port))
            fillers.append(filler)
        yield port
        for filler in fillers:
            filler.close()


def addresses(count: int) -> list[str]:
    return [f"127.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in range(0x101, 0x101 + count)]


@contextmanager
def mixed(work: Path) -> Iterator[None]:
    """The servers of the mixed field: some greet, some are silent, some drop; who refuses needs none."""
    with ExitStack() as stack:
        stack.enter_context(server(*greeter(work)))
        stack.enter_context(server(*greeter(work, "silent", port=SILENT_PORT)))
        stack.enter_context(full(FULL_PORT))
        yield


def field(count: int) -> list[tuple[str, int]]:
    """The targets of the mixed field, in an order by chance that is always the same."""
    ports = [port for port, share in FIELD for _ in range(count * share // 20)]
    random.Random(1).shuffle(ports)
    return list(zip(addresses(count), ports, strict=False))


def greedy(count: int, places: int) -> float:
    """Seconds that listening to the field takes who begins with the next target as soon as one of `places` is free.

    Who drops costs the time for connecting, who is silent that for reading, and the others nothing.
    """
    from banner.models import Timeouts

    usual = Timeouts()
    costs = {FULL_PORT: usual.connect, SILENT_PORT: usual.read}
    free = [0.0] * places
    for _, port in field(count):
        heappush(free, heappop(free) + costs.get(port, 0.0))
    return max(free)
