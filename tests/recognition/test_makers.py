"""Who makes several products is not told by one of them: ``SSH-2.0-Alcatel Qorvex`` is no OmniSwitch."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from banner import Rules
from banner.recognition.build import BUILT_IN
from banner.recognition.collections.recog import read
from tests.recognition.corpus import PORTS, framed

FIELDS = (*PORTS, "http_header.server", "http_header.wwwauth", "html_title", "rtsp_header.server",
          "sip_header.server")  # fmt: skip
INVENTED = ("{} Qorvex 3.1 ready", "{}-Qorvex/3.1")
OF_ITS_KIND = ("http", "httpd")
"""What rules call a maker's own server that has no name."""
OF_ONE_NAME = frozenset((
    "3CX", "CommuniGate Systems", "DrayTek", "Enigma2", "Gordano", "IceWarp", "LiteSpeed Technologies", "MikroTik",
    "Pragma Systems", "Proxmox", "Twisted Matrix Labs", "Vovida", "Wowza Media Systems", "Zimbra",
))  # fmt: skip
"""Makers whose name is what their product is called."""


def makers() -> list[str]:
    """Those of whom the rules know more than one product."""
    products: defaultdict[str, set[str]] = defaultdict(set)
    for path in BUILT_IN.glob("*.xml"):
        for constants in (rule.constants for rule in read(path).rules):
            made = {constants[key] for key in ("service.product", "hw.product") if key in constants}
            for vendor in ("service.vendor", "hw.vendor", "os.vendor"):
                if vendor in constants:
                    products[constants[vendor]] |= made
    return sorted(maker for maker, made in products.items() if len(made) > 1)


@pytest.fixture(scope="module")
def known() -> list[str]:
    return [maker for maker in makers() if maker not in OF_ONE_NAME]


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(remembered=0)


@pytest.mark.parametrize("key", FIELDS)
def test_a_makers_name_alone_names_no_product(key: str, known: list[str], rules: Rules) -> None:
    wrong = []
    assert len(known) > 100
    for text in (words.format(maker) for maker in known for words in INVENTED):
        frame = framed(key, f'Basic realm="{text}"' if key == "http_header.wwwauth" else text)
        assert frame is not None
        found = rules.identify(frame.encode(), port=PORTS.get(key, 80))
        if found and found.product and found.confidence >= 0.75 and not akin(found.product, text):
            wrong.append(f"{text}: {found.product} ({found.rule})")
    assert not wrong, "\n".join(wrong)


def akin(product: str, text: str) -> bool:
    """Whether the product's name is said: the model itself, or a maker called like it."""
    words = re.findall(r"\w+", product.lower())
    return product.lower() in OF_ITS_KIND or any(word in text.lower() for word in words)
