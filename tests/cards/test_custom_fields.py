"""Custom fields: defined by the administrator, kept on cards, never lost by a change of mind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crm_app.access.queries import list_roles
from crm_app.cards.actions.fields import (
    add_field,
    change_field,
    ensure_indexes,
    move_field,
    remove_field,
    restore_field,
    set_field_level,
)
from crm_app.cards.field_queries import list_field_settings, list_fields
from crm_app.cards.queries.every_card import search_cards, see_timeline
from crm_app.clients.actions.cards import add_client, change_client
from crm_app.clients.queries import list_clients, see_client
from crm_app.core import json_values
from crm_app.core.actor import SYSTEM, Actor
from crm_app.core.db import Database, database
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from tests import make, people
from tests.cards.fields import field


def values(reader: Actor, client_id: int | None) -> dict[str, Any]:
    """The custom fields of a client as somebody sees them."""
    return perform(reader, see_client, client_id=client_id).fields


def give(writer: Actor, client_id: int | None, **fields: Any) -> None:
    """Change custom fields of a client."""
    perform(writer, change_client, client_id=client_id, values={"fields": fields})


# ---- defining --------------------------------------------------------------------------------------------------------


def test_a_key_is_made_of_the_name_and_stays(adam: Actor) -> None:
    first = field(name="Размер шин, дюймы")
    assert first.key == "razmer_shin_dyuymy"
    perform(adam, change_field, field_id=first.id, values={"name_ru": "Диаметр", "name_en": "Diameter"})
    assert [(f.key, f.name("ru"), f.name("en")) for f in perform(adam, list_fields, card="client")] == [
        ("razmer_shin_dyuymy", "Диаметр", "Diameter")
    ]
    assert field(name="Размер шин (дюймы)").key == "razmer_shin_dyuymy_2"


@pytest.mark.parametrize(
    ("card", "kind", "told", "named"),
    [
        ("client", "text", {"name_ru": " "}, "name_ru"),
        ("client", "text", {"name_ru": "я" * 61}, "name_ru"),
        ("client", "choice", {"options": []}, "options"),
        ("client", "choice", {"options": [{"ru": "А"}, {"ru": "а"}]}, "options"),
        ("client", "text", {"options": [{"ru": "А"}]}, "options"),
        ("client", "text", {"required": "stage"}, "stages"),
        ("client", "money", {"currency": "рубль"}, "currency"),
        ("client", "number", {"default": "много"}, "fields.pole"),
        ("client", "formula", {"formula": "1", "required": "creation"}, "required"),
        ("mailing", "text", {}, "card"),
        ("nothing", "text", {}, "card"),
    ],
)  # fmt: skip
def test_a_field_that_can_not_be_is_refused_by_name(
    database: Database, card: str, kind: str, told: dict[str, Any], named: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        perform(people.actor("adam"), add_field, card=card, kind=kind, values={"name_ru": "Поле", **told})
    assert refusal.value.reasons[0].field == named


def test_two_fields_of_one_name_would_be_taken_for_each_other(database: Database) -> None:
    field(name="Размер", name_en="Size")
    with pytest.raises(RuleBroken, match="size"):
        field(name="size")


def test_only_who_sets_the_company_up_defines_fields(ann: Actor, olga: Actor) -> None:
    for somebody in (ann, olga, people.NOBODY):
        with pytest.raises((Forbidden, NeedsLogin)):
            perform(somebody, add_field, card="client", kind="text", values={"name_ru": "Размер"})


def test_an_option_that_cards_have_can_be_hidden_but_not_dropped(adam: Actor, ann: Actor) -> None:
    colour = field("choice", "Цвет")
    red, blue = colour.options
    client = make.client(ann, fields={"tsvet": "Красный"})
    with pytest.raises(RuleBroken, match="Красный"):
        perform(adam, change_field, field_id=colour.id, values={"options": [blue]})
    perform(
        adam,
        change_field,
        field_id=colour.id,
        values={"options": [{**red, "ru": "Алый", "is_hidden": True}, {"ru": "Зелёный"}]},
    )
    assert values(ann, client.id) == {"tsvet": "krasnyy"}
    with pytest.raises(BadInput, match="Алый"):
        make.client(ann, "Другой", fields={"tsvet": "krasnyy"})
    give(ann, client.id, tsvet="krasnyy")  # it has that already


def test_fields_stand_in_the_order_they_are_put_in(adam: Actor) -> None:
    for name in ("Один", "Два", "Три"):
        last = field(name=name)
    perform(adam, move_field, field_id=last.id, place=0)
    assert [each.name_ru for each in perform(adam, list_fields, card="client")] == ["Три", "Один", "Два"]
    with pytest.raises(BadInput):
        perform(adam, move_field, field_id=last.id, place=3)


def test_a_removed_field_keeps_its_values_and_comes_back_with_them(adam: Actor, ann: Actor) -> None:
    size = field("number")
    client = make.client(ann, fields={"razmer": 7})
    perform(adam, remove_field, field_id=size.id)
    assert values(ann, client.id) == {}
    with pytest.raises(BadInput, match="razmer"):
        give(ann, client.id, razmer=8)
    give_name = perform(ann, change_client, client_id=client.id, values={"name": "Другое имя"})
    assert give_name.fields == {"razmer": 7}
    assert [each.field.removed_at is None for each in perform(adam, list_field_settings, card="client")] == [False]
    perform(adam, restore_field, field_id=size.id)
    assert values(ann, client.id) == {"razmer": 7}


# ---- values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [
        ("text", "  две   строки ", "две строки"),
        ("long_text", "раз\nдва", "раз\nдва"),
        ("number", "1 250,5", 1250.5),
        ("number", 7.0, 7),
        ("money", "1 250 000,50", 125_000_050),
        ("money", {"amount": "12.30", "currency": "RUB"}, 1230),
        ("date", "22.11.2026", "2026-11-22"),
        ("datetime", "2026-11-22T13:00:00+03:00", "2026-11-22T10:00:00Z"),
        ("datetime", "22.11.2026 13:00", "2026-11-22T10:00:00Z"),
        ("yes_no", "да", True),
        ("yes_no", False, False),
        ("choice", "blue", "siniy"),
        ("choices", "Синий, красный", ["krasnyy", "siniy"]),
        ("link", "kartoteka.example/a", "https://kartoteka.example/a"),
    ],
)  # fmt: skip
def test_a_value_is_read_as_people_write_it(ann: Actor, kind: str, given: Any, stored: Any) -> None:
    field(kind, "Поле")
    client = make.client(ann, fields={"pole": given})
    assert values(ann, client.id) == {"pole": stored}
    give(ann, client.id, pole=None)
    assert values(ann, client.id) == {}


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("text", 5), ("text", "я" * 501), ("number", "семь"), ("number", "NaN"), ("number", 10**12), ("number", True),
        ("money", "5 USD"), ("money", {"sum": 1}), ("date", "завтра"), ("datetime", "25:00"), ("yes_no", "может"),
        ("choice", "Зелёный"), ("choices", ["krasnyy", 3]), ("employee", 999), ("client", 999), ("file", 1),
        ("link", "javascript:alert(1)"), ("employee", 2**40),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_by_name(ann: Actor, kind: str, given: Any) -> None:
    field(kind, "Поле")
    with pytest.raises(BadInput) as refusal:
        make.client(ann, fields={"pole": given})
    assert [reason.field for reason in refusal.value.reasons] == ["fields.pole"]


def test_every_wrong_value_is_told_at_once(ann: Actor) -> None:
    field("number", "Один"), field("date", "Два")
    with pytest.raises(BadInput) as refusal:
        make.client(ann, fields={"odin": "x", "dva": "y", "tri": 1})
    assert [reason.field for reason in refusal.value.reasons] == ["fields.odin", "fields.dva", "fields.tri"]


def test_a_field_required_at_creation_is_asked_then_and_never_emptied(ann: Actor) -> None:
    old = make.client(ann, "Старый")
    field(required="creation")
    with pytest.raises(BadInput, match="Размер"):
        make.client(ann)
    perform(ann, change_client, client_id=old.id, values={"city": "Тула"})  # it was there before the field
    client = make.client(ann, fields={"razmer": "XL"})
    with pytest.raises(BadInput, match="Размер"):
        give(ann, client.id, razmer="")


def test_a_default_is_given_to_what_is_new(ann: Actor) -> None:
    old = make.client(ann, "Старый")
    field("choice", "Цвет", default="Синий", required="creation")
    assert values(ann, make.client(ann).id) == {"tsvet": "siniy"}
    assert values(ann, old.id) == {}


def test_people_clients_and_files_are_named_by_who_may_see_them(ann: Actor, bob: Actor) -> None:
    field("client", "Партнёр")
    theirs, mine = make.client(bob, "Чужой"), make.client(ann, "Свой")
    with pytest.raises(BadInput):
        make.client(ann, "Третий", fields={"partner": theirs.id})
    assert values(ann, make.client(ann, "Третий", fields={"partner": mine.id}).id) == {"partner": mine.id}


def test_another_change_of_the_card_leaves_custom_fields_alone(ann: Actor) -> None:
    field(name="Один"), field(name="Два")
    client = make.client(ann, fields={"odin": "а", "dva": "б"})
    give(ann, client.id, odin="в")
    assert values(ann, client.id) == {"odin": "в", "dva": "б"}


def test_history_tells_of_each_custom_field(ann: Actor) -> None:
    field("number")
    client = make.client(ann, fields={"razmer": 7})
    give(ann, client.id, razmer=8)
    latest = perform(ann, see_timeline, card="client", card_id=client.id)[0]
    assert latest.details["changes"] == {"fields.razmer": [7, 8]}


def test_a_card_is_found_by_its_custom_texts(ann: Actor) -> None:
    field(name="Марка"), field("long_text", "О машине")
    client = make.client(ann, fields={"marka": "Москвич"})
    assert [row.id for row in perform(ann, search_cards, words="москвич")] == [client.id]
    give(ann, client.id, marka="Победа", o_mashine="на ходу")
    assert perform(ann, search_cards, words="москвич") == []
    assert [row.id for row in perform(ann, search_cards, words="победа ходу")] == [client.id]


# ---- rights ----------------------------------------------------------------------------------------------------------


def manager_with(adam: Actor, field_id: int | None, level: str) -> Actor:
    """Ann, after the administrator has told what managers may do with a field."""
    role = next(role_id for role_id, key, _, _ in perform(adam, list_roles) if key == "manager")
    perform(adam, set_field_level, field_id=field_id, role_id=role, level=level)
    return people.actor("ann")


def test_a_hidden_field_leaves_no_door(adam: Actor, ann: Actor) -> None:
    size = field(required="creation")
    client = make.client(ann, fields={"razmer": "секрет"})
    give(adam, client.id, razmer="тайна")
    ann = manager_with(adam, size.id, "hidden")
    where = {"field": "fields.razmer", "op": "eq", "value": "тайна"}

    assert values(ann, client.id) == {} and values(adam, client.id) == {"razmer": "тайна"}
    assert perform(ann, list_fields, card="client") == []
    assert perform(ann, search_cards, words="тайна") == []
    assert all("changes" not in row.details or not row.details["changes"]
               for row in perform(ann, see_timeline, card="client", card_id=client.id))  # fmt: skip
    for asked in ({"where": where}, {"sort": "fields.razmer"}):
        with pytest.raises(BadInput):
            perform(ann, list_clients, **asked)
    with pytest.raises(BadInput, match="razmer"):
        give(ann, client.id, razmer="x")
    make.client(ann, "Новый")  # what one does not see is not asked of one


def test_a_field_that_is_only_read_is_refused_by_name(adam: Actor, ann: Actor) -> None:
    size = field()
    client = make.client(ann, fields={"razmer": "S"})
    ann = manager_with(adam, size.id, "read")
    assert values(ann, client.id) == {"razmer": "S"}
    for doing in (
        lambda: give(ann, client.id, razmer="M"),
        lambda: perform(ann, add_client, values={"name": "Новый", "fields": {"razmer": "M"}}),
    ):
        with pytest.raises(Forbidden) as refusal:
            doing()
        assert refusal.value.reasons[0].field == "fields.razmer"


def test_the_door_itself_keeps_a_read_only_part(ann: Actor) -> None:
    field(), field(name="Цвет")
    client = make.client(ann, fields={"razmer": "S"})
    locked = replace(ann, read_only={"client": frozenset({"fields.razmer"})})
    give(locked, client.id, tsvet="синий")
    assert values(ann, client.id) == {"razmer": "S", "tsvet": "синий"}


def test_a_stranger_to_the_card_changes_nothing(ann: Actor, bob: Actor, mary: Actor) -> None:
    field()
    client = make.client(ann, fields={"razmer": "S"})
    for somebody, refusal in ((bob, NotFound), (mary, Forbidden)):
        with pytest.raises(refusal):
            give(somebody, client.id, razmer="M")
    assert values(ann, client.id) == {"razmer": "S"}


# ---- indexes ---------------------------------------------------------------------------------------------------------


def kept_indexes() -> list[str]:
    with database().reader.connect() as connection:
        return json_values.indexes(connection)


def test_an_index_comes_and_goes_with_its_field(adam: Actor) -> None:
    size = field("number")
    name = f"{json_values.PREFIX}{size.id}"
    assert kept_indexes() == [name]
    perform(adam, remove_field, field_id=size.id)
    assert kept_indexes() == []
    perform(adam, restore_field, field_id=size.id)
    assert kept_indexes() == [name]


def test_lost_indexes_are_made_again(adam: Actor) -> None:
    size = field("number")
    with database().writer.begin() as connection:
        json_values.drop_index(connection, size.id or 0)
    perform(SYSTEM, ensure_indexes)
    perform(SYSTEM, ensure_indexes)
    assert kept_indexes() == [f"{json_values.PREFIX}{size.id}"]
