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
from .template import LONGEST, Template, mark

BY_PRODUCT = 0.75
"""Confidence from which on a rule was made for what it names; below, a name was read by its shape."""
_KNOWN = 8192
"""Answers that are remembered, of all rules of a layer together."""
_UNPRINTABLE = lazily(r"[\x00-\x1f\x7f-\x9f]+")
_TAME = lazily(r"[0-9A-Za-z](?:[\w.+~/-]{0,254}[0-9A-Za-z])?", re.ASCII)
"""What most captures are: nothing of it is to be cut, and none is longer than `LONGEST`."""
_HOLE = lazily(r"\{([\w.]+)\}")
_CONCLUDING = ("service.", "os.", "hw.")
_OS_FIRST = ("os.product", "os.family")
_HARDWARE = ("hw.product", "hw.model", "hw.family", "hw.series")
_NAMING = ("service.product", *_HARDWARE, *_OS_FIRST)
_DECIDING = ("service.protocol", "service.certainty", "service.component.product", "os.device", "hw.device")
"""What is told otherwise than as it was captured."""
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

    __slots__ = ("_info", "_kept", "_known", "_names", "_only", "_roles", "_rule", "_templates", "_usual")

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
        self._roles = {group: _roles(names[group], rule) for group in self._kept}
        self._usual = _may_be_copied([role for group in self._kept for role in self._roles[group]], rule)
        self._templates: dict[object, tuple[Template, bool] | None] = {}
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
        return self._remember(key, self._by_template(match, info) or self._concluded(match.groups(), info))

    def _by_template(self, match: re.Match[str], info: str | None) -> Finding | None:
        """The rule's usual answer with what `match` captured in its places; None where that takes more than a copy."""
        if not self._usual:
            return None
        captured = match.group(0, 0, *self._kept)[2:]  # a tuple, however many they are
        texts = [_clean(text) if text else None for text in captured]
        shape = (info, all(texts) or tuple([bool(text) for text in texts]))
        if (known := self._templates.get(shape)) is None and shape not in self._templates:
            known = self._templates[shape] = self._template(texts, info, match.re.groups)
        filled = None if known is None else known[0].filled(texts)
        return None if known is None or filled is None else Finding(filled[0], known[1], filled[1])

    def _template(
        self, texts: list[str | None], info: str | None, groups: int
    ) -> tuple[Template, bool] | None:
        marked: list[str | None] = [None] * groups
        for number, group in enumerate(self._kept):
            marked[group - 1] = mark(number) if texts[number] else None
        whole = self._concluded(tuple(marked), info)
        constants = self._rule.constants.items()
        beside = [text.lower() for name, text in constants if text and (_repeated(name) or name in _INFO)]
        if any(text in mark(number) for text in beside for number in range(len(texts))):
            return None  # a mark would be left out as what is repeated
        roles = [self._roles[group] if text else [] for group, text in zip(self._kept, texts, strict=True)]
        compared = [at for at, own in enumerate(roles) if any(map(_repeated, own))]
        versions = [at for at, own in enumerate(roles) if any(role.endswith(".version") for role in own)]
        return Template(whole.service, whole.component, versions, compared, beside), whole.names_product

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


def _roles(named: list[str], rule: Rule) -> list[str]:
    """What a capture is told as: its own names, and those of the constants in which it stands."""
    holed = [
        name for name, value in rule.constants.items() if any(hole in named for hole in _HOLE.findall(value))
    ]
    return [*named, *holed]


def _may_be_copied(roles: list[str], rule: Rule) -> bool:
    """Whether another text in the place of a capture changes nothing but that place (and what `Template` looks at)."""
    if len(roles) > 20 or any(role in _INFO or role in _DECIDING for role in roles):
        return False
    holed = {name for name, value in rule.constants.items() if _HOLE.search(value)}
    if any(hole in holed for value in rule.constants.values() for hole in _HOLE.findall(value)):
        return False
    by_shape = rule.certainty is not None and rule.certainty < BY_PRODUCT
    return not (by_shape and "service.product" in roles)


def _repeated(name: str) -> bool:
    """Whether what is told as `name` is left out where it stands beside what already says it."""
    return name.startswith(("os.", "hw.")) and not name.endswith(".cpe23")


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
    if _TAME.fullmatch(text) is not None:
        return text
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
