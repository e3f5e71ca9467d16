"""A rule, and how what it captured becomes a `Service`. docs/rules.md, "What a rule says", is the contract.

Constants are joined once, when a rule first speaks; a rule without captures answers with one ready value.
"""

from __future__ import annotations

import re

import msgspec

from ..models import Service
from ..text.patterns import lazily
from .cpe import filled, formatted
from .names import named, trimmed

BY_PRODUCT = 0.75
"""Confidence from which on a rule was made for what it names; below, a name was read by its shape."""
LONGEST = 256
"""Characters of one value: a capture may hold whatever a peer sent; names and versions are shorter."""

_SOME = "1x9q7z"
"""A version that nobody has, in an answer that is a template for others."""
_PLAIN = lazily(r"[0-9](?:[a-z0-9_.]*[a-z0-9])?")
"""A version that stands in a CPE name as it is, and has nothing at its end to be trimmed."""
_KNOWN = 8192
"""Answers that are remembered, of all rules of a layer together."""
_UNPRINTABLE = lazily(r"[\x00-\x1f\x7f-\x9f]+")
_HOLE = lazily(r"\{([\w.]+)\}")
_CONCLUDING = ("service.", "os.", "hw.")
_OS_FIRST = ("os.product", "os.family")
_HARDWARE = ("hw.product", "hw.model", "hw.family", "hw.series")
_NAMING = ("service.product", *_HARDWARE, *_OS_FIRST)
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


class Voice:
    """One rule's answers, each concluded once.

    A host name or a time of day concludes nothing, and a text that goes into ``info`` and nowhere else is put into a
    ready answer. So greetings that differ in nothing else share one, which `known` holds.
    """

    __slots__ = ("_info", "_kept", "_known", "_names", "_only", "_rule", "_templates", "_version")

    def __init__(self, rule: Rule, groups: int, known: dict[object, Finding]) -> None:
        """`groups` is how many the rule's pattern has; `known` may be shared by many rules."""
        self._rule = rule
        self._known = known
        holes = {hole for value in rule.constants.values() for hole in _HOLE.findall(value)}
        names: dict[int, list[str]] = {}
        for group, name in rule.captures:
            names.setdefault(group, []).append(name)
        live = [g for g, named in names.items() if not all(_mute(name, holes) for name in named)]
        self._info = next((g for g in live if _alone(names[g], rule, holes)), None)
        self._kept = tuple(g for g in live if g != self._info)
        self._version = _alone_as_version(self._kept, names, holes, rule)
        self._templates: dict[str | None, Finding | None] = {}
        parts = {h for name in _NAMING for h in _HOLE.findall(rule.constants.get(name, ""))}
        self._names = {group for group, name in rule.captures if name in _NAMING or name in parts}
        self._only = None if live else finding_of(rule, values_of(rule, (None,) * groups))

    def finding(self, match: re.Match[str]) -> Finding:
        """What the rule concludes from `match`, a match of its pattern."""
        if self._only is not None:
            return self._only
        kept = match.group(*self._kept) if self._kept else None
        if self._info is None:
            return self._known.get((self, kept)) or self._learn((self, kept), match, None)
        text = match.group(self._info)
        info = _clean(text) if text else ""
        if not info:
            return self._known.get((self, kept)) or self._learn((self, kept), match, None)
        shared = self._known.get((self, kept, True)) or self._learn((self, kept, True), match, "info")
        service = msgspec.structs.replace(shared.service, info=info)
        return Finding(service, shared.names_product, shared.component)

    def of_unfinished(self, match: re.Match[str]) -> Finding:
        """`finding`, where what is read ends without its end: a name that reaches that far may be half a name."""
        half = {group for group in self._names if match.end(group) == len(match.string)}
        if not half:
            return self.finding(match)
        groups = tuple(None if at in half else text for at, text in enumerate(match.groups(), 1))
        return finding_of(self._rule, values_of(self._rule, groups))

    def _learn(self, key: object, match: re.Match[str], info: str | None) -> Finding:
        found = self._of_version(match, info) if self._version is not None else None
        return self._remember(key, found or self._concluded(match.groups(), info))

    def _of_version(self, match: re.Match[str], info: str | None) -> Finding | None:
        """The rule's usual answer with the version of `match` in its place; None where that takes more than a copy."""
        assert self._version is not None
        version = match.group(self._version)
        if version is None or len(version) > LONGEST or _PLAIN.fullmatch(version) is None:
            return None
        if info not in self._templates:
            groups = list(match.groups())
            groups[self._version - 1] = _SOME
            whole = self._concluded(tuple(groups), info)
            self._templates[info] = whole if whole.service.version == _SOME else None
        template = self._templates[info]
        if template is None:
            return None
        cpe = tuple([name.replace(_SOME, version) for name in template.service.cpe])
        component = template.component and template.component.replace(_SOME, version)
        service = msgspec.structs.replace(template.service, version=version, cpe=cpe)
        return Finding(service, template.names_product, component)

    def _concluded(self, captured: tuple[str | None, ...], info: str | None) -> Finding:
        groups = list(captured)
        if self._info is not None:
            groups[self._info - 1] = info
        return finding_of(self._rule, values_of(self._rule, tuple(groups)))

    def _remember(self, key: object, found: Finding) -> Finding:
        if len(self._known) >= _KNOWN:
            self._known.clear()
        self._known[key] = found
        return found


def _alone_as_version(
    kept: tuple[int, ...], names: dict[int, list[str]], holes: set[str], rule: Rule
) -> int | None:
    """The group that is captured as the version and nothing else, where it is all that is kept of a match."""
    if len(kept) != 1 or names[kept[0]] != ["service.version"]:
        return None
    told = [name for name, value in rule.constants.items() if "service.version" in _HOLE.findall(value)]
    if any(not name.endswith(".cpe23") for name in told):
        return None
    return kept[0]


def _alone(named: list[str], rule: Rule, holes: set[str]) -> bool:
    """Whether what is captured as `named` becomes the answer's ``info``, as it is, and nothing else."""
    if len(named) != 1 or named[0] not in _INFO or named[0] in holes:
        return False
    said = [*rule.constants, *(name for _, name in rule.captures)]
    others = (*_INFO, "service.component.product", *_HARDWARE)  # they may stand in ``info`` too
    return named[0] not in rule.constants and sum(name in others for name in said) == 1


def _mute(name: str, holes: set[str]) -> bool:
    return name not in holes and not name.startswith(_CONCLUDING)


def _clean(text: str) -> str:
    if len(text) <= LONGEST and text.isprintable():
        return trimmed(text.strip())
    return trimmed(_UNPRINTABLE.sub(" ", text[:LONGEST]).strip())


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
    if is_cpe:
        return filled(value, found)
    holes = _HOLE.findall(value)
    return _HOLE.sub(lambda hole: found[hole.group(1)], value) if all(h in found for h in holes) else None


def finding_of(rule: Rule, values: dict[str, str]) -> Finding:
    """The answer that `rule` gives with `values` (`values_of`)."""
    get = values.get
    product, version = get("service.product"), get("service.version")
    vendor = get("service.vendor") or get("hw.vendor") or get("os.vendor")
    hardware = next((values[name] for name in _HARDWARE if name in values), None)
    if product is not None and rule.certainty is not None and rule.certainty < BY_PRODUCT:
        product = named(product)
        version = version if product else None
    info = [values[name] for name in _INFO if name in values]
    names_product = product is not None
    if component := get("service.component.product"):
        info.append(_joined(component, get("service.component.version")))
    if product is None:
        product, version = hardware, version or get("hw.version")
        if version is None and hardware is not None and get("os.product") == hardware:
            version = get("os.version")  # of the firmware: the model is no system
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
    return 0.75 if any(name.startswith(_CONCLUDING) for name in values) else 0.5


def _joined(product: str, version: str | None) -> str:
    return f"{product}/{version}" if version else product


def _os(values: dict[str, str]) -> str | None:
    product = next((values[name] for name in _OS_FIRST if name in values), None)
    if product is None or product in [values[name] for name in _HARDWARE if name in values]:
        return None  # a model is no system
    return _without_repeats(values.get("os.vendor"), product, values.get("os.version"))


def _without_repeats(*parts: str | None) -> str:
    said: list[str] = []
    for part in parts:
        if part and part.lower() not in " ".join(said).lower():
            if said and part.lower().startswith(said[-1].lower()):
                said.pop()
            said.append(part)
    return " ".join(said)
