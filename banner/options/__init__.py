"""The options of every command, one command a file with a `fill`, beside ``commands`` that obey them.

A command's file is imported when its options are asked for, so that ``banner --help`` and every other command
cost nothing for them. Nothing here imports more than argparse.
"""

from __future__ import annotations

import argparse
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Finds the width itself: argparse would import shutil for it, a tenth of the time of ``--help``."""

    def __init__(self, prog: str) -> None:
        try:
            columns = int(os.environ.get("COLUMNS") or os.get_terminal_size().columns)
        except (OSError, ValueError):
            columns = 80
        super().__init__(prog, max_help_position=30, width=max(40, columns - 2))

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        """Examples stay as they are; a description is wrapped."""
        if text.startswith("example"):
            return super()._fill_text(text, width, indent)
        return argparse.HelpFormatter._fill_text(self, text, width, indent)


class Parser(argparse.ArgumentParser):
    """A parser that gets the options of `command` once they are needed."""

    def __init__(self, *, command: str | None = None, **options: Any) -> None:
        super().__init__(**{"formatter_class": _Formatter, **options})
        self._command = command

    def fill(self) -> None:
        """Take in the command's options; a second call does nothing."""
        if self._command is not None:
            from importlib import import_module

            options = import_module(f"{__name__}.{self._command}")
            self._command = None
            self.epilog = options.EXAMPLES
            options.fill(self)

    def parse_known_args(  # type: ignore[override] # the namespace is always argparse's own here
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """As argparse does it, with the command's options."""
        self.fill()
        return super().parse_known_args(args, namespace)
