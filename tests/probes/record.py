"""Hold a probe's dialogue with a real peer and print it as a recording.

``python -m tests.probes.record NAME HOST PORT [--deep] [--tls | --udp]``
"""

from __future__ import annotations

import argparse
import socket
import ssl

import msgspec

from banner import probes
from banner.dialogue import QUIET, Datagrams, Ended, Probe, Want, Wholeness, Wire, whole
from banner.models import End, Service, Transport

from .conversation import TLS, Turn, client, server

NAME = "host.example"
"""The target's name in every recording."""
WAIT = 5.0
"""Seconds for one answer of a daemon on this machine."""


def record(probe: Probe, host: str, port: int, *, deep: bool, tls: bool) -> str:
    """The recording, as the text of a Python expression."""
    line = socket.create_connection((host, port), WAIT)
    line = _shake(line) if tls else line
    wire = Wire(NAME, port, limit=probe.limit, deep=deep, tls=tls)
    turns: list[Turn] = []
    while probe.greets and whole(bytes(wire.received)) is not Wholeness.WHOLE:
        if not _read(line, wire, turns, QUIET if wire.received else WAIT):
            break
    talk, ended = probe.talk(wire), False
    try:
        while True:
            want = next(talk)
            _write(line, wire, turns)
            if want is Want.TLS:
                line = _shake(line)
                wire.tls = True
                turns.append(TLS)
            elif not _read(line, wire, turns, QUIET if want is Want.PAUSE else WAIT):
                wire.paused = want is Want.PAUSE
                if not wire.paused:
                    wire.close(End.DEADLINE)
    except StopIteration as done:
        service = done.value
    except Ended:
        service, ended = wire.found, True
    _write(line, wire, turns)
    line.close()
    return _shown(turns, service, wire, ended, tls)


def record_datagrams(probe: Probe, host: str, port: int, *, deep: bool) -> str:
    """The same over UDP. The dialogue is told that it asks at the usual port."""
    line = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    line.settimeout(WAIT)
    wire = Datagrams(NAME, probe.ports[0], limit=probe.limit, deep=deep)
    turns: list[Turn] = []

    def write() -> None:
        for data in wire.leaving():
            line.sendto(data, (host, port))
            turns.append(client(data))

    talk, ended = probe.talk(wire), False
    try:
        while next(talk):
            write()
            try:
                data, peer = line.recvfrom(65535)
            except TimeoutError:
                wire.close(End.DEADLINE)
                continue
            other = peer[1] if peer[1] != port else None
            wire.arrived(data, other)
            turns.append(server(data, other))
    except StopIteration as done:
        service = done.value
    except Ended:
        service, ended = wire.found, True
    write()
    line.close()
    return _shown(turns, service, wire, ended, tls=False)


def _shake(line: socket.socket) -> socket.socket:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")  # NRPE has no certificate
    return context.wrap_socket(line)


def _read(line: socket.socket, wire: Wire, turns: list[Turn], wait: float) -> bool:
    line.settimeout(wait)
    try:
        data = line.recv(wire.room())
    except TimeoutError:
        return False
    if not data:
        wire.close(End.EOF)
        return True
    wire.feed(data)
    if turns and turns[-1].who == "server":
        data = turns.pop().data + data
    turns.append(server(data))
    return True


def _write(line: socket.socket, wire: Wire, turns: list[Turn]) -> None:
    if data := wire.outgoing():
        line.sendall(data)
        turns.append(client(data))


def _shown(turns: list[Turn], service: Service | None, wire: Wire, ended: bool, tls: bool) -> str:
    said = [_turn(turn) for turn in turns]
    more = [f"{name}=True" for name, on in (("deep", wire.deep), ("tls", tls), ("ended", ended)) if on]
    if ended:
        more.append(f"end={wire.end!s}")
    lines = [
        "Recording(",
        '    "",',
        '    "recorded",',
        f"    turns=({', '.join(said)},),",
        f"    service={_service(service)},",
        f"    details={wire.details!r},",
        *(f"    {item}," for item in more),
        "),",
    ]
    return "\n".join(lines)


def _turn(turn: Turn) -> str:
    if turn.who == "tls":
        return "TLS"
    return f"{turn.who}({_literal(turn.data)}{f', port={turn.port}' if turn.port else ''})"


def _literal(data: bytes) -> str:
    """A line of text on each line."""
    return "\n".join(map(repr, data.splitlines(keepends=True))) if data.isascii() else repr(data)


def _service(service: Service | None) -> str:
    if service is None:
        return "None"
    told = {name: value for name, value in msgspec.structs.asdict(service).items() if value}
    return f"Service({', '.join(f'{name}={value!r}' for name, value in told.items())})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("--deep", action="store_true")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--udp", action="store_true")
    said = parser.parse_args()
    if said.udp:
        print(record_datagrams(probes.get(said.name, Transport.UDP), said.host, said.port, deep=said.deep))
    else:
        print(record(probes.get(said.name), said.host, said.port, deep=said.deep, tls=said.tls))


if __name__ == "__main__":
    main()
