"""One answer from what the fields of one greeting say, each for itself."""

from __future__ import annotations

import msgspec

from ..models import Service
from .fields import Reading
from .rule import BY_PRODUCT, Finding
from .servers import serves_others


def together(reading: Reading, findings: list[Finding]) -> Service:
    """Whoever names the application speaks, before what serves it, and the first of equals; the others add a system, a
    device, and what else they name."""
    best = max(findings, key=_weight)
    service = _fullest(best.service, findings)
    changes: dict[str, str] = {}
    info = [text for text in (service.info, reading.info) if text]
    for finding in findings:
        if finding is best:
            continue
        other = finding.service
        if other.os and not service.os:
            changes.setdefault("os", other.os)
        if other.device and not service.device:
            changes.setdefault("device", other.device)
        if other.vendor and not service.vendor and not service.product:
            changes.setdefault("vendor", other.vendor)
        if finding.component and finding.component not in info and not _of(other, service):
            info.append(finding.component)
    if (said := ", ".join(info)) != (service.info or ""):
        changes["info"] = said
    return msgspec.structs.replace(service, **changes) if changes else service


def _fullest(service: Service, findings: list[Finding]) -> Service:
    """With the whole version where another field says more of it: ``Server: CUPS/2.4``, and a page of CUPS 2.4.2."""
    for finding in findings:
        other = finding.service
        if other.version != service.version and _of(service, other):
            service = msgspec.structs.replace(service, version=other.version, cpe=other.cpe or service.cpe)
    return service


def _of(less: Service, more: Service) -> bool:
    """Whether `less` is the same product as `more`, its version the beginning of that one's or none."""
    if not less.product or less.product != more.product or less.vendor != more.vendor:
        return False
    return not less.version or f"{more.version}.".startswith(f"{less.version}.")


def _weight(finding: Finding) -> int:
    product = finding.service.product
    if not finding.names_product or product is None:
        return 1 if product else 0
    if finding.service.confidence < BY_PRODUCT:
        return 2  # a name read by its shape
    return 3 if serves_others(product) else 4
