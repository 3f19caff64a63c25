"""What a handler is called with by somebody who means harm, or who errs: right, wrong and hostile payloads."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Iterator
from typing import Any

HOSTILE = (
    "x" * 50_000,
    "'; DROP TABLE task; --",
    "<script>alert(1)</script>",
    "../../../../etc/passwd",
    "a\x00b",
    "\ud800",
    "{{7*7}}${7*7}%s%n",
    "²",  # a digit to isdigit(), and no number to int()
    "9" * 5_000,  # digits only, and more of them than int() takes
)
FIELDS = {
    "title": "hello", "text": "hello", "body": "hello", "name": "hello", "email": "a@b.example", "login": "a@b.example",
    "password": "a long enough password", "role": "administrator", "id": "1", "responsible": "1", "guests": "true",
}  # fmt: skip


def right(function: Callable[..., Any], number: int) -> dict[str, Any]:
    """A payload that fits the signature. number: for everything that could be an id."""
    return {name: _fitting(name, kind, number) for name, kind in parameters(function).items()}


def wrong(function: Callable[..., Any]) -> Iterator[Any]:
    """Payloads that don't fit: other types, missing and unknown names, no object at all."""
    names = parameters(function)
    yield dict.fromkeys(names)
    yield {name: {"a": {"b": [1]}} for name in names}
    yield {name: ["1", 2, None] for name in names}
    yield {name: "1" if kind is int else 1 for name, kind in names.items()}
    yield {name: True if kind is int else 1.5 for name, kind in names.items()}
    yield {}
    yield {**right(function, 1), "self": {}, "__class__": "x", "tx": 1, "actor": {"kind": "system"}}


def hostile(function: Callable[..., Any]) -> Iterator[Any]:
    """Payloads that fit by type and mean harm by content."""
    names = parameters(function)
    for text in HOSTILE:
        yield {name: _poisoned(kind, text) for name, kind in names.items()}
    for number in (0, -1, 2**31, 2**63, 10**30):
        yield right(function, number)
    yield {name: _deep(200) for name in names}


def parameters(function: Callable[..., Any]) -> dict[str, Any]:
    """The arguments of a handler and their types, without self."""
    plain = inspect.unwrap(function)
    try:
        hints = typing.get_type_hints(plain)
    except NameError:
        hints = {}
    return {name: hints.get(name, Any) for name in list(inspect.signature(plain).parameters)[1:]}


def _fitting(name: str, kind: Any, number: int) -> Any:
    base = typing.get_origin(kind) or kind
    if base is bool:
        return True
    if base is int:
        return number
    if base is str:
        return str(number) if name.endswith("_id") else "hello"
    if base is list:
        inside = (*typing.get_args(kind), str)[0]
        return [_fitting(name, inside, number)]
    if base is dict or typing.is_typeddict(base):
        hints = typing.get_type_hints(base) if typing.is_typeddict(base) else {}
        return {key: _fitting(key, inner, number) for key, inner in hints.items()} or {**FIELDS, "id": str(number)}
    return next((_fitting(name, inner, number) for inner in typing.get_args(kind)), "hello")


def _poisoned(kind: Any, text: str) -> Any:
    base = typing.get_origin(kind) or kind
    if base is int:
        return 1
    if base is bool:
        return False
    if base is list:
        return [text]
    if typing.is_typeddict(base):
        return {name: _poisoned(inner, text) for name, inner in typing.get_type_hints(base).items()}
    return {text: text, **dict.fromkeys(FIELDS, text)} if base is dict else text


def _deep(levels: int) -> Any:
    nested: Any = "x"
    for _ in range(levels):
        nested = [nested]
    return nested
