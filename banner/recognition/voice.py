"""One rule's answers: concluded once with marks where a greeting's own texts stand, then filled in.

A host name or a time of day concludes nothing and is not looked at. What decides more than its own place (a device's
kind, a text that is told beside another) is concluded for itself, and the last such answers are remembered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .rule import (
    BY_PRODUCT,
    CONCLUDING,
    HARDWARE,
    HOLE,
    INFO,
    NAMING,
    Finding,
    Rule,
    cleaned,
    finding_of,
    values_of,
)
from .template import Template, mark

_KNOWN = 4096
"""Answers that are remembered, of all rules of a layer together."""
_MARKS = 20
"""Captures that a template has marks for."""
_DECIDING = ("service.protocol", "service.certainty", "service.component.product", "os.device", "hw.device")
"""What is told otherwise than as it was captured."""


class Voice:
    """How one rule answers."""

    __slots__ = (
        "_besides", "_info", "_known", "_live", "_only", "_roles", "_rule", "_spoke", "_templates", "_usual",
    )  # fmt: skip

    def __init__(self, rule: Rule, groups: int, known: dict[object, Finding]) -> None:
        """`groups` is how many the rule's pattern has; `known` may be shared by many rules."""
        self._rule = rule
        self._known = known
        holes = {hole for own in _holed(rule).values() for hole in own}
        live = dict.fromkeys(group for group, name in rule.captures if not _mute(name, holes))
        self._live: tuple[int, ...] = tuple(live)
        self._only = None if live else finding_of(rule, values_of(rule, (None,) * groups))
        self._spoke = False
        # Where in `live` the answer's ``info`` is, once it is known to be that alone; and the other captures.
        self._info: int | None = None
        self._besides: tuple[int, ...] = ()
        self._usual: bool | None = None
        self._roles: dict[int, list[str]] = {}
        self._templates: dict[object, Template | None] = {}

    def finding(self, match: re.Match[str]) -> Finding:
        """What the rule concludes from `match`, a match of its pattern."""
        if self._only is not None:
            return self._only
        key = self, match.group(*self._live)
        return self._known.get(key) or self._remember(key, match)

    def of_unfinished(self, match: re.Match[str]) -> Finding:
        """`finding`, where what is read ends without its end: a name that reaches that far may be half a name."""
        holed = _holed(self._rule)
        parts = {hole for name in NAMING for hole in holed.get(name, ())}
        names = {group for group, name in self._rule.captures if name in NAMING or name in parts}
        half = {group for group in names if match.end(group) == len(match.string)}
        if not half:
            return self.finding(match)
        groups = tuple(None if at in half else text for at, text in enumerate(match.groups(), 1))
        return finding_of(self._rule, values_of(self._rule, groups))

    def _remember(self, key: tuple[object, ...], match: re.Match[str]) -> Finding:
        if self._info is not None and (told := self._with_info(match, self._info)) is not None:
            if len(self._known) < _KNOWN:  # while there is room: what comes once drives nothing out
                self._known[key] = told
            return told
        return self._conclude(key, match)

    def _with_info(self, match: re.Match[str], at: int) -> Finding | None:
        """The answer, where its ``info`` is one capture and decides nothing: that changes with each of many greetings
        (SSH's comment), so the rest is remembered without it. None where the rest has no template."""
        said = match[self._live[at]]
        info = cleaned(said) if said else None
        key = self, not info, match.group(*self._besides)
        usual = self._known.get(key) or self._conclude(key, match)
        if usual.template is None:
            return None
        if not info or usual.filling[at] == info:
            return usual
        filling = list(usual.filling)
        filling[at] = info
        return Finding(usual.names_product, usual.template, filling)

    def _conclude(self, key: tuple[object, ...], match: re.Match[str]) -> Finding:
        if len(self._known) >= _KNOWN:
            self._known.clear()
        # A template costs what ten answers do: most rules speak once, or often.
        found = self._by_template(match) if self._spoke and self._usual is not False else None
        self._spoke = True
        found = self._known[key] = found or finding_of(self._rule, values_of(self._rule, match.groups()))
        return found

    def _by_template(self, match: re.Match[str]) -> Finding | None:
        """The rule's usual answer with what was captured; None where it may be another."""
        if self._usual is None:
            self._look()
        texts = [cleaned(text) if (text := match[group]) else None for group in self._live]
        shape = all(texts) or tuple([bool(text) for text in texts])
        if (template := self._templates.get(shape)) is None and shape not in self._templates:
            template = self._template(texts, match.re.groups) if self._usual else None
            self._templates[shape] = template
        if template is None or (filling := template.filling(texts)) is None:
            return None
        return Finding(template.names_product, template, filling)

    def _look(self) -> None:
        """See what the captures are told as, and whether there is a usual answer."""
        rule, holed = self._rule, _holed(self._rule)
        holes = {hole for own in holed.values() for hole in own}
        names: dict[int, list[str]] = {group: [] for group in self._live}
        for group, name in rule.captures:
            if group in names:
                names[group].append(name)
        info = next((group for group, named in names.items() if _alone(named, rule, holes)), None)
        self._roles = {group: _roles(named, holed) for group, named in names.items()}
        told = [roles for group, roles in self._roles.items() if group != info]
        self._usual = _may_be_copied(told, rule, holed)
        if self._usual and info is not None and told:
            self._info = self._live.index(info)
            self._besides = tuple(group for group in self._live if group != info)

    def _template(self, texts: Sequence[str | None], groups: int) -> Template | None:
        """The rule's usual answer where those of `texts` are captured that there are; None where there is none."""
        live = self._live
        marked: list[str | None] = [None] * groups
        for number, group in enumerate(live):
            marked[group - 1] = mark(number) if texts[number] else None
        whole = finding_of(self._rule, values_of(self._rule, tuple(marked)))
        constants = self._rule.constants.items()
        beside = [text.lower() for name, text in constants if text and (_repeated(name) or name in INFO)]
        if any(text in mark(number) for text in beside for number in range(len(texts))):
            return None  # a mark would be left out as what is repeated
        roles = [self._roles[group] if text else [] for group, text in zip(live, texts, strict=True)]
        compared = [at for at, own in enumerate(roles) if any(map(_repeated, own))]
        versions = [at for at, own in enumerate(roles) if any(role.endswith(".version") for role in own)]
        return Template(
            whole.service, whole.component, whole.names_product, versions, compared, beside, len(texts)
        )


_Holed = dict[str, list[str]]
"""Constants in which something captured stands, and the names of what that is."""


def _holed(rule: Rule) -> _Holed:
    return {name: HOLE.findall(value) for name, value in rule.constants.items() if "{" in value}


def _roles(named: list[str], holed: _Holed) -> list[str]:
    """What a capture is told as: its own names, and those of the constants in which it stands."""
    return [*named, *(name for name, own in holed.items() if any(hole in named for hole in own))]


def _may_be_copied(captures: list[list[str]], rule: Rule, holed: _Holed) -> bool:
    """Whether another text in the place of a capture changes nothing but that place (and what `Template` looks at)."""
    roles = {role for own in captures for role in own}
    if len(captures) >= _MARKS or any(role in INFO or role in _DECIDING for role in roles):
        return False
    if any(hole in holed and holed[hole] for own in holed.values() for hole in own):
        return False
    by_shape = rule.certainty is not None and rule.certainty < BY_PRODUCT
    return not (by_shape and "service.product" in roles)


def _repeated(name: str) -> bool:
    """Whether what is told as `name` is left out where it stands beside what already says it."""
    return name.startswith(("os.", "hw.")) and not name.endswith(".cpe23")


def _alone(named: list[str], rule: Rule, holes: set[str]) -> bool:
    """Whether what is captured as `named` becomes the answer's ``info``, as it is, and nothing else."""
    if len(named) != 1 or named[0] not in INFO or named[0] in holes:
        return False
    said = [*rule.constants, *(name for _, name in rule.captures)]
    others = (*INFO, "service.component.product", *HARDWARE)  # they may stand in ``info`` too
    return named[0] not in rule.constants and sum(name in others for name in said) == 1


def _mute(name: str, holes: set[str]) -> bool:
    return name not in holes and not name.startswith(CONCLUDING)
