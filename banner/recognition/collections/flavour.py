"""Ruby's and PCRE's regular expressions, said in Python's.

One pass over tokens. What Python writes differently is rewritten, what it lacks and what cannot be rewritten
faithfully raises `Unfaithful` with the reason: a pattern that means something else is worse than none.
Python 3.11 has possessive quantifiers and atomic groups, so those pass.
"""

from __future__ import annotations

import re
from enum import Enum


class Flavour(Enum):
    """Whose syntax a pattern is written in."""

    RUBY = "ruby"
    """Onigmo as Ruby configures it: ``^ $`` per line, ``(?m)`` lets the dot match LF, ``\\h`` is a hex
    digit."""
    PCRE = "pcre"
    """As nmap compiles it: no flags but ``i`` and ``s``."""


class Unfaithful(ValueError):  # noqa: N818 - a verdict on a pattern
    """The pattern has no faithful form in Python; the message says why."""


_TOKEN = re.compile(
    r"\\Q.*?(?:\\E|\Z)|\\x\{[0-9A-Fa-f]+\}|\\x[0-9A-Fa-f]{1,2}|\\u[0-9A-Fa-f]{4}|\\u\{[0-9A-Fa-f]+\}|\\0[0-7]{0,2}"
    r"|\\[pP]\{\^?\w+\}|\\k(?:<\w+>|'\w+'|\{\w+\})|\\g(?:<\w+>|'\w+'|\{-?\w+\}|\d)|\\."
    r"|\(\?\#[^)]*\)|\(\?<(?![=!])\w+>|\(\?'\w+'|\(\?[a-z]*(?:-[a-z]+)?[:)]|\(\?<[=!]|\(\?P[<>=]|\(\?[=!>|(R&+\d:-]?|\(\*|[()\[]|.",
    re.DOTALL,
)
_POSIX = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z", "space": r"\s",
    "blank": r" \t", "xdigit": "0-9A-Fa-f", "word": r"\w", "cntrl": r"\x00-\x1f\x7f",
    "punct": r"!-/:-@\[-`{-~", "print": r"\x20-\x7e", "graph": r"\x21-\x7e",
}  # fmt: skip
_RUBY_SETS = {"h": "0-9a-fA-F"}
_PCRE_SETS = {"h": r"\t \xa0", "v": r"\n\x0b\f\r\x85", "N": None}
_KEPT = set("dDwWsSbBAnrtfav123456789")
_CLASS = re.compile(r"\\[dDwWsShHvV]|\[:")
_IS_CLASS = re.compile(r"\\[dDwWsS]|.*[^\\]-.")
_LINE_END = r"(?:\r\n|[\n\x0b\f\r\x85])"


def translate(pattern: str, flavour: Flavour) -> str:
    """`pattern` as Python's ``re`` writes it, to be compiled with ``re.ASCII`` (and ``re.MULTILINE`` for
    Ruby).

    Raises `Unfaithful`. Time is linear in ``len(pattern)``.
    """
    return _Translation(pattern, flavour).run()


class _Translation:
    def __init__(self, pattern: str, flavour: Flavour) -> None:
        self.pattern = pattern
        self.ruby = flavour is Flavour.RUBY
        self.sets: dict[str, str | None] = dict(_RUBY_SETS) if self.ruby else dict(_PCRE_SETS)
        self.out: list[str] = []
        self.open_flags = [0]  # per open group: how many flag groups its end must close
        self.named = self.ruby and re.search(r"(?<!\\)\(\?(?:<(?![=!])|')", pattern) is not None

    def run(self) -> str:
        at = 0
        while at < len(self.pattern):
            token = _TOKEN.match(self.pattern, at)
            assert token is not None  # the last alternative takes any character
            at = token.end()
            text = token.group()
            if text == "[":
                at = self._set(at)
            elif text[0] == "\\":
                at = self._escape(text, at)
            elif text[0] == "(" or text == ")":
                self._group(text)
            else:
                self.out.append(text)
        self._close_flags()
        return "".join(self.out)

    # -- groups -------------------------------------------------------------------------------------

    def _group(self, text: str) -> None:
        if text == ")":
            self._close_flags()
            if len(self.open_flags) > 1:
                self.open_flags.pop()
            self.out.append(")")
        elif text.startswith("(?#"):
            pass
        elif flags := re.fullmatch(r"\(\?([a-z]*(?:-[a-z]+)?)([:)])", text):
            self._flags(flags.group(1), flags.group(2) == ":")
        else:
            self.open_flags.append(0)
            self.out.append(self._opening(text))

    def _close_flags(self) -> None:
        self.out.append(")" * self.open_flags[-1])
        self.open_flags[-1] = 0

    def _flags(self, flags: str, scoped: bool) -> None:
        on, _, off = flags.partition("-")
        if self.ruby:
            on, off = on.replace("m", "s"), off.replace("m", "s")
        if set(on + off) - set("imsx"):
            raise Unfaithful(f"flags (?{flags}) do not exist in Python")
        if "x" in on:
            raise Unfaithful("(?x) changes how the rest is written")
        off = off.replace("x", "")
        text = f"(?{on}{'-' + off if off else ''}:"
        self.out.append(text)
        if scoped:
            self.open_flags.append(0)
        else:  # holds until the enclosing group ends, over alternatives too
            self.open_flags[-1] += 1

    def _opening(self, text: str) -> str:
        if text == "(":
            return "(?:" if self.named else "("
        if text in ("(?=", "(?!", "(?<=", "(?<!", "(?>", "(?P<", "(?P=", "(?P>"):
            return text
        if name := re.fullmatch(r"\(\?(?:<(\w+)>|'(\w+)')", text):
            return f"(?P<{name.group(1) or name.group(2)}>"
        if text.startswith("(?(") and not self.ruby:
            return text
        raise Unfaithful(f"{text} has no counterpart in Python")

    # -- escapes ------------------------------------------------------------------------------------

    def _escape(self, text: str, at: int) -> int:
        if text == "\\":
            raise Unfaithful("the pattern ends with a lone backslash")
        if text.startswith("\\Q") and not self.ruby:
            self.out.append(re.escape(text[2:].removesuffix("\\E")))
        elif text[1:2] in "xu0":
            self.out.append(self._characters(text, at))
            return self._end_of_bytes
        elif text[1:2] == "k":
            self.out.append(f"(?P={text[3:-1]})")
        elif text in ("\\z", "\\Z"):
            self.out.append(r"\Z" if text == "\\z" else r"(?=\n?\Z)")
        elif text == "\\R":
            self.out.append(_LINE_END)
        elif text == "\\N" and not self.ruby:
            self.out.append(r"[^\n]")
        elif inside := self.sets.get(text[1:2]):
            self.out.append(f"[{inside}]")
        elif (upper := text[1:2]) and (inside := self.sets.get(upper.lower())) and upper in "HV":
            self.out.append(f"[^{inside}]")
        else:
            self.out.append(self._plain(text))
        return at

    def _plain(self, text: str) -> str:
        """An escape that means the same inside and outside a set."""
        letter = text[1:]
        if letter in _KEPT:
            return "\\x0b" if letter == "v" else text
        if letter == "e":
            return "\\x1b"
        if len(letter) > 1 or letter in "KGXC" or not letter:
            raise Unfaithful(f"{text} has no counterpart in Python")
        return letter if letter.isalpha() or letter == "_" else "\\" + letter

    def _characters(self, text: str, at: int) -> str:
        """``\\xHH`` and the like. In Ruby, bytes above 127 that follow one another are UTF-8."""
        self._end_of_bytes = at
        digits = text[2:].strip("{}") if text[1] in "xu" else ""
        code = int(digits, 16) if digits else int(text[1:], 8) if text[1] == "0" else 0
        if self.ruby and text[1] == "x" and code > 127:
            run = re.compile(r"(?:\\x[89A-Fa-f][0-9A-Fa-f])+").match(self.pattern, at - len(text))
            if run is not None:
                try:
                    decoded = bytes.fromhex(run.group().replace("\\x", "")).decode()
                except UnicodeDecodeError:
                    decoded = ""
                if decoded:
                    self._end_of_bytes = run.end()
                    return re.escape(decoded)
        if code > 0x10FFFF or (not self.ruby and code > 255):
            raise Unfaithful(f"{text} is no character")
        return re.escape(chr(code))

    # -- sets ---------------------------------------------------------------------------------------

    def _set(self, at: int) -> int:
        """The set that opens before `at`; returns where it ends."""
        parts = ["["]
        if self.pattern.startswith("^", at):
            parts.append("^")
            at += 1
        first = at
        while at < len(self.pattern):
            if self.pattern[at] == "]" and at > first:
                self.out.append("".join(parts) + "]")
                return at + 1
            if self.pattern[at] == "-" and (_IS_CLASS.match(parts[-1]) or _CLASS.match(self.pattern, at + 1)):
                part, at = "\\-", at + 1  # [\w-.]: a class begins or ends no range, so the hyphen is one
            else:
                part, at = self._member(at)
            parts.append(part)
        raise Unfaithful("a set is not closed")

    def _member(self, at: int) -> tuple[str, int]:
        if posix := re.compile(r"\[:(\^?)(\w+):\]").match(self.pattern, at):
            inside = _POSIX.get(posix.group(2))
            if posix.group(1) or inside is None:
                raise Unfaithful(f"{posix.group()} has no counterpart in Python")
            return inside, posix.end()
        character = self.pattern[at]
        if self.ruby and (character == "[" or self.pattern.startswith("&&", at)):
            raise Unfaithful("sets inside sets have no counterpart in Python")
        if character != "\\":
            # Python reserves [, and --, &&, ~~, || for sets inside sets to come
            return ("\\" + character if character in "[&~|" else character), at + 1
        token = _TOKEN.match(self.pattern, at)
        assert token is not None
        if token.end() - at < 2:
            raise Unfaithful("a set is not closed")
        return self._escaped_member(token.group(), token.end())

    def _escaped_member(self, text: str, at: int) -> tuple[str, int]:
        if text[1:2] in "xu0":
            return self._characters(text, at), self._end_of_bytes
        if text[1:2] == "b":
            return "\\x08", at
        if text[1:2] in "123456789":
            raise Unfaithful(f"{text} in a set is an octal number or nothing")
        if inside := self.sets.get(text[1:2]):
            return inside, at
        if text[1:2] in "ABzZRNHVQ":
            raise Unfaithful(f"{text} in a set has no counterpart in Python")
        return self._plain(text), at
