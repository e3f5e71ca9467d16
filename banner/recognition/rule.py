"""A rule, and how what it captured becomes a `Service`. docs/rules.md, "What a rule says", is the contract.

How one rule answers again and again at little cost: ``voice.py``.
"""

import re
from collections.abc import Sequence

import msgspec
from msgspec import json

from ..models import Service
from ..text.patterns import lazily
from .cpe import filled, formatted
from .names import named, trimmed
from .template import LONGEST, Template

BY_PRODUCT = 0.75
"""Confidence from which on a rule was made for what it names; below, a name was read by its shape."""
_UNPRINTABLE = lazily(r"[\x00-\x1f\x7f-\x9f]+")
_TAME = lazily(r"[0-9A-Za-z](?:[\w.+~/-]{0,254}[0-9A-Za-z])?", re.ASCII)
"""What most captures are: nothing of it is to be cut, and none is longer than `LONGEST`."""
HOLE = lazily(r"\{([\w.]+)\}")
CONCLUDING = ("service.", "os.", "hw.")
_OS_FIRST = ("os.product", "os.family")
HARDWARE = ("hw.product", "hw.model", "hw.family", "hw.series")
NAMING = ("service.product", *HARDWARE, *_OS_FIRST)
INFO = ("service.info", "service.version.version", "service.version.version.version", "service.edition")


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
    """What a rule concluded; it becomes a `Service`, or the JSON of one, when that is asked for."""

    names_product: bool
    """True where a ``service.product`` was named."""
    template: Template | None = None
    filling: Sequence[str | None] = ()
    """What goes into the template's places."""
    told: Service | None = None
    """The answer, once it was made."""
    beside: str | None = None
    """The component of an answer that has no template."""
    written: bytes | None = None
    """The answer's JSON, once it was made."""

    @property
    def service(self) -> Service:
        """The answer."""
        if self.told is None:
            assert self.template is not None
            self.told = self.template.service(self.filling)
        return self.told

    @property
    def component(self) -> str | None:
        """``PHP/8.2.7``: product and version, for the info of another finding."""
        return self.beside if self.template is None else self.template.component(self.filling)

    def encoded(self) -> bytes:
        """The answer as a record's ``service``."""
        if self.written is None:
            template = self.template
            self.written = json.encode(self.told) if template is None else template.encoded(self.filling)
        return self.written


def cleaned(text: str) -> str:
    """What was captured as `text`, as it is told: bounded, printable, without the punctuation at its end."""
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
        if text and (text := cleaned(text)):
            found[name] = text
        else:
            found.pop(name, None)
    for name, value in list(found.items()):
        if "{" in value and name in rule.constants and HOLE.search(value):
            filled = _fill(value, found, name.endswith(".cpe23"))
            if filled is None:
                del found[name]
            else:
                found[name] = filled
    return found


def _fill(value: str, found: dict[str, str], is_cpe: bool) -> str | None:
    if is_cpe:
        return filled(value, found)
    holes = HOLE.findall(value)
    return HOLE.sub(lambda hole: found[hole.group(1)], value) if all(h in found for h in holes) else None


def finding_of(rule: Rule, values: dict[str, str]) -> Finding:
    """The answer that `rule` gives with `values` (`values_of`)."""
    get = values.get
    product, version = get("service.product"), get("service.version")
    vendor = get("service.vendor") or get("hw.vendor") or get("os.vendor")
    hardware = next((values[name] for name in HARDWARE if name in values), None)
    if product is not None and rule.certainty is not None and rule.certainty < BY_PRODUCT:
        product = named(product)
        version = version if product else None
    info = [values[name] for name in INFO if name in values]
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
    return Finding(names_product, told=service, beside=_joined(product, version) if product else None)


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
    return 0.75 if any(name.startswith(CONCLUDING) for name in values) else 0.5


def _joined(product: str, version: str | None) -> str:
    return f"{product}/{version}" if version else product


def _os(values: dict[str, str]) -> str | None:
    product = next((values[name] for name in _OS_FIRST if name in values), None)
    if product is None or product in [values[name] for name in HARDWARE if name in values]:
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
