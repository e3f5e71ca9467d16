"""What an HTML page says of itself before its content: its charset, its title, who generated it.

Comments are no elements, nor is what is read as one (``<![CDATA[``, ``<?``), and what stands in scripts, styles and
the like is text of theirs (WHATWG HTML, sections 13.2.5 "Tokenization" and 13.1.2 "Elements"). Everything here takes
time linear in the page.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

import msgspec

from ..text.patterns import lazily

LONGEST = 512
"""Characters that are kept of a title."""
PRESCAN = 1024
"""Bytes in which a page names its charset (WHATWG HTML, section 13.2.3.2)."""

_ATTRIBUTES = r"""(?:[^<>"']++|"[^"]*+"|'[^']*+')*+"""
"""A tag's, whose quoted values may hold any character."""
_TOKEN = lazily(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<[!?][^>]*+(?:>|\Z)"
    r"|<(script|style|textarea|xmp|iframe|noembed|noframes|noscript|template|svg)\b.*?(?:</\1\b[^>]{0,99}>|\Z)"
    rf"|<title(?:\s{_ATTRIBUTES})?>(?P<title>.*?)(?:</title|(?P<cut>\Z))"
    rf"|(?P<tag><(?!title[\s>])[a-z]{_ATTRIBUTES}>)",
    re.IGNORECASE | re.DOTALL,
)
_FIRST = lazily(
    rf"(?:\s*+<(?:!doctype[^<>]*+|(?:html|head|meta|link)(?![\w-]){_ATTRIBUTES})>)*+\s*+<title>([^<]*+)</title",
    re.IGNORECASE,
)
"""The title behind nothing but the usual tags: `_TOKEN` finds the same, at several times the cost."""
_GENERATOR = lazily(
    r"""<meta\s{1,9}name=["']?generator["']?\s{1,9}content=["']([^"'<>]{1,256})["']?""", re.IGNORECASE
)
_CHARSET = lazily(r"""charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_-]{1,20})""", re.IGNORECASE)
_XML = lazily(
    r"""\A\s{0,9}<\?xml\b[^<>]{0,99}\bencoding\s{0,9}=\s{0,9}["']([A-Za-z0-9_-]{1,20})["']""", re.IGNORECASE
)
"""What an XML declaration names (XML 1.0, section 4.3.3)."""
_META = lazily(r"<meta\b[^>]{0,400}", re.IGNORECASE)
_NO_PAGE = lazily(
    r"\s{0,9}[a-z]{1,20}/(?:[a-z0-9.-]{1,40}\+)?(?:json|javascript|ecmascript|css)\b", re.IGNORECASE
)
"""Media types of what may quote a page and is none."""
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_THREE = lazily(rb"[\xe1-\xef][\x80-\xbf]{2}")

CHARSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932",
    "x-sjis": "cp932", "windows-31j": "cp932", "big5-hkscs": "big5hkscs", "x-gbk": "gb18030",
    "iso-2022-jp": "iso2022_jp",
    "euc-jp": "euc_jp", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "koi8-r": "koi8_r", "koi8-u": "koi8_u",
    "iso-8859-2": "iso8859_2", "iso-8859-5": "iso8859_5", "iso-8859-7": "iso8859_7", "iso-8859-15": "iso8859_15",
    "iso-8859-9": "cp1254", "windows-1250": "cp1250", "windows-1251": "cp1251", "windows-1252": "cp1252",
    "windows-1253": "cp1253", "windows-1254": "cp1254", "windows-1255": "cp1255", "windows-1256": "cp1256",
    "windows-1257": "cp1257", "windows-1258": "cp1258", "tis-620": "cp874", "windows-874": "cp874",
    "iso-8859-1": "latin-1", "us-ascii": "latin-1",
    "utf-8": "utf-8", "utf8": "utf-8", "utf-16": "utf-16-le", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
}  # fmt: skip
"""Charsets that pages name, by the WHATWG Encoding Standard, and Python's codecs for them. A list, because a
peer could also name codecs that are no text (``rot13``) or slow (``punycode``, ``idna``)."""
_DOUBLE = frozenset(("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949"))
"""Codecs of two bytes a character, whose pairs may look like UTF-8's."""


def decoded(page: bytes, content_type: str = "") -> str:
    """`page` as text, by the first of byte order mark, header and meta element that its bytes bear out.

    UTF-8 where the bytes are that, whatever was declared; Latin-1 where nothing that was declared fits.
    """
    if page.isascii():
        text = page.decode()  # a text is searched for a character sooner than bytes are
        if "\0" not in text and "\x1b" not in text:
            return text
    for mark, codec in _MARKS.items():
        if page.startswith(mark):
            return _text(page[len(mark) :], codec)
    if (by_zeros := _by_zeros(page)) is not None:
        return _text(page, by_zeros)
    declared = _declared(page, content_type)
    in_utf8 = _text(page, "utf-8")
    if "\ufffd" not in in_utf8 and not (_DOUBLE & set(declared) and _THREE.search(page) is None):
        return in_utf8 if "iso2022_jp" not in declared else _text(page, "iso2022_jp")
    tried = [_text(page, codec) for codec in declared if not codec.startswith("utf")]
    if tried:
        return min(tried, key=lambda text: text.count("\ufffd"))
    # A page of UTF-8 with a damaged character or two is still one.
    damaged = in_utf8.count("\ufffd")
    wide = sum(map(in_utf8.count, set(in_utf8) - _NARROW)) if damaged else 0
    return in_utf8 if wide > 8 * damaged else page.decode("latin-1")


_NARROW = frozenset(map(chr, range(128))) | {"\ufffd"}


def _text(page: bytes, codec: str) -> str:
    """A character that was cut at the end is left out."""
    return codecs.getincrementaldecoder(codec)("replace").decode(page)


def _by_zeros(page: bytes) -> str | None:
    """UTF-16 without a mark: a page begins with ASCII, every other byte of which is zero."""
    start = page[:8]
    if len(start) < 8:
        return None
    if not any(start[1::2]) and all(start[::2]):
        return "utf-16-le"
    return "utf-16-be" if not any(start[::2]) and all(start[1::2]) else None


def _declared(page: bytes, content_type: str) -> list[str]:
    """The codecs that the header and the page name, in this order, where they are known."""
    names = _CHARSET.findall(content_type[:LONGEST])[:1]
    start = page[:PRESCAN].decode("latin-1")
    names += _XML.findall(start)
    for meta in _META.findall(visible(start)):
        names += _CHARSET.findall(meta)[:1]
    return [codec for name in names if (codec := CHARSETS.get(name.lower())) is not None]


def visible(page: str) -> str:
    """`page` without its comments and without what is no markup."""
    return _TOKEN.sub(lambda found: "" if found["title"] is found["tag"] else found[0], page)


class Page(msgspec.Struct, frozen=True):
    """What a page says."""

    text: str
    title: str
    """Empty where there is none."""
    cut: bool
    """Whether the page ended before its title did."""
    generator: str
    """What it says that it was generated by; empty where it says nothing."""


def look(page: bytes, content_type: str = "") -> Page:
    """What `page` says; `content_type` is what its header names."""
    text = decoded(page, content_type)
    if not _is_page(content_type):
        return Page(text, "", False, "")
    return Page(text, *title(text), generator(text))


read = lru_cache(1)(look)
"""`look`, where the rules may read the page that a dialogue has just read: it is hashed for that."""


def title(page: str) -> tuple[str, bool]:
    """The page's title, empty where there is none, and whether its end is missing: then it stands here without its
    last word, of which there may be more."""
    if "<title" not in page and "<title" not in page.lower():
        return "", False
    if (first := _FIRST.match(page)) is not None:
        return _as_title(first[1]), False
    for found in _TOKEN.finditer(page):
        _, inner, cut, _ = found.groups()
        if inner is None:
            continue
        if cut is not None:
            inner, tag, _ = inner.partition("<")
            inner = inner if tag else inner.rpartition(" ")[0]
        return _as_title(inner), cut is not None
    return "", False


def _as_title(inner: str) -> str:
    # Cut first: a character reference of thousands of digits would make int() raise (CPython's digit limit).
    return " ".join(_unescaped(inner[: 4 * LONGEST]).split())[:LONGEST]


def _is_page(content_type: str) -> bool:
    """Whether what a server calls `content_type` may have a title: not JSON, a script or a style."""
    return content_type.startswith("text/html") or _NO_PAGE.match(content_type) is None


def generator(page: str) -> str:
    """What the page says that it was generated by; empty where it says nothing."""
    if "enerator" not in page and "ENERATOR" not in page:
        return ""
    found = _GENERATOR.search(page)
    if found is None:
        return ""
    # Pages name it at their beginning, and that is soon searched; where it stood in a comment, all of the page is.
    shown = _GENERATOR.search(visible(page[: found.end()])) or _GENERATOR.search(visible(page))
    return _unescaped(shown[1]) if shown else ""


def _unescaped(text: str) -> str:
    if "&" not in text:
        return text
    import html  # its table of 2,231 names is loaded for the few titles that hold one

    return html.unescape(text)
