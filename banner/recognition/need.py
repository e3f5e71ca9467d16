"""What a text must have for a pattern to match it: read off patterns by `literals`, asked by `matcher`."""

import msgspec

from .compiled import NONE
from .products import Product, at_most, roughly

LENGTHS = (24, 32, 48, 64, 96, 128, 192, 256, 512, 1024, 2048)
"""Characters of texts for which the worst cost is known beforehand."""


CHEAP = 10e3
"""Nanoseconds that a search takes in any text without being counted."""


class Price(msgspec.Struct, array_like=True):
    """What a search costs."""

    formula: msgspec.Raw = msgspec.Raw(b"\x90")
    """Its `cost`, encoded: it is asked of few."""
    rough: list[Product] = []
    """Its `cost`, rounded up and sooner counted."""
    worst: list[float] = []
    """Nanoseconds in the worst texts of `LENGTHS`."""
    takes: bool = True
    """Whether every match takes characters: where it begins nowhere, there is none."""

    @property
    def cost(self) -> list[Product]:
        """In any text (`cost`); nothing where that is `CHEAP` in all."""
        return _decode(self.formula)


_decode = msgspec.msgpack.Decoder(list[Product]).decode
FREE = msgspec.Raw(msgspec.msgpack.encode(Price()))


class Need(msgspec.Struct, array_like=True):
    """What a text must have for a pattern to match it."""

    literals: list[bytes]
    """One of these must occur in it (bytes, lower case); none named: the pattern has to be tried always."""
    least: int
    most: int
    """Its length in characters lies between these."""
    anchored: bool = False
    """Whether a match begins where a line does (with ``re.MULTILINE``) or where the text does."""
    begins: str | None = None
    """The characters of which one begins every match, where that is known."""
    by_line: bool = False
    """Whether the pattern has ``re.MULTILINE``."""
    priced: msgspec.Raw = FREE
    """Its `Price`, encoded: asked of the few that are tried."""
    code: msgspec.Raw = NONE
    """What compiling made of it (`compiled`)."""

    def may_begin(self, first: str, lines: bool) -> bool:
        """Whether a text that begins with `first` (empty for no text), of several `lines` or of one, may match."""
        if not self.anchored or self.begins is None or (lines and self.by_line):
            return True
        return bool(first) and first in self.begins


def price(products: list[Product], least: int) -> msgspec.Raw:
    """The ``priced`` of a need; every match is `least` characters long, or longer."""
    if at_most(products, LENGTHS[-1]) <= CHEAP:
        return FREE
    worst = [at_most(products, length) for length in LENGTHS]
    formula = msgspec.Raw(msgspec.msgpack.encode(products))
    return msgspec.Raw(msgspec.msgpack.encode(Price(formula, roughly(products), worst, least > 0)))
