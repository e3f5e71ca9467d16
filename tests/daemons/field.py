"""The daemons that a test run has started: all at once, each once, ended with the run.

A daemon is started when a test first asks for it, together with the others that the run will ask for; it
is ready once each of its doors accepts a connection. All are processes of an unprivileged account, in
folders of their own, and are ended by their ids.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import trustme

from .daemon import Daemon, Door
from .forwarding import Forwarder
from .site import Account, Site, free_ports, own_address

_ATTEMPTS = 3
"""A free port may be taken by somebody else before the daemon takes it: then another is tried."""

_GRACE = 5
"""Seconds that a daemon has to end by itself."""

_AT_ONCE = 8
"""Daemons started at the same time: most of them wait more than they compute."""


@dataclass(frozen=True)
class Running:
    """A daemon at work."""

    daemon: Daemon
    site: Site
    command: list[str]
    process: subprocess.Popen[bytes]
    seconds: float
    """How long it took from the writing of its configuration to the opening of its last door."""

    def port(self, door: Door) -> int:
        return self.site.ports[door.name]

    def log(self) -> str:
        return _log(self.site.folder)


class Field:
    """Every daemon that was asked for, by its name."""

    def __init__(self) -> None:
        self.account = Account.unprivileged()
        self.authority = trustme.CA()
        self.certificate = self.authority.issue_cert("localhost", "127.0.0.1", common_name="localhost")
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="daemon")
        self._started: dict[str, Future[Running]] = {}
        self._forwarder: Forwarder | None = None
        self._forwarded: set[tuple[str, int]] = set()

    def start(self, daemons: Iterable[Daemon]) -> None:
        """Begin to start those that are installed and were not started before; returns at once."""
        for daemon in daemons:
            if daemon.name not in self._started and not daemon.missing:
                self._started[daemon.name] = self._pool.submit(self._start, daemon)

    def __getitem__(self, daemon: Daemon) -> Running:
        """The daemon, ready. Skips the test where its package is missing; fails it where CI wants all."""
        if daemon.missing:
            message = f"{daemon} is missing, or a part of it: apt-get install {' '.join(daemon.lacking)}"
            if os.environ.get("CI") == "true" and not daemon.excluded:
                pytest.fail(message)
            pytest.skip(message)
        self.start([daemon])
        return self._started[daemon.name].result()

    def restart(self, daemons: Iterable[Daemon], prepare: Callable[[Site], None] | None = None) -> None:
        """End the daemons and start them anew, each in its folder and at its ports, as an administrator does.

        `prepare` may change in between what a daemon reads. `RuntimeError` where one does not come up again.
        """
        again = {one: self._pool.submit(_restarted, self[one], prepare) for one in daemons}
        for daemon, future in again.items():
            future.result()
            self._started[daemon.name] = future

    def usual(self, daemon: Daemon, door: Door) -> tuple[str, int]:
        """The daemon's own address and the door's usual port. Skips the test where that is not permitted."""
        return self.at(daemon, door, self[daemon].site.address, door.usual)

    def at(self, daemon: Daemon, door: Door, host: str, port: int) -> tuple[str, int]:
        """Let `host`, a loopback address, and `port` lead to the door. Skips where that is not permitted."""
        running = self[daemon]
        address = host, port
        if address not in self._forwarded:
            self._forwarder = self._forwarder or Forwarder()
            try:
                self._forwarder.open(*address, running.port(door))
            except OSError as error:
                pytest.skip(f"port {port} on a loopback address of its own: {error}")
            self._forwarded.add(address)
        return address

    def client_context(self) -> ssl.SSLContext:
        """A client's context that trusts the field's certificate."""
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        context.check_hostname = False
        return context

    def certificate_der(self) -> bytes:
        """The certificate that every certified door shows."""
        return ssl.PEM_cert_to_DER_cert(self.certificate.cert_chain_pems[0].bytes().decode())

    def close(self) -> None:
        """End every daemon and remove its folder."""
        if self._forwarder is not None:
            self._forwarder.close()
        self._pool.shutdown(cancel_futures=True)
        running = [
            future.result()
            for future in self._started.values()
            if not future.cancelled() and future.exception() is None
        ]
        for one in running:
            one.process.send_signal(one.daemon.farewell)
        for one in running:
            _end(one.process)
            shutil.rmtree(one.site.folder, ignore_errors=True)

    def _start(self, daemon: Daemon) -> Running:
        for _ in range(_ATTEMPTS - 1):
            with suppress(RuntimeError):
                return self._attempt(daemon)
        return self._attempt(daemon)

    def _attempt(self, daemon: Daemon) -> Running:
        """Start `daemon` in a new folder; `RuntimeError` with its log where it does not come up."""
        begun = time.monotonic()
        site = self._site(daemon)
        try:
            command = [str(part) for part in daemon.start(site)]
            process = _spawn(command, site)
            try:
                _await_doors(daemon, site, process, begun + daemon.patience)
            except BaseException:
                _end(process)
                raise
        except BaseException:
            shutil.rmtree(site.folder, ignore_errors=True)
            raise
        return Running(daemon, site, command, process, time.monotonic() - begun)

    def _site(self, daemon: Daemon) -> Site:
        names = [door.name for door in daemon.doors] + list(daemon.inner)
        ports = dict(zip(names, free_ports(len(names)), strict=True))
        # Not in pytest's folder, which only its owner may enter; and short, for the sake of Unix sockets.
        folder = Path(tempfile.mkdtemp(prefix=f"{daemon.name}-", dir="/tmp"))
        os.chown(folder, self.account.uid, self.account.gid)
        site = Site(folder, ports, own_address(), self.account)
        chain = b"".join(blob.bytes() for blob in self.certificate.cert_chain_pems)
        site.write(site.certificate.name, chain.decode())
        site.write(site.key.name, self.certificate.private_key_pem.bytes().decode())
        return site


def _restarted(running: Running, prepare: Callable[[Site], None] | None) -> Running:
    begun = time.monotonic()
    running.process.send_signal(running.daemon.farewell)
    with suppress(subprocess.TimeoutExpired):
        running.process.wait(_GRACE)
    _end(running.process)
    if prepare is not None:
        prepare(running.site)
    process = _spawn(running.command, running.site)
    try:
        _await_doors(running.daemon, running.site, process, begun + running.daemon.patience + _GRACE)
    except BaseException:
        _end(process)
        raise
    return replace(running, process=process, seconds=time.monotonic() - begun)


def _spawn(command: list[str], site: Site) -> subprocess.Popen[bytes]:
    with site.write("log", "").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=site.folder,
            env=site.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **site.account.credentials,
        )


def _await_doors(daemon: Daemon, site: Site, process: subprocess.Popen[bytes], deadline: float) -> None:
    udp = {site.ports[door.name] for door in daemon.doors if door.udp}
    closed = list(site.ports.values())
    while closed or process.poll() is not None:
        closed = [port for port in closed if not (_bound if port in udp else _open)(port)]
        if process.poll() is not None:
            raise RuntimeError(f"{daemon.name} ended with {process.returncode}:\n{_log(site.folder)}")
        if closed and time.monotonic() > deadline:
            raise RuntimeError(f"{daemon.name} is late, {closed} still closed:\n{_log(site.folder)}")
        time.sleep(0.02)


def _open(port: int) -> bool:
    with socket.socket() as sock:
        sock.settimeout(1)
        return sock.connect_ex(("127.0.0.1", port)) == 0


def _bound(port: int) -> bool:
    """Whether somebody hears datagrams at `port`: what comes from now on waits for him."""
    tables = (Path(f"/proc/net/{name}").read_text().splitlines()[1:] for name in ("udp", "udp6"))
    return any(line.split()[1].endswith(f":{port:04X}") for table in tables for line in table)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process, and what it left of its group."""
    if process.poll() is None:
        process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _log(folder: Path) -> str:
    """The end of what the daemon wrote."""
    return (folder / "log").read_bytes()[-4000:].decode(errors="replace")
