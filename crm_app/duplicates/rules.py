"""How two values become one, and two again: pure, and the same for every kind of card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from crm_app.core.errors import BadInput, Forbidden

Side = Literal["kept", "absorbed", "both"]
KEPT: Side = "kept"
ABSORBED: Side = "absorbed"
BOTH: Side = "both"
CAN_BE_SPLIT_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Compared:
    """A field of two cards. joins: whether both values can be kept; a phone is [number, extension]."""

    name: str
    mine: Any
    theirs: Any
    joins: bool = False

    @property
    def differs(self) -> bool:
        return bool(self.mine != self.theirs)

    def taken(self, side: Side) -> Any:
        """The value of the merged card."""
        if side == BOTH:
            return joined(self.mine, self.theirs)
        return self.theirs if side == ABSORBED else self.mine

    def is_lost(self, side: Side) -> bool:
        """Whether a value of the card that goes is not on the card that stays."""
        return not is_empty(self.theirs) and joined(self.taken(side), self.theirs) != self.taken(side)


def is_empty(value: Any) -> bool:
    """Whether a field says nothing. 0 and False say something."""
    return value is None or value == "" or value == [] or value == {}


def default_side(field: Compared) -> Side:
    """What is proposed: both where that goes; else the value of the card that stays, if it has one."""
    if is_empty(field.mine):
        return ABSORBED if not is_empty(field.theirs) else KEPT
    return BOTH if field.joins and not is_empty(field.theirs) and field.differs else KEPT


def sides(fields: Iterable[Compared], choices: Mapping[str, Side], locked: frozenset[str]) -> dict[str, Side]:
    """Which value each field takes. locked: fields that the person may not change: they take what is proposed.

    Raises BadInput for a field that there is not, or that can't keep both; Forbidden for a locked one.
    """
    known = {field.name: field for field in fields}
    for name, side in choices.items():
        if name not in known:
            raise BadInput("duplicates.error.no_field", field=name[:60], name=name[:60])
        if side == BOTH and not known[name].joins:
            raise BadInput("duplicates.error.not_both", field=name)
        if name in locked and known[name].taken(side) != known[name].taken(default_side(known[name])):
            raise Forbidden("core.error.field_read_only", field=name)
    return {name: choices.get(name) or default_side(field) for name, field in known.items()}


def joined(mine: Any, theirs: Any) -> Any:
    """Both values: of lists each thing once, texts under each other."""
    if isinstance(mine, list) or isinstance(theirs, list):
        mine, theirs = mine or [], theirs or []
        known = [_identity(each) for each in mine]
        return [*mine, *(each for each in theirs if _identity(each) not in known)]
    if is_empty(mine) or is_empty(theirs) or not isinstance(mine, str):
        return theirs if is_empty(mine) else mine
    return mine if theirs in mine.split("\n\n") or theirs == mine else f"{mine}\n\n{theirs}"


def taken_apart(before: Any, after: Any, now: Any) -> Any:
    """A value after a split. before, after: of the merge; now: what people have made of it since.

    Where nobody has touched it, it is as before the merge. Of a list that was changed since, what the merge brought
    goes, what it dropped comes back, and what people have added or removed stays so.
    """
    if now == after:
        return before
    if not (isinstance(before, list) and isinstance(after, list) and isinstance(now, list)):
        return now
    back = [each for each in before if each in now or each not in after]
    return back + [each for each in now if each not in before and each not in after]


def _identity(value: Any) -> Any:
    return value[0] if isinstance(value, list) else value
