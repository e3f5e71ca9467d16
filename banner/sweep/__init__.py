"""Many targets: which may start now, the connections under way, and what became of them.

``scanner`` is ``banner.scan``. ``driver`` holds all sockets in one selector; where the loop cannot nest one,
``streams`` runs visits in tasks. Rate, ceilings and second visits are held here, for both.
"""

__all__ = ["admission", "pacing", "results", "scanner"]
