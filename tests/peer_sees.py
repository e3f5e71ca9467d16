"""What a peer receives in each mode, as docs/what-a-peer-sees.md shows it.

``python -m tests.peer_sees`` writes the page's captures anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import ssl
from collections.abc import Callable
from pathlib import Path

from banner import Mode, Timeouts, Transport, grab, probes, testing
from banner.dialogue import Datagrams
from banner.testing import Serving
from banner.visit.tracing import Lines
from tests.tls_peer import lax_context

PAGE = Path(__file__).parents[1] / "docs" / "what-a-peer-sees.md"
QUICK, USUAL = Timeouts(connect=9, read=0.05, total=60), Timeouts(connect=9, read=7, total=60)
"""Who is silent need not be waited for: what is said does not depend on it."""
HOST = f"127.77.{100 + os.getpid() % 100}.{100 + os.getpid() // 100 % 100}"
"""Of this run, for others may run at once; as long as `SHOWN`, which stands on the page."""
SHOWN = "127.77.100.100"
SSH = b"SSH-2.0-OpenSSH_9.6\r\n"
ANYWHERE = 22977
"""A port of which nothing is known."""


def _web(*, tls: ssl.SSLContext | None = None) -> Callable[[int], Serving]:
    answer = b"HTTP/1.1 200 OK\r\nServer: nginx/1.25.3\r\nContent-Length: 0\r\n\r\n"
    asked = re.compile(rb"GET .+", re.DOTALL)
    return lambda port: testing.conversation([(asked, answer)], host=HOST, port=port, ssl=tls)


PEERS: dict[str, tuple[int, Callable[[int], Serving]]] = {
    "an SSH server, anywhere": (
        ANYWHERE,
        lambda port: testing.greeter(SSH, host=HOST, port=port),
    ),
    "a web server on 8080": (8080, _web()),
    "a web server inside TLS on 8443": (8443, _web(tls=lax_context())),
    "a silent peer on 6379, Redis' port": (6379, lambda port: testing.silent(host=HOST, port=port)),
    "a silent peer, anywhere": (ANYWHERE, lambda port: testing.silent(host=HOST, port=port)),
    "a printer on 9100": (9100, lambda port: testing.silent(host=HOST, port=port)),
}


async def capture(peer: str, mode: Mode) -> list[str]:
    """The lines of a trace, without the times."""
    port, serving = PEERS[peer]
    lines: list[str] = []
    async with serving(port) as server:
        silent = "silent" in peer or "printer" in peer or (mode, port) == (Mode.LISTEN, 8443)
        timeouts = QUICK if silent else USUAL
        await grab(server.host, server.port, mode=mode, timeouts=timeouts, trace=Lines(lines.append))
    return [shown(line) for line in lines]


def shown(line: str) -> str:
    """A trace's line without what differs from run to run: times, addresses, and the random bytes of handshakes."""
    text = line.replace(HOST, SHOWN).split(" ", 2)[2].rstrip("\n")
    text = re.sub(r" after [\d.]+ s|, [\d.]+ s$", "", text)
    text = re.sub(r"^(->|<-) \d+: (\\x1[4-7]\\x03).*", r"\1 records of TLS", text)
    text = re.sub(r", certificate of .*", ", a certificate", text)
    return re.sub(r"\d+ bytes sent, \d+ received, ", "", text) if "said tls" in text else text


def blocks() -> dict[tuple[str, Mode], list[str]]:
    """The page's captures: each stands below the headings of its mode and its peer."""
    found = {}
    mode = peer = ""
    text = PAGE.read_text()
    for heading, block in re.findall(r"^(##+ [^\n]*)$|^```text\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        if heading.startswith("### "):
            peer = heading[4:]
        elif heading:
            mode = heading[3:].strip("`")
        else:
            found[peer, Mode(mode)] = block.splitlines()
    return found


def datagrams(host: str = "192.0.2.1") -> list[str]:
    """The page's table of what is asked over UDP: each dialogue's first question, where what is random is ``x``."""
    rows = []
    for probe in probes.all(Transport.UDP):
        ports = ", ".join(map(str, probe.ports)) or "none"
        when = "named, in full mode" if probe.fragile else "full mode" if probe.full else "always"
        texts = []
        for nonce in (b"\x07" * 32, b"\x5d" * 32):
            wire = Datagrams(host, probe.ports[0] if probe.ports else 1, nonce=nonce)
            with contextlib.suppress(StopIteration):
                next(probe.talk(wire))
            texts.append(wire.leaving()[0])
        one, other = texts
        shown = "".join(_shown(a) if a == b else "x" for a, b in zip(one, other, strict=True))
        shown = shown if len(shown) <= 160 else f"{shown[:160]}..."
        rows.append(f"| `{probe.name}` | {ports} | {when} | {len(one)} | `{shown}` |")
    return rows


def _shown(byte: int) -> str:
    return (
        chr(byte)
        if 0x20 < byte < 0x7F and chr(byte) not in "|`\\"
        else " "
        if byte == 0x20
        else f"\\x{byte:02x}"
    )


async def anew() -> str:
    """The page with its captures made anew."""
    text = PAGE.read_text()
    for (peer, mode), old in blocks().items():
        new = await capture(peer, mode)
        head, rest = text.split(f"## `{mode}`", 1)
        before, after = rest.split(f"### {peer}\n", 1)
        after = after.replace("\n".join(["```text", *old, "```"]), "\n".join(["```text", *new, "```"]), 1)
        text = f"{head}## `{mode}`{before}### {peer}\n{after}"
    head, _, rest = text.partition("|---|---|---|--:|---|\n")
    return f"{head}|---|---|---|--:|---|\n" + "\n".join(datagrams()) + rest[rest.index("\n\nA second") :]


if __name__ == "__main__":
    PAGE.write_text(asyncio.run(anew()))
