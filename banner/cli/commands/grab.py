"""``banner grab``: a few targets, for a person. They are visited at once, and told in the order of the command line."""

from __future__ import annotations

import argparse
import asyncio
import sys

from ...addresses.ports import parse_ports
from ...formats.record import encode
from ...inputs.spec import parse
from ...models import Grab, Settings, Status, Target
from . import running
from .waiting import Waiting


def run(options: argparse.Namespace) -> int:
    """Exit status 0 where each was grabbed, else 1."""
    try:
        targets = named(options)
        chosen = running.settings(options)
    except (ValueError, running.UsageError) as error:
        options.parser.error(str(error))
    return running.run(
        lambda: visit(targets, chosen, as_json=options.json, colour=running.coloured(options.color)),
        few=running.are_few(len(targets)),
    )


def named(options: argparse.Namespace) -> list[Target]:
    """The targets that `options` name. Raises `ValueError`."""
    ports = parse_ports(options.port) if options.port else (22,)
    targets: list[Target] = []
    for text in options.targets:
        spec = parse(text, ports)
        if spec.size != 1:
            raise ValueError(f"{text} names {spec.size} targets: use banner scan")
        targets.append(spec[0])
    return targets


async def visit(targets: list[Target], chosen: Settings, *, as_json: bool, colour: bool) -> int:
    """Visit all at once; returns the exit status."""
    from ...visit.resolver import resolver_for
    from ...visit.visit import Visit

    grabs: list[Grab] = []
    async with resolver_for(chosen) as resolver:
        visits = [asyncio.create_task(Visit(target, chosen).run(resolver)) for target in targets]
        waiting = Waiting(dict(zip(targets, visits, strict=True)), chosen.timeouts.total)
        try:
            for each in visits:
                await waiting.until(each)
                grabs.append(each.result())
                _show(grabs[-1], as_json=as_json, colour=colour, first=len(grabs) == 1)
        finally:
            waiting.over()
            for each in visits:
                each.cancel()
            await asyncio.gather(*visits, return_exceptions=True)
    return 0 if all(map(_is_grabbed, grabs)) else 1


def _show(grab: Grab, *, as_json: bool, colour: bool, first: bool) -> None:
    terminal = sys.stdout.isatty()
    if as_json:
        line = encode(grab)
        if terminal:
            from ...formats.terminal import safe_json

            line = safe_json(line)
        sys.stdout.buffer.write(line)
    else:
        from .card import card

        width = running.columns(sys.stdout) if terminal else None
        text = card(grab, colour=colour, width=width)
        sys.stdout.write(text if first else "\n" + text)
    sys.stdout.flush()


def _is_grabbed(grab: Grab) -> bool:
    return grab.status is Status.BANNER or (grab.tls is not None and grab.tls.error is None)
