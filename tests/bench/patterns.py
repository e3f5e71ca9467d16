"""Climbs towards slow inputs for each rule: ``python -m tests.bench.patterns [--nmap FILE] [--recog PATH]``.

For every rule whose cost grows faster than the text, texts of 2 KB are built from what its pattern is made of, and
changed for as long as a search takes longer. Held against each other: the time that a search took and what the
pattern's formula says (`banner.recognition.cost`; a search that is dearer than the budget is not made, as in
identification). Printed are the dearest searches within the budget, those that took longer than their formula says,
and the dearest whole identifications of texts that hold many rules' literals at once. A search that takes a second is
cut off.
"""

from __future__ import annotations

import argparse
import importlib
import random
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

from banner import Rules
from banner.recognition.alphabet import characters, is_set
from banner.recognition.ambiguity import bodies
from banner.recognition.build import BUILT_IN
from banner.recognition.choice import BUDGET
from banner.recognition.collections import nmap
from banner.recognition.collections.recog import read
from banner.recognition.cost import cost_of
from banner.recognition.products import Text, at_most

SIZE = 2048
FRAMES = (
    "220 {}\r\n", "220 ESMTP {}\r\n", "200 {}\r\n", "SSH-2.0-{}\r\n", "* OK {}\r\n", "+OK {}\r\n", "{} login: ", "{}",
    "HTTP/1.1 200 OK\r\nServer: {}\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n<title>{}</title>", "HTTP/1.1 200 OK\r\n{}",
    "SIP/2.0 200 OK\r\nUser-Agent: {}\r\n\r\n", "RTSP/1.0 200 OK\r\nServer: {}\r\n\r\n",
)  # fmt: skip


class Ruled(NamedTuple):
    """One rule: where it stands, its pattern and its flags."""

    name: str
    pattern: str
    flags: int


class Taken(NamedTuple):
    """What a search took, and what its formula says (nanoseconds)."""

    took: float
    said: float
    name: str
    text: str


class _TooLong(Exception):  # noqa: N818 - not an error
    pass


def pieces(tree: Any, flags: int, rng: random.Random) -> Iterator[str]:
    """What a pattern is made of: literals, characters of sets, one match of each group."""
    run = ""
    for operation, argument in tree:
        name = str(operation)
        if name == "LITERAL":
            run += chr(argument)
            continue
        if run:
            yield run
            run = ""
        if is_set(name):
            yield one_of(characters(name, argument, flags), rng)
        elif name.endswith("_REPEAT"):
            inner = list(pieces(argument[2], flags, rng))
            yield from inner
            yield "".join(inner)
        else:
            for body, own, _ in bodies(name, argument, flags):
                yield from pieces(body, own, rng)
    if run:
        yield run


def one_of(bits: int, rng: random.Random) -> str:
    """A character of a set, a usual one by preference."""
    usual = [c for c in "a0 .-/_:(<\n" if bits >> ord(c) & 1]
    return rng.choice(usual or [chr(code) for code in range(256) if bits >> code & 1] or ["\u0100"])


def search(rule: re.Pattern[str], text: str) -> float:
    """Nanoseconds of one search, the less of two if it is long; cut off after a second."""
    took = []
    for _ in range(2):
        began = time.perf_counter_ns()
        signal.setitimer(signal.ITIMER_VIRTUAL, 1)
        try:
            rule.search(text)
        except _TooLong:
            pass
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        took.append(time.perf_counter_ns() - began)
        if took[0] < 1e5:
            break
    return min(took)


def climb(rule: Ruled, rng: random.Random) -> Taken | None:
    """The dearest search for one rule, within the budget, that was found."""
    formula = cost_of(rule.pattern, rule.flags)
    if at_most(formula, SIZE) < 1e6:
        return None
    compiled = re.compile(rule.pattern, rule.flags)
    tree = importlib.import_module("re._parser").parse(rule.pattern, rule.flags)
    found = [piece for _ in range(4) for piece in pieces(tree, tree.state.flags, rng)]
    whole = "".join(found[: len(found) // 4])
    best = Taken(0, 0, rule.name, "")
    blocks = [(piece, 1.0) for piece in found[:4]]
    for step in range(80):
        tried = changed(blocks, found, rng) if step % 20 else [(p, 1.0) for p in rng.choices(found, k=3)]
        text = (whole[: rng.choice((0, len(whole) // 2, len(whole)))] + built(tried))[:SIZE]
        said = Text(text).cost(formula)
        if said <= BUDGET and (took := search(compiled, text)) > best.took:
            best, blocks = Taken(took, said, rule.name, text), tried
    return best


def built(blocks: list[tuple[str, float]]) -> str:
    """The blocks, each repeated for its share."""
    total = sum(share for _, share in blocks)
    return "".join(piece * max(1, int(SIZE * share / total / len(piece))) for piece, share in blocks)


def changed(blocks: list[tuple[str, float]], found: list[str], rng: random.Random) -> list[tuple[str, float]]:
    """The blocks with one of them other, more, fewer, or of another share."""
    blocks = list(blocks)
    at = rng.randrange(len(blocks))
    kind = rng.randrange(4)
    if kind == 0:
        blocks[at] = (rng.choice(found), blocks[at][1])
    elif kind == 1:
        blocks.insert(at, (rng.choice(found), rng.choice((0.2, 1, 3))))
    elif kind == 2 and len(blocks) > 1:
        del blocks[at]
    else:
        blocks[at] = (blocks[at][0], blocks[at][1] * rng.choice((0.3, 0.6, 1.5, 3)))
    return blocks


def together(rules: Rules, ruled: list[Ruled], rng: random.Random, seconds: float) -> list[Taken]:
    """Whole identifications of texts that hold the literals of many rules, the dearest first."""
    words = [piece for rule in ruled for piece in re.findall(r"[A-Za-z0-9 /:_-]{3,}", rule.pattern)]
    found = []
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pool = rng.choices(words, k=rng.choice((3, 20, 200)))
        text = "".join(rng.choice(pool) + rng.choice(("", " ", "\n", "1.", "(", "\r\n")) for _ in range(300))
        frame = rng.choice(FRAMES)
        data = frame.format(text[: SIZE - len(frame)]).encode()[:SIZE]
        for port in (None, 21, 25, 80):
            rules.fresh(data, port)  # patterns compile when they are first tried
            began = time.process_time_ns()
            rules.fresh(data + b" ", port)
            found.append(Taken(time.process_time_ns() - began, 0, f"port {port}", data.decode("latin-1")))
    return sorted(found, reverse=True)


def main() -> None:
    """Climb, and tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--nmap", type=Path)
    parser.add_argument("--recog", type=Path)
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="for the rules one by one; a third more in all"
    )
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    signal.signal(signal.SIGVTALRM, _cut)
    foreign = [path for path in (args.nmap, args.recog) if path is not None]
    ruled = list(_ruled(args))
    rng.shuffle(ruled)
    until = time.monotonic() + args.seconds
    taken, tried = [], 0
    for rule in ruled:
        if time.monotonic() > until:
            break
        tried += 1
        if (best := climb(rule, rng)) is not None:
            taken.append(best)
    taken.sort(reverse=True)
    over = sorted((t for t in taken if t.took > max(t.said, 2e5)), key=lambda t: -t.took / max(t.said, 1))
    print(
        f"{tried} of {len(ruled)} rules, {len(taken)} climbed; the dearest searches within {BUDGET / 1e6:.0f} ms:"
    )
    _tell(taken[:8])
    print(f"{len(over)} took longer than their formula says:")
    _tell(over[:8])
    print("the dearest whole identifications:")
    _tell(together(Rules(*foreign), ruled, rng, args.seconds / 3)[:4])


def _cut(number: int, frame: FrameType | None) -> None:
    raise _TooLong


def _ruled(args: argparse.Namespace) -> Iterator[Ruled]:
    if args.nmap is not None:
        for line in nmap.parse(args.nmap.read_bytes(), args.nmap).rules:
            yield Ruled(f"nmap line {line.line}", line.pattern, line.flags)
    folder = args.recog or (BUILT_IN if args.nmap is None else None)
    for path in sorted(folder.glob("*.xml")) if folder else ():
        for rule in read(path, foreign=args.recog is not None, examples=False).rules:
            yield Ruled(rule.id, rule.pattern, rule.flags)


def _tell(taken: list[Taken]) -> None:
    for one in taken:
        print(f"  {one.took / 1e6:8.2f} ms, said {one.said / 1e6:7.2f} ms  {one.name}  {one.text[:60]!r}")


if __name__ == "__main__":
    main()
