"""Makes the manual page while the wheel is built, from the parser itself: what it says is what the command takes."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ManualPage(BuildHookInterface):  # type: ignore[type-arg, misc, unused-ignore] # hatchling may be absent here
    """Puts ``share/man/man1/banner.1`` into the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, self.root)
        try:
            from banner.cli.man import page
        finally:
            sys.path.remove(self.root)
        self.folder = TemporaryDirectory()
        made = Path(self.folder.name) / "banner.1"
        made.write_text(page(self.metadata.version), encoding="utf-8")
        build_data["shared_data"][str(made)] = "share/man/man1/banner.1"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        self.folder.cleanup()
