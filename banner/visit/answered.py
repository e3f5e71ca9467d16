"""What came of the questions to a UDP target, as a record: the same whoever asked them."""

from __future__ import annotations

from ..models import Grab, Status, Timings, Transport
from ..plan.exchange import Exchange
from ..tls.client_hello import seen
from .findings import in_microseconds


def answered(
    exchange: Exchange,
    ip: str | None,
    clock: float,
    began: float,
    now: float,
    *,
    dns: float | None = None,
    status: Status | None = None,
    error: str | None = None,
) -> Grab:
    """The record of `exchange` with `ip`, which `began` and ended `now`: monotonic seconds, behind POSIX' by `clock`.

    `status` and `error` stand in for its own where something else ended it.
    """
    target, asked = exchange.target, exchange.began
    first = None if exchange.first is None or asked is None else exchange.first - asked
    return Grab(
        int((began + clock) * 1e3) / 1e3,
        target.host,
        target.port,
        status or exchange.status,
        ip,
        target.tag,
        exchange.end,
        exchange.banner,
        exchange.probe,
        0,
        exchange.service,
        seen(exchange.flight, began + clock, host=target.host) if exchange.flight else None,
        Timings(
            dns=in_microseconds(dns),
            first_byte=in_microseconds(first),
            total=in_microseconds(now - began),
        ),
        details(exchange),
        error if status else exchange.error,
        tuple(exchange.said),
        exchange.sent,
        exchange.received,
        Transport.UDP,
    )


def details(exchange: Exchange) -> dict[str, object]:
    """What the dialogue told, and what the datagrams tell by themselves.

    ``datagrams`` left; ``amplification`` is bytes received for each byte sent, an empty datagram counted as one byte;
    ``from_port`` answered in place of the port that was asked; ``from_elsewhere`` datagrams of other addresses were
    dropped. ``refusals_used_up``: the host had refused as many ports just then as it says in a second.
    """
    told = dict(exchange.details)
    if exchange.datagrams:
        told["datagrams"] = exchange.datagrams
    if exchange.received:
        told["amplification"] = round(exchange.received / max(1, exchange.sent), 2)
    if exchange.other_port is not None:
        told["from_port"] = exchange.other_port
    if exchange.elsewhere:
        told["from_elsewhere"] = exchange.elsewhere
    if exchange.doubtful:
        told["refusals_used_up"] = True
    return told
