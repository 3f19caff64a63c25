"""Columns of lists: chosen, ordered and sized by each employee for themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crm_app.cards.actions.columns import reset_columns, set_columns
from crm_app.cards.actions.fields import remove_field
from crm_app.cards.columns import COLUMNS, in_words
from crm_app.cards.kinds import KINDS
from crm_app.cards.queries.columns import see_columns, tell_more
from crm_app.clients.actions.cards import remove_client
from crm_app.clients.queries import list_clients
from crm_app.clients.screens import list_page as clients_page
from crm_app.contacts.screens import list_page as contacts_page
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.db import Database
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound
from crm_app.deals.screens import list_page as deals_page
from crm_app.leads.screens import list_page as leads_page
from crm_app.tasks.actions.editing import close_task, create_task
from crm_app.tasks.screens import list_page as tasks_page
from tests import make
from tests.cards.fields import field
from tests.plans import statements_of


def shown(actor: Actor, card: str = "client") -> list[tuple[str, int]]:
    return [(c.key, c.width) for c in perform(actor, see_columns, card=card).columns if c.is_shown]


def place(*keys: str, width: int = 0) -> list[dict[str, object]]:
    return [{"key": key, "width": width} for key in keys]


def test_columns_are_chosen_in_an_order_and_come_again_as_they_were(ann: Actor, bob: Actor) -> None:
    usual = shown(ann)
    assert not perform(ann, see_columns, card="client").is_own
    perform(ann, set_columns, card="client", columns=place("inn", "name", "kind", width=120))
    assert shown(ann) == [("inn", 120), ("name", 120), ("kind", 120)]
    perform(ann, set_columns, card="client", columns=place("name", "city"))
    assert shown(ann) == [("name", 0), ("city", 0)]
    assert (shown(bob), shown(ann, "contact")[1][0]) == (usual, "name")
    perform(ann, reset_columns, card="client")
    assert shown(ann) == usual


@pytest.mark.parametrize(
    "columns",
    [place(), place("inn"), place("name", "name"), place("name", "password"), place("name", "fields.unknown"),
     place("name", width=10), place("name", width=-5), place("name", width=10_000), [{"key": "name"}],
     place(*(f"c{number}" for number in range(50)))],
)  # fmt: skip
def test_what_is_no_list_of_columns_is_refused(ann: Actor, columns: list[dict[str, object]]) -> None:
    with pytest.raises(BadInput):
        perform(ann, set_columns, card="client", columns=columns)
    assert not perform(ann, see_columns, card="client").is_own


def test_who_does_not_see_such_cards_has_no_list_of_them(ann: Actor) -> None:
    blind = replace(ann, permissions={name: scope for name, scope in ann.permissions.items() if name != "client.see"})
    for actor, refusal in ((blind, Forbidden), (make.guest(ann), Forbidden), (NOBODY, NeedsLogin)):
        for ability, named in (
            (see_columns, {}), (set_columns, {"columns": place("name")}), (reset_columns, {}),
            (tell_more, {"ids": [1], "keys": ["inn"]}),
        ):  # fmt: skip
            with pytest.raises(refusal):
                perform(actor, ability, card="client", **named)
    with pytest.raises(NotFound):
        perform(ann, set_columns, card="rocket", columns=place("name"))


def test_further_columns_and_custom_fields_are_told_in_words(ann: Actor) -> None:
    for kind, name in (("number", "Размер"), ("yes_no", "Опт"), ("client", "Партнёр")):
        field(kind, name)
    partner = make.client(ann, "Партнёр").id
    one = make.client(
        ann, "Вектор", "company", inn="7707083893", first_contact="2026-11-22",
        fields={"razmer": "7", "opt": True, "partner": partner},
    )  # fmt: skip
    keys = ["inn", "kind", "first_contact", "fields.razmer", "fields.opt", "fields.partner", "fields.none", "name"]
    told = perform(replace(ann, locale="ru"), tell_more, card="client", ids=[one.id, partner], keys=keys)
    assert told[one.id] == {
        "inn": "7707083893", "kind": "Компания", "first_contact": "22.11.2026", "fields.razmer": "7",
        "fields.opt": "да", "fields.partner": "Партнёр",
    }  # fmt: skip
    assert told[partner] == {"kind": "Человек"}
    perform(ann, remove_client, client_id=one.id)
    assert one.id not in perform(ann, tell_more, card="client", ids=[one.id], keys=keys)


def test_nobody_is_told_what_is_hidden_from_them_or_of_cards_that_they_do_not_see(ann: Actor, bob: Actor) -> None:
    field("text", "Размер")
    made = make.client(ann, "Вектор", "company", inn="7707083893", fields={"razmer": "XL"})
    asked = {"card": "client", "ids": [made.id], "keys": ["inn", "fields.razmer"]}
    assert perform(ann, tell_more, **asked)[made.id] == {"inn": "7707083893", "fields.razmer": "XL"}
    assert perform(bob, tell_more, **asked) == {}
    limited = replace(ann, hidden={"client": frozenset({"inn", "fields.razmer"})})
    assert perform(limited, tell_more, **asked) == {}
    assert not {"inn", "fields.razmer"} & {c.key for c in perform(limited, see_columns, card="client").columns}
    perform(ann, set_columns, card="client", columns=place("name", "inn"))
    assert shown(limited) == [("name", 0)]
    with pytest.raises(BadInput):
        perform(limited, set_columns, card="client", columns=place("name", "inn"))


def test_lists_of_tasks_have_columns_too_the_title_always_among_them(ann: Actor) -> None:
    task = perform(ann, create_task, title="Позвонить").id
    perform(ann, close_task, task_id=task)
    with pytest.raises(BadInput):
        perform(ann, set_columns, card="task", columns=place("deadline", "status"))
    perform(ann, set_columns, card="task", columns=place("closed_at", "title", "author"))
    assert [key for key, _ in shown(ann, "task")] == ["closed_at", "title", "author"]
    told = perform(ann, tell_more, card="task", ids=[task], keys=["closed_at"])
    assert told[task].keys() == {"closed_at"}


def test_a_removed_field_leaves_the_list_and_others_stay(ann: Actor, adam: Actor) -> None:
    made = field("text", "Размер")
    perform(ann, set_columns, card="client", columns=place("name", "fields.razmer", "city"))
    perform(adam, remove_field, field_id=made.id)
    assert shown(ann) == [("name", 0), ("city", 0)]


def test_who_has_the_usual_columns_asks_the_list_as_before(database: Database, ann: Actor) -> None:
    make.client(ann, "Вектор")
    asked = statements_of(database, lambda: perform(ann, list_clients))
    assert not any("list_layout" in statement for statement in asked)


def test_the_columns_that_pages_draw_are_those_that_can_be_chosen() -> None:
    for card, page in (
        ("client", clients_page),
        ("contact", contacts_page),
        ("lead", leads_page),
        ("deal", deals_page),
        ("task", tasks_page),
    ):
        drawn = page._columns()
        known = COLUMNS[card]
        usual = [key for key in known.faces if key not in known.spare]
        assert [column.key for column in drawn if not column.is_spare] == usual
        assert {column.key for column in drawn} == known.faces.keys()
        assert {column.key for column in drawn if column.sortable} - {"star"} <= {*known.sorts}
        assert all(hasattr(KINDS[card].model, key) for key in known.more)


def test_days_are_told_as_the_reader_writes_them() -> None:
    assert (in_words(date(2026, 11, 2), "ru"), in_words(date(2026, 11, 2), "en")) == ("02.11.2026", "2 Nov 2026")
    assert in_words(None, "ru") == ""
