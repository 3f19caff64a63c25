"""What an import remembers for the next file of its kind, and what it gives to clients whose row has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_app.access.actions.roles import set_field_right
from crm_app.access.queries import list_roles
from crm_app.cards.actions.fields import add_field
from crm_app.clients.actions.cards import add_client
from crm_app.clients.actions.imports import set_up_import, start_import, undo_import
from crm_app.clients.import_kinds import kind_of
from crm_app.clients.import_queries import see_import
from crm_app.clients.import_updates import good_defaults
from crm_app.clients.queries import list_clients, see_client
from crm_app.core import files
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, NotFound
from tests import people
from tests.clients.test_imports import run, upload

FILE = "Название;Что-то;ИНН\nВектор;Тула;7707083893\nЗаря;;"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "folder", lambda: tmp_path / "files")


def test_the_next_file_with_the_same_headings_is_set_up_alike(ann: Actor, bob: Actor, adam: Actor) -> None:
    first = upload(ann, FILE)
    wanted = {"mode": "both", "key": "inn", "defaults": {"city": "Пермь", "tags": "опт"}}
    perform(ann, set_up_import, import_id=first, mapping=["name", "city", "inn"], options=wanted)
    assert run(ann, start_import, first).state == "done"
    again = perform(ann, see_import, import_id=upload(ann, FILE.replace("Вектор", "Луч").upper()))
    assert (again.mapping, again.options["mode"], again.options["key"]) == (["name", "city", "inn"], "both", "inn")
    assert again.options["defaults"] == wanted["defaults"] and again.options["remembered"]
    other = perform(ann, see_import, import_id=upload(ann, "Название;Город\nЗаря;Тула"))
    theirs = perform(bob, see_import, import_id=upload(bob, FILE))
    program = perform(ann, see_import, import_id=upload(ann.by("api"), FILE))
    assert not any("remembered" in each.options for each in (other, theirs, program))
    manager = next(number for number, key, _, _ in perform(adam, list_roles) if key == "manager")
    for field, level in (("city", "read"), ("inn", "hidden")):
        perform(adam, set_field_right, role_id=manager, card="client", field=field, level=level)
    less = perform(people.actor("ann"), see_import, import_id=upload(people.actor("ann"), FILE))
    assert (less.mapping, less.options["mode"], less.options["key"]) == (["name", "", ""], "create", "")
    assert less.options["defaults"] == {"tags": "опт"}


@pytest.mark.parametrize("mode", ["create", "both"])
def test_new_clients_get_what_their_rows_lack(ann: Actor, adam: Actor, mode: str) -> None:
    own = perform(adam, add_field, card="client", kind="text", values={"name_ru": "Код", "required": "creation"})
    ann = people.actor("ann")
    known = perform(ann, add_client, values={"name": "Луч", "emails": ["l@luch.ru"], "fields": {own.key: "к"}})
    rows = "Название;E-mail;Город;Метки\nВектор;v@v.ru;Тула;вип\nЗаря;z@z.ru;;\nЛуч;l@luch.ru;;"
    import_id = upload(ann, rows)
    given = {"city": "Пермь", "type": "поставщик", "tags": "опт, новые", f"fields.{own.key}": "к-1"}
    perform(ann, set_up_import, import_id=import_id, options={"mode": mode, "key": "emails", "defaults": given})
    done = run(ann, start_import, import_id)
    assert (done.counts["new"], done.counts["bad"]) == (2, 0)
    found = {row.name: row for row in perform(ann, list_clients).rows}
    assert [(found[name].city, found[name].type) for name in ("Вектор", "Заря", "Луч")] == [
        ("Тула", "supplier"), ("Пермь", "supplier"), ("", ""),
    ]  # fmt: skip
    assert [sorted(found[name].tags) for name in ("Вектор", "Заря", "Луч")] == [["вип"], ["новые", "опт"], []]
    assert perform(ann, see_client, client_id=found["Заря"].id).fields == {own.key: "к-1"}
    assert perform(ann, see_client, client_id=known.id).fields == {own.key: "к"}
    assert [row.name for row in perform(ann, list_clients, q="пермь").rows] == ["Заря"]
    assert run(ann, undo_import, import_id).counts["taken"] == 2


def test_a_default_that_makes_no_sense_any_more_is_left_out() -> None:
    told = {"city": "Тула", "site": "не сайт", "name": "Вектор", "fields.gone": "x"}
    assert good_defaults(kind_of("client"), [], told, ["city", "site", "fields.gone"]) == {"city": "Тула"}


@pytest.mark.parametrize("defaults", [{"deleted_at": "x"}, {"site": "не сайт"}, {"fields.none": "x"}, {"phones": "1"}])
def test_defaults_that_make_no_sense_are_refused(ann: Actor, bob: Actor, defaults: dict[str, str]) -> None:
    import_id = upload(ann, FILE)
    with pytest.raises(BadInput):
        perform(ann, set_up_import, import_id=import_id, options={"defaults": defaults})
    with pytest.raises(NotFound):
        perform(bob, set_up_import, import_id=import_id, options={"defaults": {"city": "Тула"}})
