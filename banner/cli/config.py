"""What a team sets once, in ``banner.toml``: in the user's configuration folder, in the working folder, and beside a
list of targets. The later ones stand before the earlier, and the command line before them all.

Keys are names of options. Paths are relative to the file. What is excluded adds up: neither a nearer file nor the
command line takes back what another one excludes. Files become the parser's defaults, so that every option is read as
on the command line.
"""

from __future__ import annotations

import argparse
import os
import re
from typing import Any, Final

NAME: Final = "banner.toml"
KEYS: Final = (
    *("exclude", "exclude-file", "ehlo", "user-agent", "mode", "probe", "no-probe", "ports"),
    *("timeout", "connect-timeout", "read-timeout", "limit", "rules", "no-built-in-rules"),
    *("concurrency", "workers", "rate", "per-host", "per-net", "max-time", "order", "color", "quiet"),
)
PATHS: Final = ("exclude-file", "rules")
ADDING: Final = ("exclude", "exclude-file")


class ConfigError(Exception):
    """A file says what cannot be: the text has its name and line."""


class Setting:
    """A value, and where it stands."""

    __slots__ = ("source", "value")

    def __init__(self, value: object, source: str) -> None:
        self.value: Any = value
        self.source: str = source


def paths(lists: list[str]) -> list[str]:
    """Where files may be, the strongest last; `lists` are files of targets."""
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    beside = [os.path.dirname(path) for path in lists if path != "-"]
    folders = [os.path.join(home, "banner")]
    try:
        folders += map(os.path.abspath, [os.curdir, *beside])
    except FileNotFoundError:  # the folder that this was started in is gone
        folders += filter(os.path.isabs, beside)
    return [os.path.join(folder, NAME) for folder in dict.fromkeys(folders)]


def settings(lists: list[str]) -> dict[str, list[Setting]]:
    """What the files say of each key, the strongest last. Raises `ConfigError`."""
    found: dict[str, list[Setting]] = {}
    for path in paths(lists):
        try:
            with open(path, "rb") as file:
                data = file.read()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise ConfigError(f"{path}: {error.strerror}") from None
        for key, setting in _read(path, data).items():
            found.setdefault(key, []).append(setting)
    return found


def _read(path: str, data: bytes) -> dict[str, Setting]:
    import tomllib

    try:
        text = data.decode()
        values = tomllib.loads(text)
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from None
    found = {}
    for key, value in values.items():
        source = f"{path}, line {_line(text, key)}"
        if key not in KEYS:
            from ..text.nearest import nearest_or_all

            advice = nearest_or_all(key, KEYS)
            raise ConfigError(f"{source}: there is no key {key}{advice}")
        found[key] = Setting(_absolute(os.path.dirname(path), value) if key in PATHS else value, source)
    return found


def _line(text: str, key: str) -> int:
    """In which line `key` stands, as well as can be told."""
    there = re.compile(rf"^\s*(\[+\s*)?[\"']?{re.escape(key)}[\"']?\s*[=.\]]")
    return next((at for at, line in enumerate(text.split("\n"), 1) if there.match(line)), 1)


def _absolute(folder: str, value: object) -> Any:
    if isinstance(value, list):
        return [_absolute(folder, each) for each in value]
    return os.path.join(folder, os.path.expanduser(value)) if isinstance(value, str) else value


def effective(parser: argparse.ArgumentParser, given: argparse.Namespace) -> dict[str, list[Setting]]:
    """What the files say of the options that `parser` has, by key: one setting, or all that add up; without lists that
    the command line gave anew. Raises `ConfigError`."""
    actions = {action.dest: action for action in parser._actions}
    chosen = {}
    for key, several in settings(getattr(given, "input", [])).items():
        action = actions.get(key.replace("-", "_"))
        if action is None:
            continue
        some = several if key in ADDING else several[-1:]
        if key not in ADDING and _is_list(action) and getattr(given, action.dest):
            continue
        chosen[key] = [Setting(_checked(parser, action, each), each.source) for each in some]
    return chosen


def apply(parser: argparse.ArgumentParser, chosen: dict[str, list[Setting]]) -> None:
    """Make `chosen` the defaults of `parser`."""
    for key, several in chosen.items():
        values = [setting.value for setting in several]
        joined = [each for value in values for each in value] if isinstance(values[-1], list) else values[-1]
        parser.set_defaults(**{key.replace("-", "_"): joined})


def _is_list(action: argparse.Action) -> bool:
    return isinstance(action, argparse._AppendAction)


def _checked(parser: argparse.ArgumentParser, action: argparse.Action, setting: Setting) -> Any:
    """The value as the option takes it. Raises `ConfigError`."""
    value = setting.value
    name = action.option_strings[-1].removeprefix("--")
    if action.nargs == 0:
        if not isinstance(value, bool):
            raise ConfigError(f"{setting.source}: {name} is true or false")
        return value
    several = value if isinstance(value, list) else [value]
    if any(isinstance(each, bool) or not isinstance(each, str | int | float) for each in several):
        kinds = "a text or a number" + (", or a list of them" if _is_list(action) else "")
        raise ConfigError(f"{setting.source}: {name} is {kinds}")
    if isinstance(value, list) and not _is_list(action):
        if name != "ports":
            raise ConfigError(f"{setting.source}: {name} is one value")
        several = [",".join(map(str, value))]
    try:
        read = [parser._get_value(action, str(each)) for each in several]
        for each in read:
            parser._check_value(action, each)
    except argparse.ArgumentError as error:
        raise ConfigError(f"{setting.source}: {name}: {error.message}") from None
    return read if _is_list(action) else read[0]
