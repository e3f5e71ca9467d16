"""Makes what a wheel has besides the source: the manual page, from the parser, and tables of rules and of facts.

An editable installation has the table of the rules in the user's cache, as if somebody had run `banner` once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Made(BuildHookInterface):  # type: ignore[type-arg, misc, unused-ignore] # hatchling may be absent here
    """Puts ``share/man/man1/banner.1``, ``banner/recognition/rules.table`` and ``banner/probes/*.table`` into it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, self.root)
        try:
            from banner.cli.man import page
            from banner.models import Transport
            from banner.probes import _facts
            from banner.recognition.build import recog_table, shipped
            from banner.recognition.table import built_in_table
        finally:
            sys.path.remove(self.root)
        self.folder = TemporaryDirectory()
        made = Path(self.folder.name) / "banner.1"
        made.write_text(page(self.metadata.version), encoding="utf-8")
        build_data["shared_data"][str(made)] = "share/man/man1/banner.1"
        if (
            version == "editable"
        ):  # rules are edited here: the table is this user's, and made again when they change
            built_in_table(recog_table)
        else:
            table = Path(self.folder.name) / "rules.table"
            table.write_bytes(shipped())
            build_data["force_include"][str(table)] = "banner/recognition/rules.table"
            for transport in Transport:
                facts = Path(self.folder.name) / f"{transport}.table"
                facts.write_bytes(_facts.to_ship(transport))
                build_data["force_include"][str(facts)] = f"banner/probes/{transport}.table"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        self.folder.cleanup()
