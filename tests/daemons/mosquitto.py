"""Mosquitto: lets anonymous clients in, and tells them its version as a retained message."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
per_listener_settings false
allow_anonymous true
persistence false
listener {ports[mqtt]} 127.0.0.1
listener {ports[mqtts]} 127.0.0.1
certfile {folder}/certificate.pem
keyfile {folder}/key.pem
"""


def start(site: Site) -> Sequence[object]:
    return ["mosquitto", "-c", site.write("conf", _CONFIG.format(**vars(site)))]


DAEMON = Daemon(
    "mosquitto",
    "mosquitto",
    "mosquitto",
    (
        Door("mqtt", "mqtt", 1883, "mosquitto", versioned=True),
        Door("mqtts", "mqtt", 8883, "mosquitto", versioned=True, tls=True),
    ),
    start,
    asked=("mosquitto", "-h"),
)
