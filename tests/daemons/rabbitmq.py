"""RabbitMQ: Connection.Start of AMQP 0-9-1 tells its product and version; the second door is inside TLS."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
listeners.tcp.1 = 127.0.0.1:{ports[amqp]}
listeners.ssl.1 = 127.0.0.1:{ports[amqps]}
ssl_options.certfile = {folder}/certificate.pem
ssl_options.keyfile = {folder}/key.pem
ssl_options.verify = verify_none
ssl_options.fail_if_no_peer_cert = false
"""


# Erlang's port mapper would otherwise be started as a daemon that outlives the test, on its usual port.
_COMMAND = "epmd -port $ERL_EPMD_PORT & exec /usr/lib/rabbitmq/bin/rabbitmq-server"


def start(site: Site) -> Sequence[object]:
    environment = {
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "ERL_EPMD_PORT": site.ports["epmd"],
        "RABBITMQ_DIST_PORT": site.ports["distribution"],
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "RABBITMQ_NODENAME": "field@localhost",
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_CONFIG_FILE": site.write("rabbitmq.conf", _CONFIG.format(**vars(site))),
        "RABBITMQ_ENABLED_PLUGINS_FILE": site.write("plugins", "[].\n"),
        "RABBITMQ_MNESIA_BASE": site.make("mnesia"),
        "RABBITMQ_LOG_BASE": site.make("logs"),
        "RABBITMQ_PID_FILE": site.folder / "pid",
    }
    return ["env", *(f"{name}={value}" for name, value in environment.items()), "sh", "-c", _COMMAND]


DAEMON = Daemon(
    "rabbitmq",
    "rabbitmq-server",
    "/usr/lib/rabbitmq/bin/rabbitmq-server",
    (
        Door("amqp", "amqp", 5672, "rabbitmq", versioned=True),
        Door("amqps", "amqp", 5671, "rabbitmq", versioned=True, tls=True),
    ),
    start,
    inner=("epmd", "distribution"),
    asked=("dpkg-query", "--show", "--showformat=${Version}", "rabbitmq-server"),
    patience=100,
)
