"""How many descriptors this process may open, and what that means for a scan."""

from __future__ import annotations

import logging
import os

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None  # type: ignore[assignment]

SPARE = 128
"""Descriptors left for all that is no target's connection: the loop, the resolver, outputs, logs, and the sockets that
the sweep has made for its next burst."""

USUAL = 1000
"""Targets in flight where the caller does not say."""

LEAST = 3
"""Descriptors without which no scan is begun: its selector, a connection, and one to look something up."""
COMMAND = 12
"""The same for a command: an event loop, its signals and wake-ups too."""

log: logging.Logger = logging.getLogger("banner")


def check_room(needed: int = LEAST) -> None:
    """Raise `OSError` (EMFILE, ENFILE) in words for a person where `needed` more descriptors cannot be opened."""
    held: list[int] = []
    missing = None
    try:
        held += (os.open(os.devnull, os.O_RDONLY) for _ in range(needed))
    except OSError as error:
        missing = error.errno
    for fd in held:
        os.close(fd)
    if missing is not None:  # only now: what is imported to tell why is a file as well
        raise OSError(missing, too_few())


def too_few() -> str:
    """What is told where the descriptors were used up."""
    if resource is None:
        return "too many open files"
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return f"too many open files: this process may open {soft} (ulimit -n), and too few are left"


def clamp(concurrency: int) -> int:
    """`concurrency`, or what this process's descriptors allow; the soft limit is raised to the hard one."""
    if resource is None:
        return concurrency
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            soft = hard
        except (OSError, ValueError) as error:
            log.debug("the limit of descriptors stays at %d: %s", soft, error)
    if soft == resource.RLIM_INFINITY or concurrency <= soft - SPARE:
        return concurrency
    allowed = max(1, soft - SPARE)
    # Fewer than were asked for is worth a warning; nobody asked for the usual number.
    log.log(
        logging.INFO if concurrency == USUAL else logging.WARNING,
        "this process may open %d descriptors: %d targets in flight instead of %d",
        soft,
        allowed,
        concurrency,
    )
    return allowed
