"""A plan that is told by hand what the peer does."""

from __future__ import annotations

from collections.abc import Callable

from banner import probes
from banner.models import Service, Settings
from banner.plan.planner import Planner
from banner.plan.steps import Heard, Hold, Secure, Step
from banner.recognition.identify import built_in_rules

UNKNOWN = 31007
CLOSED, RESET, SILENT = Heard(), Heard(reset=True), Heard(open=True)
SECURED = Heard(secured=True, open=True)
ALERT = Heard(b"\x15\x03\x01\x00\x02\x02\x28")


def planner(**settings: object) -> Planner:
    return Planner(Settings(**settings), built_in_rules(), probes.all())  # type: ignore[arg-type]  # by name


def named(step: Step) -> str:
    """A step in one word, with ``+`` before it on a fresh connection and ``/tls`` after it inside TLS."""
    match step:
        case Hold(probe=probe, fresh=fresh, tls=tls):
            return "+" * fresh + probe.name + "/tls" * tls
        case Secure(fresh=fresh):
            return "+" * fresh + "secure"
        case _:
            return "+" * step.fresh + "listen" + "/tls" * step.tls


def follow(plan: Planner, port: int, answer: Callable[[str], Heard], most: int = 100) -> list[str]:
    """The steps of a plan whose peer reacts as `answer` says."""
    under_way, taken = plan.plan(port), []
    try:
        step = next(under_way)
        for _ in range(most):
            taken.append(named(step))
            step = under_way.send(answer(taken[-1]))
    except StopIteration:
        pass
    return taken


def service_at(name: str, otherwise: Heard = CLOSED) -> Callable[[str], Heard]:
    """A peer that knows one hello and takes all others in one way."""
    known = Heard(b"an answer", open=True, service=Service(name))
    return lambda step: known if step.strip("+").split("/")[0] == name else _unless_listening(step, otherwise)


def always(heard: Heard) -> Callable[[str], Heard]:
    return lambda _: heard


def _unless_listening(step: str, otherwise: Heard) -> Heard:
    return SILENT if "listen" in step else otherwise
