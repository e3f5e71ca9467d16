"""Real daemons that are asked over UDP. Those that say nothing to a stranger are `SILENT`."""

from __future__ import annotations

from ..daemon import Daemon
from . import management, nameservers, others, secured, silent, tunnels, voice

DAEMONS: list[Daemon] = [
    *nameservers.DAEMONS, *management.DAEMONS, *voice.DAEMONS, *tunnels.DAEMONS, *others.DAEMONS, *secured.DTLS,
    secured.QUIC,
]  # fmt: skip
SILENT: list[Daemon] = [tunnels.KEYED, tunnels.SIGNED, *silent.DAEMONS]
