"""``banner grab``: one target, for a person."""

from __future__ import annotations

import argparse
import sys

from ...addresses.ports import parse_ports
from ...formats.record import encode
from ...formats.terminal import COLOURS, safe, safe_bytes, safe_json, what, where
from ...inputs.spec import parse
from ...models import End, Grab, Status
from . import running

MEANING = {
    Status.SILENT: "connected; nothing came before the read deadline",
    Status.CLOSED: "connected; the peer closed before any byte",
    Status.RESET: "connected; the peer reset the connection before any byte",
    Status.REFUSED: "the connection was refused",
    Status.TIMEOUT: "the connection was not answered in time",
    Status.UNREACHABLE: "the network said that it cannot be reached",
    Status.DNS_ERROR: "the name did not resolve",
    Status.TLS_ERROR: "connected; the TLS handshake failed",
    Status.DENIED: "excluded; nothing was sent",
    Status.LOCAL_ERROR: "this machine ran out of descriptors, ports or memory",
    Status.FAULT: "a bug of ours",
}
CUT = {
    End.EOF: "then the peer closed",
    End.RESET: "then the peer reset the connection",
    End.DEADLINE: "then nothing more before the deadline",
    End.LIMIT: "and more that was not read",
}


def run(options: argparse.Namespace) -> int:
    """Exit status 0 where a banner came, else 1."""
    try:
        ports = parse_ports(options.port) if options.port else (22,)
        spec = parse(options.target, ports)
        if spec.size != 1:
            raise ValueError(f"{options.target} names {spec.size} targets: use banner scan")
        chosen = running.settings(options)
    except (ValueError, running.UsageError) as error:
        options.parser.error(str(error))

    async def visit() -> int:
        from ...visit.resolver import Resolver
        from ...visit.visit import Visit

        async with Resolver(timeout=chosen.timeouts.dns) as resolver:
            got = await Visit(spec[0], chosen).run(resolver)
        terminal = sys.stdout.isatty()
        if options.json:
            line = encode(got)
            sys.stdout.buffer.write(safe_json(line) if terminal else line)
        else:
            sys.stdout.write(card(got, colour=terminal and running.coloured()))
        secured = got.tls is not None and got.tls.error is None
        return 0 if got.status is Status.BANNER or secured else 1

    return running.run(visit)


def card(grab: Grab, *, colour: bool) -> str:
    """`grab` as a few lines for a person."""
    status = f"\x1b[{COLOURS.get(grab.status, '2')}m{grab.status}\x1b[0m" if colour else str(grab.status)
    address = f" ({safe(grab.ip)})" if grab.ip and grab.ip != grab.host else ""
    lines = [f"{where(grab.host, grab.port)}{address}  {status}"]
    if grab.status is not Status.BANNER:
        lines.append(f"  {MEANING[grab.status]}" + (f": {safe(grab.error)}" if grab.error else ""))
    if grab.service is not None:
        lines.append(
            f"  {what(grab.service)}" + (f" ({safe(grab.service.info)})" if grab.service.info else "")
        )
        lines.extend(f"  {safe(name)}" for name in grab.service.cpe)
    lines.extend(f"  | {safe_bytes(line)}" for line in grab.banner.splitlines())
    if grab.end in CUT and grab.banner:
        lines.append(f"  ({CUT[grab.end]})")
    spent = grab.timings
    parts = (
        ("dns", spent.dns),
        ("connect", spent.connect),
        ("first byte", spent.first_byte),
        ("total", spent.total),
    )
    lines.append(
        "  " + ", ".join(f"{name} {seconds * 1000:.1f} ms" for name, seconds in parts if seconds is not None)
    )
    return "\n".join(lines) + "\n"
