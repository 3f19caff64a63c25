"""Imports: a real file from upload to report and back; workers that die; people who must not."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from crm_app.access.actions.roles import set_field_right
from crm_app.access.queries import list_roles
from crm_app.cards.actions.comments import add_comment
from crm_app.cards.actions.rights import set_exception
from crm_app.cards.models import CardPhone
from crm_app.cards.queries.every_card import see_timeline
from crm_app.cards.sources import set_source
from crm_app.clients import jobs as import_jobs
from crm_app.clients.actions.cards import add_client, change_client
from crm_app.clients.actions.imports import add_import, check_import, set_up_import, start_import, undo_import
from crm_app.clients.import_queries import (
    ImportLine,
    find_known,
    list_faults,
    list_import_rows,
    list_imports,
    list_report,
    see_import,
    sum_up_remarks,
)
from crm_app.clients.importer import sources
from crm_app.clients.matching import Likeness
from crm_app.clients.models import Client
from crm_app.clients.queries import count_clients, list_clients, see_client
from crm_app.core import clock, files, jobs
from crm_app.core.actor import NOBODY, Actor
from crm_app.core.db import database
from crm_app.core.door import perform
from crm_app.core.errors import BadInput, Forbidden, NeedsLogin, NotFound, RuleBroken
from tests import people
from tests.work import work_off

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
HEAD = "Название;Телефон;E-mail;ИНН;Ответственный;Метки;Статус"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "folder", lambda: tmp_path / "files")


def upload(actor: Actor, content: str | Path, card: str = "client") -> int:
    """An import of a file or of the text of a .csv, as the upload route makes it."""
    place = f"{'a' * 39}{upload_count()}"
    path = files.path_of(place)
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Path):
        shutil.copy(content, path)
    else:
        path.write_text(content, encoding="utf-8")
    preview = sources()["excel"].preview(path, card=card)
    return perform(actor, add_import, name="file", place=place, source="excel", preview=preview, card=card).id


def upload_count() -> int:
    return len(list(files.folder().rglob("*"))) if files.folder().exists() else 0


def run(actor: Actor, what: Any, import_id: int) -> Any:
    """Ask for the work, have it done, see how it stands."""
    perform(actor, what, import_id=import_id)
    work_off()
    return perform(actor, see_import, import_id=import_id)


def expire_leases() -> None:
    """As if the worker had been dead for longer than a lease lasts."""
    with database().session(writes=True) as session:
        session.execute(update(jobs.JobRow).values(lease_until=clock.now() - jobs.LEASE))
        session.commit()


def lines(actor: Actor, import_id: int, outcome: str) -> list[ImportLine]:
    return perform(actor, list_import_rows, import_id=import_id, outcome=outcome, limit=200)


def test_the_sample_goes_in_with_its_bad_rows_named_and_its_copies_proposed(adam: Actor) -> None:
    import_id = upload(adam, SAMPLES / "clients-4940.xlsx")
    checked = run(adam, check_import, import_id)
    assert (checked.state, perform(adam, count_clients)) == ("checked", 0)
    done = run(adam, start_import, import_id)
    assert done.state == "done"
    assert {name: done.counts[name] for name in ("new", "duplicate")} == {"new": 4710, "duplicate": 180}
    assert checked.counts == done.counts
    assert perform(adam, count_clients) == 4710
    bad = lines(adam, import_id, "bad")
    assert len(bad) == done.counts["bad"] == 50
    assert Counter(p.field for line in bad for p in line.problems if p.level == "error") == {
        "name": 10, "emails": 10, "inn": 10, "phones": 10, "first_contact": 10,
    }  # fmt: skip
    copies = lines(adam, import_id, "duplicate")
    assert len(copies) == 180 and all(copy.card_id and copy.first_row < copy.row for copy in copies)
    faults = [problem for problems in perform(adam, list_faults, import_id=import_id).values() for problem in problems]
    formulas = [problem for problem in faults if problem.code.endswith("name_is_formula")]
    assert len(formulas) == 10
    rows = perform(adam, list_clients, q=formulas[0].value).rows
    assert (
        {row.name for row in rows}
        == {problem.value for problem in formulas}
        == {'=HYPERLINK("http://evil.example","x")'}
    )


def test_an_address_book_goes_in_whole(ann: Actor) -> None:
    done = run(ann, start_import, upload(ann, SAMPLES / "google-contacts-120.csv"))
    assert (done.state, done.counts["new"], done.counts["duplicate"], done.counts["bad"]) == ("done", 120, 0, 0)
    (row,) = perform(ann, list_clients, q="pahom2001@example.com").rows
    assert (row.name, row.kind, row.phone) == ("Леонтий Виноградов", "person", "+79957175701")


def test_remarks_are_told_by_kind_and_never_hide_the_bad_rows(olga: Actor) -> None:
    text = "\n".join(
        [HEAD, "Раз;;;;Некто;;", *[f"Вектор {n};;;;Некто;;" for n in range(60)], "Два;;;;Никто;;", ";;;;;;x"]
    )
    import_id = upload(olga, text)
    for what, state in ((check_import, "checked"), (start_import, "done")):
        assert run(olga, what, import_id).state == state
        kinds = perform(olga, sum_up_remarks, import_id=import_id)
        assert [(k.problem.value, k.rows, k.problem.row) for k in kinds] == [("Некто", 61, 2), ("Никто", 1, 63)]
        assert [line.outcome for line in perform(olga, list_report, import_id=import_id)] == ["bad"]


UNSEEN = "Название;Телефон;E-mail\nВектор;8 915 123-45-67;\nЛада;;lada@lada.example\nМарс;;\n"


def test_cards_that_the_importer_may_not_see_are_not_made_again_and_only_whom_to_ask_is_told(
    ann: Actor, bob: Actor, adam: Actor
) -> None:
    hidden = add_client_of(ann, "ООО «Тайный вектор»", phones=["+79151234567"])
    nobodys = add_client_of(adam, "Лада", emails=["lada@lada.example"])
    perform(adam, change_client, client_id=nobodys, values={"responsible_id": None})
    import_id = upload(bob, UNSEEN)
    for what in (check_import, start_import):
        assert run(bob, what, import_id).counts == {"new": 1, "duplicate": 2, "bad": 0, "remark": 0}
        first, second = lines(bob, import_id, "duplicate")
        assert first.problems[0].text("ru") == "Такая карточка уже есть, но вам она не видна. Спросите: Анна"
        assert second.problems[0].text("en").endswith("Ask the administrator")
        assert {(line.card_id, line.card_name, line.first_row) for line in (first, second)} == {(0, "", 0)}
        assert "Тайный" not in repr((first, second)) and str(hidden) not in repr(first.problems)
    assert [row.name for row in perform(bob, list_clients).rows] == ["Марс"]


def test_they_are_added_all_the_same_where_that_is_wished(ann: Actor, bob: Actor) -> None:
    add_client_of(ann, "Тайный вектор", phones=["+79151234567"])
    import_id = upload(bob, UNSEEN)
    perform(bob, set_up_import, import_id=import_id, options={"duplicates": True})
    assert run(bob, start_import, import_id).counts == {"new": 3, "duplicate": 1, "bad": 0, "remark": 0}


def test_by_a_hidden_field_nobody_learns_of_a_card_that_they_may_not_see(ann: Actor, adam: Actor) -> None:
    add_client_of(adam, "Тайный вектор", phones=["+79151234567"])
    manager = next(number for number, key, _, _ in perform(adam, list_roles) if key == "manager")
    perform(adam, set_field_right, role_id=manager, card="client", field="phones", level="hidden")
    import_id = upload(people.actor("ann"), "Название;Телефон\nВектор;+79151234567\n")
    assert run(people.actor("ann"), check_import, import_id).counts["new"] == 1


def add_client_of(owner: Actor, name: str, **values: Any) -> int:
    return perform(owner, add_client, values={"name": name, "kind": "company", **values}).id or 0


def test_a_file_that_is_sent_twice_adds_nothing_the_second_time_and_keeps_its_remarks(ann: Actor) -> None:
    text = f"{HEAD}\nВектор;89151234567;a@b.ru;;Никто Такой;;\nЗаря;89151234568;;;Никто Такой;;"
    first = run(ann, start_import, upload(ann, text))
    assert (first.state, first.counts["new"], first.counts["remark"]) == ("done", 2, 2)
    second = upload(ann, text)
    done = run(ann, start_import, second)
    assert (done.state, done.counts["new"], done.counts["duplicate"], done.counts["remark"]) == ("done", 0, 2, 0)
    assert all(line.card_id and line.problems for line in lines(ann, second, "duplicate"))


def test_an_import_that_breaks_off_again_and_again_says_so(ann: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(*_: Any) -> None:
        raise OSError("the disk is gone")

    import_id = upload(ann, f"{HEAD}\nВектор;89151234567;;;;;")
    perform(ann, start_import, import_id=import_id)
    monkeypatch.setattr(import_jobs, "_put", break_off)
    with database().session(writes=True) as session:
        session.execute(update(jobs.JobRow).values(tries=jobs.MOST_TRIES - 1))
        session.commit()
    work_off()
    state = perform(ann, see_import, import_id=import_id)
    assert (state.state, state.error) == ("failed", "clients.import.stumbled")


@pytest.mark.parametrize(
    ("text", "new"),
    [
        (f"{HEAD}\nВектор;89151234567;a@b.ru;;;опт;Постоянный\nЗаря;;;;;;", 2),
        ("Компания;Тел.\nВектор;8 915 123 45 67", 1),
    ],
)
def test_what_comes_in_is_a_client_like_any_other(ann: Actor, text: str, new: int) -> None:
    done = run(ann, start_import, upload(ann, text))
    assert done.counts["new"] == perform(ann, count_clients) == new
    (row,) = perform(ann, list_clients, q="9151234567").rows
    assert (row.name, row.phone, row.responsible) == ("Вектор", "+79151234567", "Анна")
    (fact,) = perform(ann, see_timeline, card="client", card_id=row.id)
    assert (fact.name, fact.via, fact.actor_name) == ("ClientAdded", "import", "Анна")


def test_tags_words_and_responsible_employees_are_recognised(olga: Actor, ann: Actor) -> None:
    text = f"{HEAD}\nРаз;;;;Анна;опт, Москва;Инвестор\nДва;;;;ann@test.example;;текущий\nТри;;;;Некто;;\n"
    import_id = upload(olga, text)
    run(olga, start_import, import_id)
    rows = {row.name: row for row in perform(olga, list_clients).rows}
    assert (rows["Раз"].tags, rows["Раз"].status, rows["Раз"].responsible) == (["Москва", "опт"], "Инвестор", "Анна")
    assert (rows["Два"].status, rows["Два"].responsible, rows["Три"].responsible) == ("current", "Анна", "Ольга")
    (remark,) = lines(olga, import_id, "remark")
    assert (remark.row, remark.problems[0].code) == (4, "clients.import.unknown_employee")


def test_a_manager_can_not_give_cards_to_another_department(ann: Actor, bob: Actor) -> None:
    import_id = upload(ann, f"{HEAD}\nРаз;;;;Боб;;")
    run(ann, start_import, import_id)
    assert perform(ann, list_clients).rows[0].responsible == "Анна"
    assert lines(ann, import_id, "remark")[0].problems[0].code == "clients.import.others_employee"
    with pytest.raises(Forbidden):
        perform(ann, set_up_import, import_id=upload(ann, HEAD + "\nДва;;;;;;"), options={"responsible_id": bob.id})


def test_clients_that_are_there_already_are_proposed_and_not_added(ann: Actor) -> None:
    known = perform(ann, add_client, values={"name": "ООО «Вектор»", "phones": ["+79151234567"]})
    import_id = upload(ann, f"{HEAD}\nДругое имя;8 915 123-45-67;;;;;\nЗаря;;;;;;")
    done = run(ann, start_import, import_id)
    assert (done.counts["new"], done.counts["duplicate"]) == (1, 1)
    (copy,) = lines(ann, import_id, "duplicate")
    assert (copy.row, copy.card_id, copy.card_name) == (2, known.id, "ООО «Вектор»")


def test_copies_come_in_where_the_person_wants_them(ann: Actor) -> None:
    import_id = upload(ann, f"{HEAD}\nВектор;89151234567;;;;;\nВектор;89151234567;;;;;")
    perform(ann, set_up_import, import_id=import_id, options={"duplicates": True})
    done = run(ann, start_import, import_id)
    assert (done.counts["new"], done.counts["duplicate"], perform(ann, count_clients)) == (2, 1, 2)


def test_columns_are_fed_as_the_person_says(ann: Actor) -> None:
    import_id = upload(ann, "Название;Что-то\nВектор;Тула")
    perform(ann, set_up_import, import_id=import_id, mapping=["name", "city"])
    run(ann, start_import, import_id)
    assert perform(ann, list_clients).rows[0].city == "Тула"
    with pytest.raises(BadInput):
        perform(ann, set_up_import, import_id=upload(ann, "Название\nЗаря"), mapping=["deleted_at"])


def test_without_a_column_of_names_nothing_starts(ann: Actor) -> None:
    import_id = upload(ann, "Название;Город\nВектор;Тула")
    perform(ann, set_up_import, import_id=import_id, mapping=["", "city"])
    with pytest.raises(RuleBroken, match="назван"):
        perform(ann, start_import, import_id=import_id)


def test_undo_takes_back_what_nobody_has_touched_and_says_what_stays(ann: Actor, olga: Actor) -> None:
    import_id = upload(ann, f"{HEAD}\n" + "\n".join(f"Клиент {n};;k{n}@b.ru;;;;" for n in range(6)))
    run(ann, start_import, import_id)
    ids = [row.id for row in perform(ann, list_clients).rows]
    perform(ann, change_client, client_id=ids[0], values={"city": "Тула"})
    perform(ann, add_comment, card="client", card_id=ids[1], body="Звонил")
    undone = run(ann, undo_import, import_id)
    assert (undone.state, undone.counts["taken"], undone.counts["left"]) == ("undone", 4, 2)
    assert [row.id for row in perform(ann, list_clients).rows] == ids[:2]
    assert perform(ann, list_clients, q="k5@b.ru").rows == []
    left = lines(ann, import_id, "left")
    assert [(line.card_id, line.problems[0].code) for line in left] == [
        (ids[0], "clients.import.left_touched"),
        (ids[1], "clients.import.left_touched"),
    ]


class Killed(BaseException):
    """The worker's process is gone in mid-work."""


@pytest.mark.parametrize(("at", "saved"), [(1, 200), (3, 2200)])
def test_a_killed_worker_leaves_whole_batches_and_the_next_doubles_none(
    ann: Actor, monkeypatch: pytest.MonkeyPatch, at: int, saved: int
) -> None:
    import_id = upload(ann, f"{HEAD}\n" + "\n".join(f"Клиент {n % 2400};;k{n % 2400}@b.ru;;;;" for n in range(2500)))
    work_off()
    perform(ann, start_import, import_id=import_id)
    batches = iter(range(1, 100))

    def die(_seconds: float) -> None:
        if next(batches) == at:
            raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(import_jobs.time, "sleep", die)
        (claimed,) = jobs.claim(database(), "first", 1)
        with pytest.raises(Killed):
            import_jobs.import_job(claimed)
    assert perform(ann, count_clients) == saved
    expire_leases()
    work_off()
    done = perform(ann, see_import, import_id=import_id)
    assert (done.state, done.counts["new"], done.counts["duplicate"]) == ("done", 2400, 100)
    assert perform(ann, count_clients) == 2400


def test_a_worker_whose_job_went_to_another_adds_nothing(ann: Actor) -> None:
    import_id = upload(ann, f"{HEAD}\nВектор;;;;;;")
    work_off()
    perform(ann, start_import, import_id=import_id)
    (first,) = jobs.claim(database(), "first", 1)
    expire_leases()
    work_off()
    with pytest.raises(jobs.LeaseLost):
        import_jobs.import_job(first)
    assert perform(ann, count_clients) == 1
    assert perform(ann, see_import, import_id=import_id).state == "done"


def test_a_file_that_breaks_off_says_why_and_can_be_taken_back(ann: Actor) -> None:
    import_id = upload(ann, f"{HEAD}\nВектор;;;;;;")
    files.path_of(perform(ann, see_import, import_id=import_id).place).write_bytes(b"PK\x03\x04 no zip")
    failed = run(ann, start_import, import_id)
    assert failed.state == "failed" and failed.error.startswith("contacts.error.")
    assert run(ann, undo_import, import_id).state == "undone"


def test_the_report_has_the_bad_rows_and_can_be_mended(ann: Actor, tmp_path: Path) -> None:
    import_id = upload(ann, f"{HEAD}\nЛуч;;;;Некто;;\nВектор;слова;;;;;\nЗаря;;;;;;\n;;c@d.ru;;;;")
    run(ann, start_import, import_id)
    state = perform(ann, see_import, import_id=import_id)
    faults = perform(ann, list_faults, import_id=import_id)
    assert sorted(faults) == [2, 3, 5]
    report = tmp_path / "report.xlsx"
    sources()["excel"].write_report(report, files.path_of(state.place), faults, "", "ru")
    preview = sources()["excel"].preview(report)
    assert [column["field"] for column in preview["columns"]][3:5] == ["name", "phones"]
    assert [row[4] for row in preview["rows"]] == ["Вектор", "", "Луч"], "the bad rows come first"


def test_an_import_is_its_owners_alone(ann: Actor, bob: Actor, mary: Actor) -> None:
    import_id = upload(ann, f"{HEAD}\nВектор;;;;;;")
    for ability in (see_import, start_import, undo_import, check_import, list_faults, list_report, sum_up_remarks):
        for other in (bob, mary):  # a marketer imports leads, and finds no clients' import
            with pytest.raises(NotFound):
                perform(other, ability, import_id=import_id)
        with pytest.raises(Forbidden):
            perform(replace(mary, permissions={"client.see": "all"}), ability, import_id=import_id)
        with pytest.raises(NeedsLogin):
            perform(NOBODY, ability, import_id=import_id)
    with pytest.raises(Forbidden):
        perform(mary, list_imports, card="client")
    assert perform(bob, list_imports) == []
    assert [row.id for row in perform(ann, list_imports)] == [import_id]


def test_what_is_at_work_or_over_is_left_alone(ann: Actor) -> None:
    import_id = upload(ann, f"{HEAD}\nВектор;;;;;;")
    perform(ann, start_import, import_id=import_id)
    for ability in (start_import, check_import, undo_import):
        with pytest.raises(RuleBroken):
            perform(ann, ability, import_id=import_id)
    work_off()
    for ability in (start_import, check_import):
        with pytest.raises(RuleBroken):
            perform(ann, ability, import_id=import_id)


def test_known_clients_are_found_for_a_whole_batch_at_once(ann: Actor, bob: Actor) -> None:
    one = perform(ann, add_client, values={"name": "Вектор", "inn": "7707083893", "emails": ["a@b.ru"]})
    perform(bob, add_client, values={"name": "Тайна", "phones": ["+79150000001"]})
    likes = [
        (2, Likeness("другое", inn="7707083893")),
        (3, Likeness("вектор", inn="500100732259")),
        (4, Likeness("вектор", emails=frozenset({"a@b.ru"}))),
        (5, Likeness("тайна", phones=frozenset({"+79150000001"}))),
    ]
    assert perform(ann, find_known, likes=likes) == {2: one.id, 4: one.id}


def test_nothing_is_left_of_the_second_copy(ann: Actor) -> None:
    run(ann, start_import, upload(ann, f"{HEAD}\nВектор;89151234567;;;;;\nВЕКТОР ооо;8(915)1234567;;;;;"))
    with database().session(writes=False) as session:
        assert session.execute(select(func.count()).select_from(CardPhone)).scalar_one() == 1
        assert session.execute(select(func.count()).select_from(Client)).scalar_one() == 1


def test_a_card_shows_everything_the_file_had(adam: Actor) -> None:
    run(adam, start_import, upload(adam, SAMPLES / "clients-300-cp1251.csv"))
    (row,) = perform(adam, list_clients, q="лыткина-зыкова").rows
    card = perform(adam, see_client, client_id=row.id)
    assert (card.city, card.emails, card.source) == ("Архангельск", ["leonponomarev@npo.ru"], "import")


def test_rows_of_a_type_that_is_not_theirs_to_add_are_kept_out_and_told(adam: Actor, ann: Actor) -> None:
    manager = next(number for number, key, _, _ in perform(adam, list_roles) if key == "manager")
    perform(adam, set_exception, role_id=manager, permission="client.create", part="type", value="supplier", scope="")
    perform(adam, set_field_right, role_id=manager, card="client", field="city", level="read")
    ann = people.actor("ann")
    number = upload(ann, "Название;Тип;Город\nООО Свой;покупатель;Тула\nООО Чужой;поставщик;Тула\nООО Ещё;;Тула\n")
    counts = run(ann, start_import, number).counts
    assert (counts["new"], counts["bad"]) == (2, 1)
    assert {row.name: row.city for row in perform(ann, list_clients).rows} == {"ООО Свой": "", "ООО Ещё": ""}
    assert [line.name for line in lines(ann, number, "bad")] == ["ООО Чужой"]


def test_an_import_is_refused_where_that_door_is_closed(adam: Actor, ann: Actor) -> None:
    number = upload(ann, "Название\nООО Свой\n")
    perform(adam, set_source, card="client", source="import", is_open=False)
    with pytest.raises(RuleBroken, match="так решил администратор"):
        perform(ann, start_import, import_id=number)
