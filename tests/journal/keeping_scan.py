"""A program that keeps what it scans, through the rooms alone, as an application would: no command line.

    keeping_scan.py OUT PORT NETWORK [BESIDE ...]

It prints a line when it begins to visit, and how many targets were done before.
"""

from __future__ import annotations

import asyncio
import sys

import banner
from banner.formats.destinations import destinations
from banner.inputs.selection import Selection
from banner.journal import resuming
from banner.journal.scan_output import KeptOutput

PATIENT = banner.Timeouts(connect=60, read=60, total=120)


async def scan(out: str, port: str, network: str, beside: list[str]) -> int:
    """Begin, or go on; how many targets earlier runs had done."""
    selection = Selection([network], ports=port, seed=7)
    main, *others = destinations([out, *beside])
    what = {"network": network}
    found = resuming.find(out)
    if found is not None:
        resuming.check_arguments(what, found.arguments, {}, whole=True)
    output = KeptOutput(main, others, arguments=what, found=found, most=400, warn=print)
    targets = output.targets(selection, lambda source, line: print(source, line))
    async with output:
        print("begun", flush=True)
        async with banner.scan(targets, mode="listen", timeouts=PATIENT, concurrency=40, rate=400) as grabs:
            async for grab in grabs:
                output.write([grab])
        output.complete = True
    return output.done_before


if __name__ == "__main__":
    done_before = asyncio.run(scan(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]))
    assert "argparse" not in sys.modules and not any(name.startswith("banner.cli") for name in sys.modules)  # noqa: PT018
    print(done_before)
