"""Contacts from files: spreadsheets, Google's export, address books; tied to clients; taken back to the letter."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crm_app.access.actions.roles import set_field_right
from crm_app.access.queries import list_roles
from crm_app.cards.actions.comments import add_comment
from crm_app.cards.actions.fields import add_field
from crm_app.cards.sources import set_source
from crm_app.clients import jobs as import_jobs
from crm_app.clients.actions.cards import add_client
from crm_app.clients.actions.imports import (
    add_import,
    check_import,
    set_up_import,
    start_import,
    stop_import,
    undo_import,
)
from crm_app.clients.actions.mending import mend_row
from crm_app.clients.import_queries import list_imports, see_import
from crm_app.clients.importer import sources
from crm_app.contacts.actions.cards import add_contact, change_contact
from crm_app.contacts.actions.places import link_contact
from crm_app.contacts.models import Contact
from crm_app.contacts.queries import count_contacts, list_contacts, list_places, see_contact
from crm_app.core import files
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from tests import people
from tests.clients.test_import_changes import snapshot
from tests.clients.test_imports import SAMPLES, lines, run
from tests.clients.test_imports import upload as upload_file
from tests.work import work_off

HEAD = "ФИО;Телефон;E-mail;Компания;ИНН;Должность;День рождения;Город;Метки"
ROWS = "\n".join([
    "Иванов Иван Иванович;8 916 123-45-67, 8 495 765-43-21;i@ivanov.ru;ООО «Вектор»;;Директор;12.05.1980;Тула;вип",
    "Петрова Анна;89161234568;;;7707083893;Бухгалтер;;;",
    "Сидоров Пётр;89161234569;;Неведомая фирма;;Сторож;;;",
    "Иванов Иван Петрович;89161234570;;;;;;;",
    "Иванов Иван;89161234567;;;;;;;",
    ";89161234571;;;;;;;",
    "Кузнецов Олег;телефона нет;;;;;;;",
])  # fmt: skip


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "folder", lambda: tmp_path / "files")


def upload(actor: Actor, content: str | Path = f"{HEAD}\n{ROWS}") -> int:
    return upload_file(actor, content, "contact")


def found(actor: Actor, words: str) -> Any:
    """The only contact that these words find, whole."""
    (row,) = perform(actor, list_contacts, q=words).rows
    return perform(actor, see_contact, contact_id=row.id)


def left_of(counts: dict[str, int]) -> tuple[int, ...]:
    return tuple(counts[name] for name in ("taken", "left", "stuck"))


def test_contacts_come_with_all_that_is_said_of_them_and_are_tied_to_their_clients(ann: Actor) -> None:
    vector = perform(ann, add_client, values={"name": "Вектор"})
    bank = perform(ann, add_client, values={"name": "Банк", "inn": "7707083893"})
    import_id = upload(ann)
    checked = run(ann, check_import, import_id)
    assert (checked.card, checked.state, perform(ann, count_contacts)) == ("contact", "checked", 0)
    done = run(ann, start_import, import_id)
    assert checked.counts == done.counts == {"new": 4, "duplicate": 1, "bad": 2, "remark": 1}
    ivan = found(ann, "9161234567")
    assert (ivan.last_name, ivan.first_name, ivan.patronymic) == ("Иванов", "Иван", "Иванович")
    assert (ivan.phones, ivan.emails) == (["+79161234567", "+74957654321"], ["i@ivanov.ru"])
    assert (ivan.birthday.isoformat(), ivan.city, ivan.tags, ivan.source) == ("1980-05-12", "Тула", ["вип"], "import")
    (place,) = perform(ann, list_places, client_id=vector.id)
    assert (place.contact_id, place.position, place.is_main) == (ivan.id, "Директор", True)
    assert [each.contact for each in perform(ann, list_places, client_id=bank.id)] == ["Петрова Анна"]
    assert "Неведомая фирма, Сторож" in found(ann, "9161234569").note
    (remark,) = lines(ann, import_id, "remark")
    assert (remark.row, remark.problems[0].code) == (4, "contacts.import.no_client")
    (copy,) = lines(ann, import_id, "duplicate")
    assert (copy.row, copy.card_id, copy.card_name) == (6, ivan.id, ivan.name)
    assert [(bad.row, bad.problems[0].field) for bad in lines(ann, import_id, "bad")] == [(7, "name"), (8, "phones")]


def test_a_client_that_is_not_alone_or_not_seen_is_nobodys_workplace(ann: Actor, bob: Actor) -> None:
    for phone in ("89150000001", "89150000002"):
        perform(ann, add_client, values={"name": "Заря", "phones": [phone]})
    perform(bob, add_client, values={"name": "Тайна"})
    import_id = upload(ann, "Имя;Компания\nИванов Иван;Заря\nПетров Пётр;Тайна")
    run(ann, start_import, import_id)
    codes = [line.problems[0].code for line in lines(ann, import_id, "remark")]
    assert codes == ["contacts.import.many_clients", "contacts.import.no_client"]
    assert all(perform(ann, list_places, contact_id=row.id) == [] for row in perform(ann, list_contacts).rows)


def test_after_the_undo_the_database_is_as_it_was(olga: Actor, adam: Actor) -> None:
    perform(adam, add_field, card="contact", kind="text", values={"name_ru": "Код"})
    client = perform(olga, add_client, values={"name": "Вектор"})
    anna = perform(olga, add_contact, values={"name": "Петрова Анна", "phones": ["89161234568"], "links": ["a.ru"]})
    perform(olga, add_client, values={"name": "Банк", "inn": "7707083893"})
    before = snapshot()
    head, *rows = f"{HEAD};Ссылки;Код\n{ROWS}".split("\n")
    content = "\n".join([head, *(f"{row};t.me/x{n};к-{n}" for n, row in enumerate(rows))])
    import_id = upload(olga, content)
    perform(olga, set_up_import, import_id=import_id, options={"mode": "both", "key": "phones"})
    done = run(olga, start_import, import_id)
    assert (done.counts["new"], done.counts["changed"]) == (3, 1)
    card = perform(olga, see_contact, contact_id=anna.id)
    assert (card.version, card.links, list(card.fields.values())) == (2, ["https://a.ru", "https://t.me/x1"], ["к-1"])
    assert len(perform(olga, list_places, contact_id=anna.id)) == 1
    assert len(perform(olga, list_places, client_id=client.id)) == 1
    undone = run(olga, undo_import, import_id)
    assert left_of(undone.counts) == (4, 0, 0)
    assert snapshot() == before


def test_what_was_changed_since_stays_and_is_told(olga: Actor, adam: Actor) -> None:
    known = perform(olga, add_contact, values={"name": "Петрова Анна", "emails": ["p@a.ru"], "city": "Омск"})
    import_id = upload(olga, "ФИО;E-mail;Город\nПетрова Анна;p@a.ru;Тула\nИванов Иван;i@i.ru;Тула\nЯ Я;y@y.ru;Тула")
    perform(olga, set_up_import, import_id=import_id, options={"mode": "both", "key": "emails"})
    run(olga, start_import, import_id)
    perform(olga, change_contact, contact_id=known.id, values={"city": "Уфа"})
    perform(olga, add_comment, card="contact", card_id=found(olga, "i@i.ru").id, body="Звонил")
    assert left_of(run(olga, undo_import, import_id).counts) == (1, 2, 0)
    assert perform(olga, see_contact, contact_id=known.id).city == "Уфа"
    assert {line.name for line in lines(olga, import_id, "left")} == {"Петрова Анна", "Иванов Иван"}


def test_people_of_one_name_are_told_apart_by_their_patronymics(ann: Actor) -> None:
    perform(ann, add_contact, values={"name": "Иванов Иван Иванович"})
    import_id = upload(ann, "ФИО\nИванов Иван Петрович\nИванов Иван\nИванов Иван Петрович")
    assert run(ann, check_import, import_id).counts == {"new": 1, "duplicate": 2, "bad": 0, "remark": 0}
    other = upload(ann, "ФИО;Город\nИванов Иван Петрович;Тула\nИванов Иван Иванович;Уфа")
    perform(ann, set_up_import, import_id=other, options={"mode": "update", "key": "name"})
    counts = run(ann, start_import, other).counts
    assert (counts["changed"], counts["absent"]) == (1, 1)


def test_googles_export_and_an_address_book_go_in_whole(adam: Actor) -> None:
    import_id = upload(adam, SAMPLES / "google-contacts-120.csv")
    assert run(adam, start_import, import_id).counts["new"] == 120
    leon = found(adam, "pahom2001@example.com")
    assert (leon.name, leon.phones) == ("Виноградов Леонтий", ["+79957175701"])
    assert "Биофизик" in leon.note
    book = upload(adam, SAMPLES / "contacts-80.vcf")
    assert run(adam, start_import, book).counts["new"] == 80
    anna = found(adam, "orlovjanuari@example.net")
    assert (anna.last_name, anna.first_name, anna.phones) == ("Устинова", "Анжела", ["+79317636548"])
    assert left_of(run(adam, undo_import, book).counts) == (80, 0, 0)


def test_a_row_is_mended_before_and_after(ann: Actor) -> None:
    import_id = upload(ann)
    run(ann, check_import, import_id)
    cells = ["Кузнецов Олег", "89161234599", "", "", "", "", "", "", ""]
    assert perform(ann, mend_row, import_id=import_id, row=8, cells=cells) == "new"
    done = run(ann, start_import, import_id)
    assert (done.counts["new"], done.counts["bad"]) == (5, 1)
    assert perform(ann, mend_row, import_id=import_id, row=7, cells=["", "89161234571"]) == "bad"
    assert perform(ann, mend_row, import_id=import_id, row=7, cells=["Смирнова Ольга", "89161234571"]) == "new"
    assert perform(ann, count_contacts) == 6
    assert left_of(run(ann, undo_import, import_id).counts) == (6, 0, 0)


def test_an_import_is_stopped_and_goes_on(ann: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    import_id = upload(ann, "ФИО;E-mail\n" + "\n".join(f"Иванов{n} Иван;k{n}@b.ru" for n in range(1300)))
    perform(ann, start_import, import_id=import_id)
    with monkeypatch.context() as impatient:
        impatient.setattr(import_jobs.time, "sleep", lambda _: perform(ann, stop_import, import_id=import_id))
        work_off()
    assert perform(ann, see_import, import_id=import_id).state == "stopped"
    assert run(ann, start_import, import_id).counts["new"] == perform(ann, count_contacts) == 1300


def test_the_next_file_is_set_up_alike_and_never_as_one_of_clients(ann: Actor) -> None:
    content = "Имя;Что-то\nИванов Иван;Тула"
    first = upload(ann, content)
    options = {"defaults": {"city": "Пермь", "tags": "опт"}}
    perform(ann, set_up_import, import_id=first, mapping=["name", "note"], options=options)
    run(ann, start_import, first)
    again = perform(ann, see_import, import_id=upload(ann, content))
    assert (again.mapping, again.options["remembered"]) == (["name", "note"], True)
    assert "remembered" not in perform(ann, see_import, import_id=upload_file(ann, content)).options
    card = found(ann, "Иванов")
    assert (card.city, card.tags, card.note) == ("Пермь", ["опт"], "Тула")
    assert [each.card for each in perform(ann, list_imports, card="client")] == ["client"]


def test_who_may_import_clients_alone_imports_no_contacts(ann: Actor, adam: Actor, mary: Actor) -> None:
    import_id = upload(ann)
    with pytest.raises(Forbidden):
        upload(mary)
    with pytest.raises(NotFound):  # a marketer imports leads, and finds no contacts' import
        perform(mary, start_import, import_id=import_id)
    with pytest.raises(NeedsLogin):
        perform(NOBODY, start_import, import_id=import_id)
    with pytest.raises(NotFound):
        perform(people.actor("bob"), see_import, import_id=import_id)
    less = replace(ann, permissions={"client.import": "all"})
    with pytest.raises(Forbidden):
        perform(less, start_import, import_id=import_id)
    with pytest.raises(Forbidden):
        perform(less, list_imports, card="contact")
    assert perform(less, list_imports) == []


def test_locked_fields_closed_sources_and_foreign_cards_are_left_alone(ann: Actor, bob: Actor, adam: Actor) -> None:
    manager = next(number for number, key, _, _ in perform(adam, list_roles) if key == "manager")
    perform(adam, set_field_right, role_id=manager, card="contact", field="city", level="read")
    ann = people.actor("ann")
    import_id = upload(ann, "ФИО;Город\nИванов Иван;Тула")
    assert perform(ann, see_import, import_id=import_id).mapping == ["name", ""]
    with pytest.raises(BadInput):
        perform(ann, set_up_import, import_id=import_id, mapping=["name", "city"])
    with pytest.raises(BadInput):
        perform(ann, set_up_import, import_id=import_id, options={"key": "inn"})
    perform(adam, set_source, card="contact", source="import", is_open=False)
    with pytest.raises(RuleBroken):
        perform(ann, start_import, import_id=import_id)


def test_a_file_without_names_does_not_begin(ann: Actor) -> None:
    import_id = upload(ann, "Телефон;E-mail\n89161234567;a@b.ru")
    with pytest.raises(RuleBroken):
        perform(ann, start_import, import_id=import_id)


def test_another_s_contact_is_not_changed(ann: Actor, olga: Actor) -> None:
    perform(olga, add_contact, values={"name": "Иванов Иван", "emails": ["i@i.ru"]})
    import_id = upload(ann, "ФИО;E-mail;Город\nИванов Иван;i@i.ru;Тула")
    perform(ann, set_up_import, import_id=import_id, options={"mode": "both", "key": "emails"})
    run(ann, start_import, import_id)
    (bad,) = lines(ann, import_id, "bad")
    assert bad.problems[0].code == "clients.import.not_yours"


def test_a_known_place_is_not_made_twice(ann: Actor) -> None:
    client = perform(ann, add_client, values={"name": "Вектор"})
    contact = perform(ann, add_contact, values={"name": "Иванов Иван", "emails": ["i@i.ru"]})
    perform(ann, link_contact, contact_id=contact.id, client_id=client.id)
    import_id = upload(ann, "ФИО;E-mail;Компания\nИванов Иван;i@i.ru;Вектор")
    perform(ann, set_up_import, import_id=import_id, options={"mode": "both", "key": "emails"})
    assert run(ann, start_import, import_id).counts["same"] == 1


def test_no_such_kind_is_imported(adam: Actor) -> None:
    preview = sources()["excel"].preview(SAMPLES / "contacts-80.vcf", card="contact")
    with pytest.raises(NotFound):
        perform(adam, add_import, name="x", place="y", source="excel", preview=preview, card="task")
    assert Contact.__card__ == "contact"


def test_a_contact_whom_the_importer_may_not_see_is_not_made_again(ann: Actor, bob: Actor) -> None:
    perform(ann, add_contact, values={"name": "Лукин Пров Ильич", "phones": ["+79157776655"]})
    import_id = upload(bob, "Фамилия;Имя;Телефон\nЛукин;Пров;8 915 777-66-55\n")
    assert run(bob, start_import, import_id).counts["new"] == 0
    (line,) = lines(bob, import_id, "duplicate")
    assert (line.card_id, line.problems[0].value) == (0, "Анна")
