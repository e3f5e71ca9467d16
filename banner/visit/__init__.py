"""One target, over asyncio's streams: its name, its connections, the steps of its plan, one record.

``grabber`` is ``banner.grab``. Whatever the network does ends in a `Grab`; everything that waits has a
deadline, everything that is opened is closed. Nothing here knows of other targets.
"""

__all__ = [
    "answered",
    "asking",
    "descriptors",
    "failures",
    "findings",
    "grabber",
    "link",
    "loop",
    "resolver",
    "source",
    "tracing",
    "traffic",
    "udp",
    "visit",
]
