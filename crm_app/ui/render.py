"""Bodies of rows and cards written in Python, called by JavaScript: `render_fn(lambda row: …, Row)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx
from reflex.vars.base import LiteralVar, Var
from reflex.vars.function import ArgsFunctionOperation


def render_fn(body: Callable[[Any], rx.Component], row_type: type, argument: str = "row") -> Var:
    """A JavaScript function whose body is a component built in Python from its typed argument."""
    row = Var(_js_expr=argument, _var_type=row_type).guess_type()
    return ArgsFunctionOperation.create((argument,), LiteralVar.create(body(row)))
