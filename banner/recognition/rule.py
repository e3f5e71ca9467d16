"""A rule, and how what it captured becomes a `Service`. docs/rules.md, "What a rule says", is the contract.

Constants are joined once, when a rule first speaks; a rule without captures answers with one ready value.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from ..models import Service
from .cpe import formatted

LONGEST = 256
"""Characters of one value: a capture may hold whatever a peer sent; names and versions are shorter."""

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_HOLE = re.compile(r"\{([\w.]+)\}")
_OS_FIRST = ("os.product", "os.family")
_HARDWARE = ("hw.product", "hw.model", "hw.family", "hw.series")
_INFO = ("service.info", "service.version.version", "service.version.version.version", "service.edition")


class Rule(msgspec.Struct, array_like=True):
    """One fingerprint. ``pattern`` is in Python's syntax, to be searched for with ``flags``."""

    id: str
    pattern: str
    flags: int
    protocol: str
    constants: dict[str, str]
    captures: list[tuple[int, str]]
    certainty: float | None = None
    foreign: bool = False


class Finding(msgspec.Struct):
    """What a rule concluded: the service, and whether a product or only hardware was named."""

    service: Service
    names_product: bool
    """True where a ``service.product`` was named."""
    component: str | None = None
    """``PHP/8.2.7``: product and version, for the info of another finding."""


class Use:
    """What the captures of a rule are good for, so that greetings that differ in nothing else share an answer.

    A host name or a time of day concludes nothing: such groups are blanked before an answer is looked up. A text
    that goes into ``info`` and nowhere else is put into the shared answer afterwards.
    """

    __slots__ = ("_blank", "_info", "idle")

    def __init__(self, rule: Rule) -> None:
        holes = {hole for value in rule.constants.values() for hole in _HOLE.findall(value)}
        names: dict[int, list[str]] = {}
        for group, name in rule.captures:
            names.setdefault(group - 1, []).append(name)
        groups = re.compile(rule.pattern, rule.flags).groups
        self._blank = [g for g in range(groups) if all(_mute(name, holes) for name in names.get(g, ()))]
        alone = [
            g for g, named in names.items() if len(named) == 1 and named[0] in _INFO and named[0] not in holes
        ]
        said = [name for _, name in rule.captures]
        self._info = alone[0] if len(alone) == 1 and said.count(names[alone[0]][0]) == 1 else None
        self.idle = bool(self._blank) or self._info is not None
        """Whether there is anything to blank."""

    def finding(
        self, said: Callable[[str, int, tuple[str | None, ...]], Finding], key: str, index: int,
        groups: tuple[str | None, ...],
    ) -> Finding:  # fmt: skip
        """The answer for `groups`, by way of `said`, which remembers it for those that are left."""
        kept = list(groups)
        for group in self._blank:
            kept[group] = None
        info = None
        if self._info is not None and (text := kept[self._info]) and (info := _clean(text)):
            kept[self._info] = _PLACE
        finding = said(key, index, tuple(kept))
        if info is None:
            return finding
        if finding.service.info != _PLACE:  # it is one of several texts, which must not repeat each other
            kept[self._info or 0] = info
            return said(key, index, tuple(kept))
        service = msgspec.structs.replace(finding.service, info=info)
        return Finding(service, finding.names_product, finding.component)


def _mute(name: str, holes: set[str]) -> bool:
    return name not in holes and not name.startswith(("service.", "os.", "hw."))


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub(" ", text[:LONGEST]).strip()


_PLACE = "\ue000"
"""Stands for a text in a shared answer: a character of the private use area, in no rule."""


def values_of(rule: Rule, groups: tuple[str | None, ...]) -> dict[str, str]:
    """Every param of `rule` with its value, interpolated; params whose group took no part are absent."""
    found = dict(rule.constants)
    for group, name in rule.captures:
        text = groups[group - 1]
        if text and (text := _clean(text)):
            found[name] = text
        else:
            found.pop(name, None)
    for name, value in list(found.items()):
        if "{" in value and name in rule.constants and _HOLE.search(value):
            filled = _fill(value, found, name.endswith(".cpe23"))
            if filled is None:
                del found[name]
            else:
                found[name] = filled
    return found


def _fill(value: str, found: dict[str, str], is_cpe: bool) -> str | None:
    def one(hole: re.Match[str]) -> str:
        text = found.get(hole.group(1))
        if is_cpe:
            return "-" if text is None else text.replace(":", "%3a") if value.startswith("cpe:/") else text
        if text is None:
            raise KeyError(hole.group(1))
        return text

    try:
        return _HOLE.sub(one, value)
    except KeyError:
        return None


def finding_of(rule: Rule, values: dict[str, str]) -> Finding:
    """The answer that `rule` gives with `values` (`values_of`)."""
    get = values.get
    product, version = get("service.product"), get("service.version")
    vendor = get("service.vendor") or get("hw.vendor") or get("os.vendor")
    hardware = next((values[name] for name in _HARDWARE if name in values), None)
    names_product = product is not None
    info = [values[name] for name in _INFO if name in values]
    if component := get("service.component.product"):
        info.append(_joined(component, get("service.component.version")))
    if product is None:
        product, version = hardware, version or get("hw.version")
    elif hardware:
        info.append(_without_repeats(get("hw.vendor"), hardware))
    device = get("os.device") or get("hw.device")
    cpes = (
        formatted(values[f"{part}.cpe23"]) for part in ("service", "hw", "os") if f"{part}.cpe23" in values
    )
    service = Service(
        name=get("service.protocol") or rule.protocol,
        vendor=vendor,
        product=product,
        version=version,
        os=_os(values),
        device=device.lower() if device else None,
        info=", ".join(dict.fromkeys(info)) or None,
        cpe=tuple(dict.fromkeys(cpe for cpe in cpes if cpe)),
        confidence=_confidence(rule, values, version),
        rule=rule.id,
    )
    return Finding(service, names_product, _joined(product, version) if product else None)


def _confidence(rule: Rule, values: dict[str, str], version: str | None) -> float:
    if rule.certainty is not None:
        return rule.certainty
    try:
        told = float(values.get("service.certainty", ""))  # Recog's way to say it
    except ValueError:
        told = -1.0
    if 0 <= told <= 1:
        return told
    if "service.product" in values:
        return 0.9 if version else 0.85
    return 0.75 if values else 0.5


def _joined(product: str, version: str | None) -> str:
    return f"{product}/{version}" if version else product


def _os(values: dict[str, str]) -> str | None:
    product = next((values[name] for name in _OS_FIRST if name in values), None)
    if product is None:
        return None
    return _without_repeats(values.get("os.vendor"), product, values.get("os.version"))


def _without_repeats(*parts: str | None) -> str:
    said: list[str] = []
    for part in parts:
        if part and part.lower() not in " ".join(said).lower():
            if said and part.lower().startswith(said[-1].lower()):
                said.pop()
            said.append(part)
    return " ".join(said)
