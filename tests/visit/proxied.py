"""Debian's proxies, how each is started, and how long a visit through one may take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from banner import Timeouts

SHORT = Timeouts(connect=1.5, read=5, total=15)


def microsocks(port: int, folder: Path) -> list[str]:
    return ["microsocks", "-i", "127.0.0.1", "-p", str(port)]


def danted(port: int, folder: Path) -> list[str]:
    (folder / "danted").write_text(
        f"logoutput: /dev/null\ninternal: 127.0.0.1 port={port}\nexternal: lo\nsocksmethod: none\nclientmethod: none\n"
        "user.privileged: root\nuser.unprivileged: nobody\n"
        "client pass { from: 0/0 to: 0/0 }\nsocks pass { from: 0/0 to: 0/0 }\n"
    )
    return ["danted", "-f", str(folder / "danted")]


def tinyproxy(port: int, folder: Path) -> list[str]:
    (folder / "tinyproxy").write_text(
        f"Port {port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 300\nAllow 127.0.0.1\n"
    )
    return ["tinyproxy", "-d", "-c", str(folder / "tinyproxy")]


def squid(port: int, folder: Path) -> list[str]:
    (folder / "squid").write_text(
        f"http_port 127.0.0.1:{port}\nacl all src all\nhttp_access allow all\npid_filename {folder}/squid.pid\n"
        "cache_log /dev/null\naccess_log none\ncache_mem 1 MB\nshutdown_lifetime 0 seconds\npinger_enable off\n"
        "visible_hostname proxy.invalid\n"
    )
    return ["squid", "-N", "-f", str(folder / "squid")]


PROXIES: dict[str, tuple[str, str, Callable[[int, Path], list[str]]]] = {
    "microsocks": ("microsocks", "socks5", microsocks),
    "microsocks-names": ("microsocks", "socks5h", microsocks),
    "dante": ("dante-server", "socks5", danted),
    "tinyproxy": ("tinyproxy", "http", tinyproxy),
    "squid": ("squid", "http", squid),
}
