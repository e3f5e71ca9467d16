"""What a caller hands in, looked at where it is taken: each check returns it, or raises with what it should be.

`TypeError` for another kind of thing, `ValueError` for one of the right kind that cannot be; ports are numbers in both
ways, so everything that is none is a `ValueError`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import index
from typing import Any

MAX_PORT = 65535

LONGEST = 1e6
"""Seconds that a time may have: eleven days. c-ares counts milliseconds in 32 bits."""


_EXAMPLES = {"timeouts": "timeouts=banner.Timeouts(total=3)"}
"""How an argument is given whose name does not say it."""


def check_keywords(function: Callable[..., Any], wrong: Iterable[str]) -> None:
    """`TypeError` for `wrong`, the names of arguments that `function` does not take, with the one that was meant: as
    Python says it from 3.13 on."""
    for name in wrong:
        from difflib import get_close_matches

        likely = get_close_matches(name, getattr(function, "__kwdefaults__", ()), 1)
        hint = f". Did you mean {_EXAMPLES.get(likely[0], repr(likely[0]))}?" if likely else ""
        raise TypeError(f"{function.__name__}() got an unexpected keyword argument {name!r}{hint}")


def _index(number: object) -> int | None:
    """`number` as an int, which other libraries' numbers have a way to; None for all else, truth values too."""
    try:
        return None if isinstance(number, bool) else index(number)  # type: ignore[arg-type]  # it says so itself
    except TypeError:
        return None


def check_port(port: object, what: str = "a port") -> int:
    """`port` as an int."""
    number = _index(port)
    if number is None or not 0 < number <= MAX_PORT:
        raise ValueError(f"{what} is a number from 1 to {MAX_PORT}, not {port!r}")
    return number


def check_number(what: str, number: object, unit: str = "", most: int | None = None) -> int:
    """`number` as an int from 1 on."""
    of = f" of {unit}" if unit else ""
    value = _index(number)
    if value is None:
        raise TypeError(f"{what} is a number{of}, not {number!r}")
    if value < 1 or (most is not None and value > most):
        raise ValueError(
            f"{what} is a number{of} from 1 {'on' if most is None else f'to {most}'}, not {number!r}"
        )
    return value


def check_whole(what: str, number: object) -> None:
    """`number` is an int from 0 on, such as counts things in memory."""
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(f"{what} is a number, not {number!r}")
    if not 0 <= number < 1 << 31:
        raise ValueError(f"{what} is a number from 0 to 2^31, not {number!r}")


def check_bytes(data: object) -> bytes:
    """`data` as bytes."""
    if not isinstance(data, bytes | bytearray | memoryview):
        raise TypeError(f"a greeting is bytes, not {type(data).__name__}")
    return bytes(data)


def check_paths(paths: Iterable[object]) -> None:
    """Each of `paths` names a file."""
    for path in paths:
        if not isinstance(path, str) and not hasattr(path, "__fspath__"):
            raise TypeError(f"a collection of rules is named by its path, not by {path!r}")


def check_seconds(what: str, seconds: object) -> None:
    """`seconds` is a number above 0."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise TypeError(f"{what} is a number of seconds, not {seconds!r}")
    if not 0 < seconds <= LONGEST:
        raise ValueError(f"{what} is a number of seconds above 0, and {LONGEST:.0f} at most, not {seconds!r}")


def check_rate(what: str, rate: object, of: str) -> None:
    """`rate` is a number a second, above 0."""
    if isinstance(rate, bool) or not isinstance(rate, int | float):
        raise TypeError(f"{what} is a number of {of} per second, not {rate!r}")
    if not 0 < rate < float("inf"):
        raise ValueError(f"{what} is a number of {of} per second above 0, not {rate!r}")


def check_text(what: str, text: object) -> str:
    """`text` is a str that can be written down."""
    if not isinstance(text, str):
        raise TypeError(f"{what} is a text, not {text!r}")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{what} holds what is no text: {text!r}") from None
    return text


def check_printable(what: str, text: object) -> None:
    """`text` is printable ASCII: a line's end in it would begin another header or command."""
    check_text(what, text)
    assert isinstance(text, str)
    if not (text.isascii() and text.isprintable() and text):
        raise ValueError(f"{what} is printable ASCII, not {text!r}")


def check_several(what: str, items: object, each: str) -> tuple[Any, ...]:
    """`items` as a tuple; one of them alone would be none, or taken for its letters."""
    if isinstance(items, str | bytes) or not isinstance(items, Iterable):
        raise TypeError(f"{what} are several {each}, not {items!r}")
    return tuple(items)


def check_words(what: str, words: object) -> tuple[str, ...]:
    """`words` as a tuple; one text alone would be taken for its letters."""
    if isinstance(words, str | bytes) or not isinstance(words, Iterable):
        raise TypeError(f"{what} are several texts, such as ({words!r},)")
    return tuple(check_text(f"each of {what}", word) for word in words)


def check_resolver(resolver: object) -> None:
    """`TypeError` for what does not resolve."""
    if resolver is not None and (
        isinstance(resolver, type) or not callable(getattr(resolver, "resolve", None))
    ):
        raise TypeError(f"a resolver is a banner.Resolver, not {resolver!r}")


def check_policy(policy: object) -> None:
    """`TypeError` where `policy` could not be asked: it has no ``refusal``, or one that would have to be awaited."""
    if policy is None:
        return
    refusal = getattr(policy, "refusal", None)
    if isinstance(policy, type) or not callable(refusal):
        raise TypeError(f"a policy has a method refusal(ip, port): {policy!r} has none")
    from inspect import isasyncgenfunction, iscoroutinefunction

    for function in (refusal, getattr(refusal, "__call__", None)):  # noqa: B004 - an object may be called as well
        if iscoroutinefunction(function) or isasyncgenfunction(function):
            raise TypeError(f"a policy answers at once: {policy!r}'s refusal is a coroutine function")
