"""Questions over UDP that are asked without a socket, and what a peer of them says."""

from __future__ import annotations

from banner.dialogue import Datagrams, Probe, Talk
from banner.models import Service, Settings, Target, Transport
from banner.plan.exchange import Exchange
from banner.plan.questions import Questions
from banner.recognition.identify import built_in_rules


def talk_of(*pairs: tuple[bytes, bytes]) -> Probe:
    """A service that is asked the first of each pair and answers the second."""

    def talk(wire: Datagrams) -> Talk:
        for number, (question, answer) in enumerate(pairs):
            wire.send(question)
            if (yield from wire.datagram()) != answer:
                return wire.found
            wire.claim(Service("toy", product=f"Toy{number}"))
        return wire.found

    return Probe("toy", talk, ports=(7000,), transport=Transport.UDP)


ONE = talk_of((b"question", b"answer"))
OTHER = Probe("other", talk_of((b"other?", b"other!")).talk, ports=(7000,), transport=Transport.UDP)


def begun(*probes: Probe, port: int = 7000, until: float = 20.0, **settings: object) -> Exchange:
    chosen = Settings(**settings)  # type: ignore[arg-type]
    asking = Questions(chosen, built_in_rules(), probes)
    exchange = Exchange(Target("192.0.2.1", port, transport=Transport.UDP), chosen, asking, bytes(32), until)
    exchange.begin(0.0)
    return exchange


def played(exchange: Exchange, most: int = 20) -> list[tuple[float, list[bytes]]]:
    """What leaves, and when, where nothing comes."""
    left = [(0.0, exchange.leaving())]
    for _ in range(most):
        if exchange.over:
            break
        now = exchange.until
        exchange.due(now)
        if leaving := exchange.leaving():
            left.append((now, leaving))
    assert exchange.over
    return left
