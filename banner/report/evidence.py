"""What rules of findings read in a record, whatever a peer or a file put there."""

from __future__ import annotations

from collections.abc import Callable

from ..models import Grab

Evidence = Callable[[Grab], str | None]
"""What a record shows, in a few words; None where the rule does not hold."""


def is_service(grab: Grab, name: str) -> bool:
    """Whether it was told to be the service `name`."""
    return grab.service is not None and grab.service.name == name


def listed(grab: Grab, field: str) -> list[str]:
    """A list of texts among the details, whatever a record says."""
    value = grab.details.get(field)
    return [str(one) for one in value] if isinstance(value, list | tuple) else []
