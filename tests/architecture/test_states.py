"""What a State reads of itself is there: the type checker can't tell, for Reflex makes vars of its attributes.

A mixin may read what only those have that it is mixed into, so each State is judged with everything it is made of.
"""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from functools import cache

import reflex as rx

import crm_app.crm_app  # noqa: F401  builds the application, and with it every State


def test_every_state_has_what_it_reads_of_itself() -> None:
    judged = [state for state in states() if not state._mixin]
    assert len(judged) > 30
    assert {problem for state in judged for problem in missing_in(state)} == set()


def test_every_state_has_what_another_reads_of_it() -> None:
    known = {state.__name__: state for state in states()}
    read = {(name, at) for module in {state.__module__ for state in states()} for name, at in read_of_others(module)}
    assert read and {f"{name}.{at}" for name, at in read if not hasattr(known[name], at)} == set()


class Sums:
    """Like a State of which a merge has taken away a name."""

    there = 0

    def sum(self) -> int:
        return self.there + self.not_there  # type: ignore[attr-defined]


def test_a_name_that_is_not_there_is_noticed() -> None:
    assert missing_in(Sums) == {"Sums: not_there, read by Sums"}


@cache
def states() -> list[type[rx.State]]:
    """Every State of ours, and every mixin."""
    found: list[type[rx.State]] = [rx.State]
    for state in found:
        found += [each for each in state.__subclasses__() if each not in found]
    return [state for state in found if state.__module__.startswith("crm_app.")]


def missing_in(state: type) -> set[str]:
    """What its methods, and those of all that it is made of, read of themselves without its being there."""
    return {
        f"{state.__name__}: {name}, read by {base.__name__}"
        for base in state.__mro__
        if base.__module__.partition(".")[0] in ("crm_app", "tests")
        for name in read_by(base)
        if not hasattr(state, name)
    }


@cache
def read_by(state: type) -> frozenset[str]:
    """The names after `self.` in the body of a class."""
    return attributes_of("self", ast.parse(textwrap.dedent(inspect.getsource(state))))


def read_of_others(module: str) -> set[tuple[str, str]]:
    """State and attribute for what is read as `frame = await self.get_state(Frame); frame.is_missing`."""
    found = set()
    for function in ast.walk(ast.parse(inspect.getsource(sys.modules[module]))):
        if not isinstance(function, ast.AsyncFunctionDef):
            continue
        for node in ast.walk(function):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Await(value=ast.Call() as call)):
                    read = attributes_of(name, function)
                case ast.Attribute(value=ast.Await(value=ast.Call() as call), attr=at):
                    read = frozenset({at})
                case _:
                    continue
            match call:
                case ast.Call(func=ast.Attribute(attr="get_state"), args=[ast.Name(id=state)]):
                    found |= {(state, each) for each in read}
    return found


def attributes_of(name: str, tree: ast.AST) -> frozenset[str]:
    return frozenset(
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
    )
