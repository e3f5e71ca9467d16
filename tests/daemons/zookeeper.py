"""ZooKeeper: tells its version to the four letters ``srvr``."""

from __future__ import annotations

from collections.abc import Sequence

from .daemon import Daemon, Door
from .site import Site

_CONFIG = """\
dataDir={folder}/data
clientPort={ports[zookeeper]}
clientPortAddress=127.0.0.1
admin.enableServer=false
"""

JAR = "/usr/share/java/zookeeper.jar"


def start(site: Site) -> Sequence[object]:
    site.make("data")
    config = site.write("zoo.cfg", _CONFIG.format(**vars(site)))
    main = "org.apache.zookeeper.server.quorum.QuorumPeerMain"
    # The machine's time is short, not its life: no second compiler, no parallel collector.
    return ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", "-cp", JAR, main, config]


DAEMON = Daemon(
    "zookeeper",
    "libzookeeper-java",
    JAR,
    (Door("zookeeper", "zookeeper", 2181, "zookeeper", versioned=True),),
    start,
    parts=(("default-jre-headless", "java"),),
    asked=("dpkg-query", "--show", "--showformat=${Version}", "libzookeeper-java"),
    patience=100,
)
