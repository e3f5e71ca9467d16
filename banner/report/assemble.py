"""One page out of its parts: the frame, the style, the script, and the data, with nothing to be fetched.

Data of peers never becomes markup: it is JSON in an element that is not executed, with every character escaped
that could end that element or that a script's parser treats as an end of line. A content security policy in the
page allows this very script and style, by their hashes (W3C CSP 3, section 6.7.3), and no network at all.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

import msgspec

SCRIPTS = (
    "text", "data", "address", "records", "bars", "latency", "networks", "certificates", "table",
    "findings", "hosts", "changes", "save", "main",
)  # fmt: skip
"""The script's parts in their order; together they are one function."""
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def page(data: Mapping[str, Any]) -> str:
    """The whole page that shows `data`."""
    style, script = _style(), _script()
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    parts = {
        "POLICY": escape(policy),
        "TITLE": escape(str(data["title"])),
        "STYLE": style,
        "DATA": embedded(data),
        "SCRIPT": script,
    }
    pieces = _part("frame.html").split("@@")
    return "".join(parts[piece] if at % 2 else piece for at, piece in enumerate(pieces))


def embedded(data: object) -> str:
    """`data` as JSON that is safe within ``<script type="application/json">`` (WHATWG HTML, 4.12.1.3)."""
    text = msgspec.json.encode(data).decode()
    for character, written in _ESCAPES.items():
        text = text.replace(character, written)
    return text


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _style() -> str:
    return _part("style.css")


@cache
def _script() -> str:
    body = "\n".join(_part(f"{name}.js") for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{body}\n}})();\n'


def _part(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text("utf-8")
