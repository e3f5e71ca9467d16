"""Special-purpose addresses: IANA's registries for IPv4 and IPv6 (RFC 6890, RFC 8190) in the words of a policy.

Each address falls under exactly one word; inside of a global block a special one's word holds. Forms that
stand for other addresses (NAT64, 6to4, Teredo, ...: ``forms.py``) are judged by what they carry as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from .blocks import AddressSet

WORDS: Final = ("loopback", "link-local", "private", "multicast", "reserved", "global")
"""What may stand for networks, besides their numbers."""

_TABLE: Final = (
    ("0.0.0.0/8", "reserved"),  # this network, RFC 791, 3.2; 0.0.0.0 stands for loopback as well
    ("10.0.0.0/8", "private"),  # RFC 1918
    ("100.64.0.0/10", "private"),  # shared between a provider and its customers, RFC 6598
    ("127.0.0.0/8", "loopback"),  # RFC 1122, 3.2.1.3
    ("169.254.0.0/16", "link-local"),  # RFC 3927; cloud machines find their credentials at 169.254.169.254
    ("172.16.0.0/12", "private"),  # RFC 1918
    ("192.0.0.0/24", "reserved"),  # protocol assignments, RFC 6890, 2.1; of it:
    #   192.0.0.0/29 DS-Lite, RFC 7335; .8 dummy, RFC 7600; .9 and .10 anycast, RFC 7723 and RFC 8155; .170 and .171
    #   discovery of NAT64, RFC 8880
    ("192.0.2.0/24", "reserved"),  # documentation, RFC 5737
    ("192.31.196.0/24", "global"),  # AS112, RFC 7535
    ("192.52.193.0/24", "global"),  # AMT, RFC 7450
    ("192.88.99.0/24", "reserved"),  # 6to4 relays, withdrawn by RFC 7526
    ("192.168.0.0/16", "private"),  # RFC 1918
    ("192.175.48.0/24", "global"),  # AS112, RFC 7534
    ("198.18.0.0/15", "reserved"),  # benchmarks, RFC 2544
    ("198.51.100.0/24", "reserved"),  # documentation, RFC 5737
    ("203.0.113.0/24", "reserved"),  # documentation, RFC 5737
    ("224.0.0.0/4", "multicast"),  # RFC 5771
    ("240.0.0.0/4", "reserved"),  # RFC 1112, 4; 255.255.255.255 is broadcast, RFC 8190 and RFC 919, 7
    ("::1", "loopback"),  # RFC 4291, 2.5.3
    ("::2-::ffff:ffff", "global"),  # IPv4-compatible, RFC 4291, 2.5.5.1: judged by what it carries
    ("64:ff9b::/96", "global"),  # NAT64, RFC 6052: judged by what it carries
    ("64:ff9b:1::/48", "reserved"),  # NAT64 of a network's own, RFC 8215
    ("100::/64", "reserved"),  # discarded, RFC 6666
    ("100:0:0:1::/64", "reserved"),  # dummy, RFC 9780
    ("2000::/3", "global"),  # global unicast, RFC 4291, 2.4; of it:
    ("2001::/32", "global"),  # Teredo, RFC 4380: judged by what it carries
    ("2001:1::-2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "reserved"),  # protocol assignments, RFC 2928; of it:
    #   2001:1::1 to ::3 anycast, RFC 7723, RFC 8155 and RFC 9665; 2001:2::/48 benchmarks, RFC 5180; 2001:3::/32 AMT,
    #   RFC 7450; 2001:4:112::/48 AS112, RFC 7535; 2001:10::/28 and 2001:20::/28 ORCHID, RFC 4843 and RFC 7343;
    #   2001:30::/28 drones, RFC 9374
    ("2001:db8::/32", "reserved"),  # documentation, RFC 3849
    ("2002::/16", "global"),  # 6to4, RFC 3056: judged by what it carries
    ("2620:4f:8000::/48", "global"),  # AS112, RFC 7534
    ("3fff::/20", "reserved"),  # documentation, RFC 9637
    ("5f00::/16", "reserved"),  # segment routing, RFC 9602
    ("fc00::/7", "private"),  # unique local, RFC 4193
    ("fe80::/10", "link-local"),  # RFC 4291, 2.5.6
    ("fec0::/10", "private"),  # site-local, RFC 3879
    ("ff00::/8", "multicast"),  # RFC 4291, 2.7
)
"""All other IPv4 addresses are global, all other IPv6 addresses reserved (IANA, "IPv6 Global Unicast Address
Assignments")."""


@lru_cache(maxsize=1)
def word_sets() -> Mapping[str, AddressSet]:
    """The addresses of each of `WORDS`: disjoint, and together every address."""
    sets = {word: AddressSet.of(net for net, of in _TABLE if of == word) for word in WORDS}
    special = AddressSet()
    for word in WORDS[:-1]:
        special |= sets[word]
    sets["global"] = (special | (sets["global"] | AddressSet.of(["0.0.0.0/0"])).complement()).complement()
    sets["reserved"] |= AddressSet(block for known in sets.values() for block in known).complement()
    return sets
