"""What a program asks for, as one value: the arguments that `banner.grab` and `banner.scan` share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ..dialogue import Probe
from ..models import Mode, Settings
from ..probes import checked
from ..text.taken import check_several
from .known import check_names

_USUAL: Final = Settings()


def chosen(
    settings: Settings | None,
    *,
    mode: Mode | str,
    probes: Iterable[str | Probe],
    without: Iterable[str],
    own: Iterable[Probe],
    **more: Any,
) -> Settings:
    """The settings that these arguments make, or those in their place. Raises `ValueError`, `TypeError`."""
    asked = check_several("probes", probes, "names or banner.Probe")
    given = check_several("own", own, "banner.Probe")
    made = Settings(
        mode=Mode(mode),
        probes=tuple(one.name if isinstance(one, Probe) else one for one in asked),
        without=without,  # type: ignore[arg-type]  # looked at there
        own=tuple(dict.fromkeys([*given, *(one for one in asked if isinstance(one, Probe))])),
        **more,
    )
    if settings is not None:
        if not isinstance(settings, Settings):
            raise TypeError(f"settings are banner.Settings, not {settings!r}")
        if made != _USUAL:
            raise TypeError("settings stand for all that they hold: no such argument goes beside them")
        made = settings
    _check(made)
    return made


def _check(settings: Settings) -> None:
    """Raise `ValueError` or `TypeError` where these cannot be."""
    if settings.own:
        checked(settings.own)
    if settings.mode is Mode.LISTEN and settings.probes:
        raise ValueError("mode 'listen' says nothing: it does not go with probes")
    if both := sorted(set(settings.probes) & set(settings.without)):
        raise ValueError(f"{', '.join(both)}: among probes and without at once")
    if settings.probes or settings.without:
        check_names(settings)
