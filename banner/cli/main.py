"""The command line: arguments to commands. Only what a command needs is imported, so ``--help`` is quick.

Exit status: 0 done, 1 nothing grabbed, 2 usage (or a bad line among the targets), 3 the output could not be
written, 130 interrupted. Standard output carries records and nothing else.
"""

from __future__ import annotations

import argparse
import atexit
import errno
import gc
import os
import sys

from .options import COMMANDS, Parser, build_parser

__all__ = ["COMMANDS", "build_parser", "main"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}
"""How a write fails that no retry mends: a full disk or quota, a file too large, a broken or closed device."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. What was printed is out, or its failure told, on return."""
    _settle_streams()
    # What is imported stays: looking through it for garbage, now and at every later collection, is in vain.
    gc.disable()
    try:
        try:
            return _run(arguments)
        finally:
            gc.enable()
            sys.stdout.flush()
    except BrokenPipeError:
        status = 0  # the reader has what it wanted
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno in (errno.EMFILE, errno.ENFILE):
            from ..visit.descriptors import too_few

            print(f"banner: {too_few()}", file=sys.stderr)
            return 1
        if error.errno not in UNWRITABLE:
            raise
        print(f"banner: cannot write standard output: {error.strerror}", file=sys.stderr)
        status = 3
    finally:
        try:
            sys.stderr.flush()
        except OSError:
            _abandon(2)
    _abandon(1)
    return status


def _abandon(fd: int) -> None:
    """Let what is still buffered for `fd` go nowhere: the interpreter flushes once more when it exits, and
    would complain of what is known already."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), fd)


def _settle_streams() -> None:
    """Let every text be printed, and keep the numbers of streams that the caller closed from other files."""
    for fd, name in enumerate(("stdin", "stdout", "stderr")):
        stream = getattr(sys, name)
        if stream is None:
            # For reading alone: what is written to a closed standard output fails as it should.
            os.open(os.devnull, os.O_RDONLY if fd < 2 else os.O_WRONLY)
            setattr(sys, name, open(fd, "r" if fd == 0 else "w", closefd=False))  # noqa: SIM115 - kept
        elif fd and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _run(arguments: Sequence[str] | None) -> int:
    parser = build_parser()
    options = parser.parse_args(arguments)
    if options.version:
        from ..models import __version__

        print(f"banner {__version__}")
        return 0
    if not hasattr(options, "parser"):
        parser.print_help(sys.stderr)
        return 2
    return _obey(_configured(parser, arguments, options))


def _configured(
    parser: Parser, arguments: Sequence[str] | None, options: argparse.Namespace
) -> argparse.Namespace:
    """The options once more, with what ``banner.toml`` sets in place of what was not given."""
    command = options.parser
    if options.no_config or command.command in ("config", "help"):
        return options
    from . import config

    try:
        chosen = config.effective(command, options)
    except config.ConfigError as error:
        command.error(str(error))
    if not chosen:
        return options
    config.apply(command, chosen)
    return parser.parse_args(arguments)


def _obey(options: argparse.Namespace) -> int:
    """Run the command that was named."""
    from importlib import import_module

    from .later import postpone

    if options.verbose:
        _log_to_stderr(options.verbose)
    postpone()
    from ..text import lean  # noqa: F401 - before whatever imports msgspec

    command = import_module(f".commands.{options.parser.command}", __package__)
    gc.freeze()
    atexit.register(gc.freeze)  # nor at the process's end, which looks through everything twice
    gc.set_threshold(50_000, 20, 100)
    gc.enable()
    status: int = command.run(options)
    return status


def _log_to_stderr(verbose: int) -> None:
    import logging

    logging.basicConfig(format="%(asctime)s %(name)s: %(message)s")
    logging.getLogger("banner").setLevel(logging.INFO if verbose == 1 else logging.DEBUG)


if __name__ == "__main__":
    sys.exit(main())
