"""``banner config``: what holds for a scan, and from where, as a file that could be kept."""

from __future__ import annotations

import argparse
import json
import os

from ...formats.terminal import safe
from .. import config
from ..options import build_parser


def run(options: argparse.Namespace) -> int:
    """Exit status: 0 done, 2 where a file says what cannot be."""
    parser = build_parser().command_parser("scan")
    given = parser.parse_args([word for path in options.input for word in ("-i", path)])
    try:
        chosen = config.effective(parser, given)
    except config.ConfigError as error:
        options.parser.error(safe(str(error)))
    for path in config.paths(options.input):
        print(f"# {safe(path)}: " + ("read" if os.path.exists(path) else "not there"))
    rows = [(_line(key, several), several[-1].source) for key, several in sorted(chosen.items())]
    for key in config.KEYS:
        usual = parser.get_default(key.replace("-", "_"))
        if key not in chosen:
            rows.append(
                (f"{key} = {_toml(usual)}" if usual not in (None, []) else f"# {key} is not set", "default")
            )
    width = max(len(line) for line, _ in rows if len(line) < 50)
    for line, source in rows:
        print(f"{line:<{width}}  # {safe(source)}" if not line.startswith("#") else line)
    return 0


def _line(key: str, several: list[config.Setting]) -> str:
    values = [setting.value for setting in several]
    joined = [each for value in values for each in value] if isinstance(values[-1], list) else values[-1]
    return f"{key} = {_toml(joined)}"


def _toml(value: object) -> str:
    """A value as TOML writes it, which for these kinds is as JSON does."""
    return json.dumps(value, ensure_ascii=False)
