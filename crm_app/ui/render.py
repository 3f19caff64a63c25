"""Bodies of rows and cards written in Python, called by JavaScript: `render_fn(lambda row: …, Row)`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import VarData
from reflex.vars.base import LiteralVar, Var
from reflex.vars.function import ArgsFunctionOperation

_CONSTANT = re.compile(r"const (\w+) =")


def render_fn(body: Callable[[Any], rx.Component], row_type: type, argument: str = "row") -> Var:
    """A JavaScript function whose body is a component built in Python from its typed argument."""
    row = Var(_js_expr=argument, _var_type=row_type).guess_type()
    return kept(ArgsFunctionOperation.create((argument,), LiteralVar.create(body(row))))


def kept(value: Any) -> Var:
    """A value that stays the same object until something that it is made of changes.

    Reflex writes a value into the part that shows it, so that each change of the State makes a new one: two hundred
    cards would be drawn again for one that has moved.
    """
    var = LiteralVar.create(value)
    expression, data = str(var), var._get_all_var_data()
    made_of = [name for hook in (data.hooks if data else ()) for name in _CONSTANT.findall(hook)]
    name = f"kept_{hashlib.md5(expression.encode(), usedforsecurity=False).hexdigest()}"
    hook = f"const {name} = useMemo(() => ({expression}), [{', '.join(made_of)}])"
    memo = VarData(hooks={hook: None}, imports={"react": [ImportVar(tag="useMemo")]})
    return Var(_js_expr=name, _var_type=var._var_type, _var_data=VarData.merge(data, memo))
