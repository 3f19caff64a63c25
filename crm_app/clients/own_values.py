"""Custom fields of the rows of an import: texts made values, what is missing told, defaults given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crm_app.cards.field_rules import Definition
from crm_app.cards.field_values import clean_value, is_empty
from crm_app.clients.drafts import ClientDraft, Problem
from crm_app.core.errors import BadInput
from crm_app.core.folding import fold

LONGEST_SHOWN = 80


class OwnValues:
    """fields: those that whoever imports may fill. employees: ids by folded name and address."""

    def __init__(self, fields: Sequence[Definition], employees: Mapping[str, int]) -> None:
        self.fields = fields
        self._employees = employees
        self._defaults = {field.key: field.default for field in fields if not is_empty(field.default)}

    def read(self, row: int, draft: ClientDraft) -> list[Problem]:
        """Make the draft's texts values. A bad one is left out with a remark; a row without a required one is bad."""
        values = dict(self._defaults)
        problems: list[Problem] = []
        for field in self.fields:
            text = draft.custom.get(field.key)
            try:
                told = self._employees.get(fold(text), text) if text and field.kind == "employee" else text
                value = clean_value(field, told)
            except BadInput:
                shown = f"{field.name('')}: {text}"[:LONGEST_SHOWN]
                problems.append(Problem(row, "", field.full, "clients.import.bad_own", shown, "warning"))
                continue
            if value is not None:
                values[field.key] = value
        draft.custom = values
        return problems + [
            Problem(row, "", field.full, "clients.import.no_own", field.name(""))
            for field in self.fields
            if field.required == "creation" and field.key not in values
        ]
