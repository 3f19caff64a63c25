"""The State of /settings/fields: the custom fields of each kind of card, arranged by whoever may."""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from crm_app.access.queries import list_roles
from crm_app.access.roles import ADMINISTRATOR
from crm_app.access.screens.base import Screen, Undo, handler, number_in
from crm_app.cards import formulas
from crm_app.cards.actions.fields import (
    add_field,
    change_field,
    move_field,
    remove_field,
    restore_field,
    set_field_level,
)
from crm_app.cards.field_queries import FieldSetting, list_field_settings, list_ways
from crm_app.cards.field_rules import CHOICES, KINDS, Definition, FieldValues, Kind, Required
from crm_app.cards.field_values import show_value
from crm_app.cards.kinds import KINDS as CARDS
from crm_app.cards.kinds import Way
from crm_app.core.errors import CrmError
from crm_app.core.i18n import text
from crm_app.ui.field import Option

BETWEEN = "|"
"""In a line of a new option: before its English name."""


class LevelCell(TypedDict):
    """What a role may do with a field."""

    role_id: int
    role: str
    level: str


class OptionLine(TypedDict):
    """An option that is there already."""

    key: str
    ru: str
    en: str
    is_hidden: bool


class FieldLine(TypedDict):
    """A field in the list; about: its options or its formula; scope: its pipelines, "" for all; place: among those in
    use, -1 for a removed one.
    """

    id: int
    key: str
    name: str
    kind: str
    kind_key: str
    required_key: str
    stages: str
    about: str
    scope: str
    place: int
    is_first: bool
    is_last: bool
    levels: list[LevelCell]


class FieldForm(TypedDict):
    """What the form begins with. id: 0 for a new field."""

    id: int
    kind: str
    name_ru: str
    name_en: str
    help_ru: str
    help_en: str
    currency: str
    formula: str
    required: str
    default: str
    options: list[OptionLine]
    pipelines: list[str]
    stages: list[str]


class StagesOf(TypedDict):
    """The stages of a pipeline, to be chosen from."""

    way: str
    stages: list[Option]


NEW: FieldForm = {
    "id": 0, "kind": "text", "name_ru": "", "name_en": "", "help_ru": "", "help_en": "", "currency": "RUB",
    "formula": "", "required": "never", "default": "", "options": [], "pipelines": [], "stages": [],
}  # fmt: skip


class CustomFieldEditor(Screen):
    """The fields of one kind of card, and the form of one of them."""

    card: str = "client"
    lines: list[FieldLine] = []
    removed: list[FieldLine] = []
    is_ready: bool = False
    form: FieldForm = NEW
    kind: str = "text"
    required: str = "never"
    edits: bool = False
    saves: int = 0
    opens: int = 0
    names: list[Option] = []
    ways: list[Option] = []
    stages: list[StagesOf] = []
    errors: dict[str, str] = {}

    _settings: list[FieldSetting] = []

    @handler("field.define")
    async def opened(self) -> None:
        """Fill the page, and follow what others change."""
        card = dict(self.router.url.query_parameters).get("card", "client")
        card = card if card in CARDS and CARDS[card].has_fields else "client"
        if self.is_ready and card != self.card:
            self.edits = False
        self.card = card
        await self._watch({f"fields:{self.card}", "roles"}, CustomFieldEditor.changed)
        await self._load()

    @handler("field.define")
    async def changed(self) -> None:
        """Somebody has changed a field, or what a role may do with it."""
        await self._load()

    @handler("field.define")
    async def adding_opened(self) -> None:
        """A new field."""
        self._open(NEW)

    @handler("field.define")
    async def editing_opened(self, field_id: int) -> None:
        """Change a field."""
        found = next((each.field for each in self._settings if each.field.id == field_id), None)
        if found is not None:
            self._open(_form(found, self._locale))

    @handler("field.define")
    async def editing_closed(self) -> None:
        """The form was closed."""
        self.edits, self.errors = False, {}

    @handler("field.define")
    async def kind_chosen(self, kind: Kind) -> None:
        """What kind the new field is: the form asks for what belongs to it."""
        self.kind = kind

    @handler("field.define")
    async def required_chosen(self, required: Required) -> None:
        """When the field has to be filled in: the form asks for the stages."""
        self.required = required

    @handler("field.define")
    async def field_saved(self, fields: dict[str, str]) -> None:
        """Add the field, or change it."""
        self.errors = {}
        stages = [stage["id"] for way in self.stages for stage in way["stages"]]
        values = _values(fields, self.form, self.kind, [way["id"] for way in self.ways], stages)
        if self.form["id"]:
            await self._act(change_field, field_id=self.form["id"], values=values)
        else:
            await self._act(add_field, card=self.card, kind=self.kind, values=values)
        self.edits = False
        self.saves += 1
        await self._load()

    @handler("field.define")
    async def field_moved(self, field_id: int, place: int) -> None:
        """A field goes before or behind another."""
        await self._act(move_field, field_id=field_id, place=place)
        await self._load()

    @handler("field.define")
    async def field_removed(self, field_id: int) -> None:
        """Take a field off all cards; the toast brings it back."""
        await self._act(remove_field, field_id=field_id)
        await self._toast("cards.custom.removed_now", undo=Undo(restore_field, {"field_id": field_id}))
        await self._load()

    @handler("field.define")
    async def field_restored(self, field_id: int) -> None:
        """Bring a removed field back."""
        await self._act(restore_field, field_id=field_id)
        await self._load()

    @handler("field.define")
    async def level_chosen(self, field_id: int, role_id: int, level: Literal["hidden", "read", "write"]) -> None:
        """What a role may do with a field."""
        await self._act(set_field_level, field_id=field_id, role_id=role_id, level=level)
        await self._load()

    def _open(self, form: FieldForm) -> None:
        self.form, self.kind, self.errors, self.edits = form, form["kind"], {}, True
        self.required = form["required"]
        self.opens += 1

    async def _load(self) -> None:
        ways = await self._ask(list_ways, card=self.card)
        self.ways = [_option(way.id, way.name) for way in ways]
        self.stages = [{"way": way.name, "stages": [_option(*stage) for stage in way.stages]} for way in ways]
        self._settings = await self._ask(list_field_settings, card=self.card)
        roles = [(i, name) for i, key, name, _ in await self._ask(list_roles) if key != ADMINISTRATOR]
        used = [each for each in self._settings if each.field.removed_at is None]
        gone = [each for each in self._settings if each.field.removed_at is not None]
        self.lines = [_line(each, place, len(used), roles, ways, self._locale) for place, each in enumerate(used)]
        self.removed = [_line(each, -1, 0, roles, ways, self._locale) for each in gone]
        usable = [each.field for each in used if formulas.usable(each.field)]
        own = [{"id": field.key, "label": field.name(self._locale), "hint": ""} for field in usable]
        standard = CARDS[self.card].computed_of
        names = [text(f"field.{self.card}.{name}", self._locale) for name in standard]
        self.names = own + [{"id": i, "label": n, "hint": ""} for i, n in zip(standard, names, strict=True)]
        self.is_ready = True

    async def _refused(self, error: CrmError) -> Any:
        if not self.edits:
            return await super()._refused(error)
        self.errors = {reason.field or "form": reason.text(self._locale) for reason in error.reasons}
        known = {"name_ru", "name_en", "help_ru", "help_en", "options", "currency", "formula", "required", "stages"}
        for name in self.errors.keys() - known - {"form"}:
            self.errors = {**self.errors, "default": self.errors[name]}
        return None


def _line(
    each: FieldSetting, place: int, count: int, roles: list[tuple[int, str]], ways: list[Way], locale: str
) -> FieldLine:
    field = each.field
    options = ", ".join(field.option_name(one["key"], locale) for one in field.options if not one["is_hidden"])
    return {
        "id": field.id,
        "key": field.key,
        "name": field.name(locale),
        "kind": field.kind,
        "kind_key": f"cards.custom.kind.{field.kind}",
        "required_key": f"cards.custom.required.{field.required}",
        "about": field.formula or options or field.currency,
        "stages": ", ".join(name for way in ways for stage_id, name in way.stages if field.is_asked_at(stage_id)),
        "scope": ", ".join(way.name for way in ways if way.id in field.pipelines),
        "place": place,
        "is_first": place == 0,
        "is_last": place == count - 1,
        "levels": [{"role_id": i, "role": name, "level": each.levels.get(i, "write")} for i, name in roles],
    }


def _form(field: Definition, locale: str) -> FieldForm:
    return {
        "id": field.id,
        "kind": field.kind,
        "name_ru": field.name_ru,
        "name_en": field.name_en,
        "help_ru": field.help_ru,
        "help_en": field.help_en,
        "currency": field.currency,
        "formula": field.formula,
        "required": field.required,
        "default": show_value(field, field.default, locale),
        "options": [{**option} for option in field.options],  # type: ignore[typeddict-item]
        "pipelines": [str(way) for way in field.pipelines],
        "stages": [str(stage) for stage in field.stages],
    }


def _option(number: int, name: str) -> Option:
    return {"id": str(number), "label": name, "hint": ""}


def _values(typed: dict[str, str], form: FieldForm, kind: str, ways: list[str], stages: list[str]) -> FieldValues:
    """What the form says, as the actions take it. ways, stages: those that were offered."""
    assert kind in KINDS
    plain = ("name_ru", "name_en", "help_ru", "help_en", "currency", "formula", "required", "default")
    values: dict[str, Any] = {name: typed[name] for name in plain if name in typed}
    values["pipelines"] = [number_in(way) for way in ways if typed.get(f"pipeline:{way}") == "true"]
    values["stages"] = [number_in(stage) for stage in stages if typed.get(f"stage:{stage}") == "true"]
    if kind in CHOICES:
        kept = [
            {
                "key": option["key"],
                "ru": typed.get(f"ru:{option['key']}", ""),
                "en": typed.get(f"en:{option['key']}", ""),
                "is_hidden": typed.get(f"hidden:{option['key']}") == "true",
            }
            for option in form["options"]
        ]
        lines = [line.partition(BETWEEN) for line in typed.get("options", "").splitlines() if line.strip()]
        values["options"] = [*kept, *({"ru": ru, "en": en} for ru, _, en in lines)]
    return values
