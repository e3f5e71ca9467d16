"""`banner.scan`: many targets for programs, in this process or in several, and kept in a file where that is wanted."""

from __future__ import annotations

import os
from collections.abc import AsyncIterable, Iterable
from typing import TYPE_CHECKING, Literal, Never

from msgspec.structs import replace

from ..addresses.judge import Judge
from ..inputs.cut import Cut
from ..inputs.named import NamedTargets
from ..models import Manners, Mode, Settings, Target, Timeouts
from ..plan.chosen import chosen
from ..sweep.admission import Targets
from ..sweep.scanner import Scan, excluding
from ..text.taken import check_keywords, check_number, check_rate, check_resolver
from ..visit.descriptors import USUAL
from ..visit.resolver import Resolver
from ..visit.source import Source
from ..visit.traffic import traced
from .kept_scan import Keep, KeptScan, KeptSharedScan
from .shared_scan import SharedScan
from .slices import MOST_WORKERS, Share, shared

if TYPE_CHECKING:
    from ..dialogue import Probe
    from ..recognition.identify import Rules
    from ..visit.tracing import Trace

_DRIVERS = (None, "sweep", "streams")


def scan(
    targets: Targets,
    *,
    concurrency: int = USUAL,
    rate: float | None = None,
    per_host: int | None = None,
    per_net: int | None = None,
    timeouts: Timeouts = Timeouts(),  # noqa: B008 - frozen
    limit: int = 1024,
    mode: Mode | str = Mode.LIGHT,
    probes: Iterable[str | Probe] = (),
    without: Iterable[str] = (),
    own: Iterable[Probe] = (),
    policy: Judge | None = None,
    manners: Manners = Manners(),  # noqa: B008 - frozen
    rules: Rules | None = None,
    proxy: str | None = None,
    source: Source | None = None,
    nameservers: Iterable[str] = (),
    settings: Settings | None = None,
    resolver: Resolver | None = None,
    driver: Literal["sweep", "streams"] | None = None,
    max_bytes: int = 16384,
    trace: Trace | None = None,
    keep: str | os.PathLike[str] | None = None,
    resume: bool = True,
    workers: int = 1,
    **wrong: Never,
) -> Scan:
    """Visit many targets: ``async with scan(targets) as results: async for grab in results: ...``.

    `targets` is any iterable or async iterable of `Target`, pulled as room allows and never as a list.
    `concurrency` targets are in flight at most; `rate` limits the connections started per second, `per_host`
    and `per_net` those open at once to one address and to one /24 or /64. Grabs come as they finish; a reader
    that stops reading stops the scan from starting more. A `trace` is told what happens on the wire; such a scan goes
    over streams. Leaving the block, for whatever reason, closes every
    socket before it returns.

    `probes` are the only dialogues that are held, by name or a `Probe` of one's own; `without` are never held; `own`
    are held beside the built-in ones. `keep` writes every grab to a file (``.jsonl``, ``.sqlite``) with a journal,
    before it is given out: the same scan on the same file goes on where the last one ended, however that ended, and
    gives out what is left; with ``resume=False`` the file must hold nothing. `workers` are processes that share the
    limits.

    Raises `ValueError` for a caller's mistake, `FileExistsError`, and what `targets` itself raises.
    """
    check_keywords(scan, wrong)
    _check_given(targets, driver, resume)
    check_resolver(resolver)
    workers = check_number("workers", workers, "processes", MOST_WORKERS)
    asked = chosen(
        settings, timeouts=timeouts, limit=limit, mode=mode, probes=probes, without=without, own=own, policy=policy,
        manners=manners, rules=rules, proxy=proxy, source=source, nameservers=nameservers, max_bytes=max_bytes,
        trace=traced(trace),
    )  # fmt: skip
    _check_streams(asked, driver, workers)
    if not hasattr(os, "fork"):
        workers = 1
    if workers > 1 and not (resolver is None and driver is None):
        raise ValueError("several workers have resolvers and drivers of their own")
    share = _share(workers, concurrency, rate, per_host, per_net)
    if isinstance(targets, NamedTargets | Cut):
        asked = replace(asked, policy=excluding(targets, asked.policy))
    several = (targets, asked, share)
    alone = (targets, asked, share.concurrency, *share.limits(), resolver, driver)
    if keep is None:
        return SharedScan(*several) if workers > 1 else Scan(*alone)
    kept = Keep(os.fspath(keep), targets, asked, share.concurrency * share.workers, resume=resume)
    return KeptSharedScan(*several, keep=kept) if workers > 1 else KeptScan(*alone, keep=kept)


def _check_given(targets: Targets, driver: object, resume: object) -> None:
    if isinstance(targets, str | bytes | Target) or not isinstance(targets, Iterable | AsyncIterable):
        raise TypeError(f"targets are an iterable of banner.Target, not {targets!r}")
    if driver not in _DRIVERS:
        raise ValueError(f"driver is 'sweep', 'streams' or None, not {driver!r}")
    if not isinstance(resume, bool):
        raise TypeError(f"resume is True or False, not {resume!r}")


def _check_streams(asked: Settings, driver: str | None, workers: int) -> None:
    """What goes over streams alone is asked of no other driver."""
    if asked.proxy is not None and driver == "sweep":
        raise ValueError("a scan through a proxy goes over streams: leave driver='sweep' out")
    if asked.trace is not None and (driver == "sweep" or workers > 1):
        raise ValueError("a scan that is traced goes over streams, in one process")


def _share(
    workers: int, concurrency: int, rate: float | None, per_host: int | None, per_net: int | None
) -> Share:
    """The limits of each worker, all of them looked at."""
    concurrency = check_number("concurrency", concurrency, "targets")
    for what, ceiling in (("per_host", per_host), ("per_net", per_net)):
        if ceiling is not None:
            check_number(what, ceiling, "connections")
    if rate is not None:
        check_rate("rate", rate, "connections")
    return shared(workers, concurrency, rate, per_host, per_net)
