"""Leads over HTTP: added, read, moved, disqualified, taken back."""

from __future__ import annotations

import pytest

from crm_app.core.actor import Actor
from crm_app.pipelines.queries import PipelineRow
from tests.api.conftest import Program
from tests.api.test_kit import check_problem
from tests.deals import make as deals
from tests.leads import make

NEW = {
    "person": "Лукин Пров", "phones": ["8 (4872) 12-34-56"], "source": "site", "channel": "form",
    "utm_campaign": "осень", "interest": "Насосы",
}  # fmt: skip


@pytest.fixture(autouse=True)
def way(adam: Actor) -> PipelineRow:
    return make.way(adam)


def test_a_lead_is_added_read_changed_and_deleted(program: Program, ann: Actor) -> None:
    client = program(ann)
    answer = client.post("/leads", json=NEW)
    made = answer.json()
    assert answer.status_code == 201 and made["name"] == "Лукин Пров" and made["via"] == "api"
    assert made["phones"] == ["+74872123456"] and made["touch"] == "waiting" and made["utm_campaign"] == "осень"
    assert client.get(f"/leads/{made['id']}").json() == made
    changed = client.patch(f"/leads/{made['id']}", json={"city": "Орёл", "version": made["version"]}).json()
    assert changed["city"] == "Орёл" and changed["version"] == 2
    check_problem(client.patch(f"/leads/{made['id']}", json={"city": "Х", "version": 1}), 409, "conflict")
    check_problem(client.post("/leads", json=NEW), 409, "duplicate")
    assert client.delete(f"/leads/{made['id']}").status_code == 204
    check_problem(client.get(f"/leads/{made['id']}"), 404)
    assert client.post(f"/leads/{made['id']}/restore").json()["city"] == "Орёл"


def test_a_lead_goes_its_way(program: Program, ann: Actor, bob: Actor, way: PipelineRow) -> None:
    client, made = program(ann), make.lead(ann)
    one, there = f"/leads/{made.id}", way.stages[1].id
    moves = client.get(f"{one}/moves").json()["items"]
    assert [move["drop"] for move in moves] == ["free", "free", "free", "free", "needs", "free"]
    assert client.post(f"{one}/move?dry_run=true", json={"stage_id": there}).json()["stage"] == "Связались"
    assert client.post(f"{one}/move", json={"stage_id": there}).json()["stage"] == "Связались"
    check_problem(client.post(f"{one}/move", json={"stage_id": way.stages[4].id}), 409, "needs_reason")
    gone = client.post(f"{one}/disqualify", json={"reason": "Спам"}).json()
    assert (gone["stage_kind"], gone["disqualified_reason"], gone["touch"]) == ("lost", "Спам", "")
    assert client.post(f"{one}/take_back").json()["stage"] == "Связались"
    assert client.post(f"{one}/touch").json()["touch"] == "touched"
    check_problem(program(bob).post(f"{one}/touch"), 404)
    columns = client.get(f"/leads/boards/{way.id}").json()["columns"]
    assert [column["count"] for column in columns] == [0, 1, 0, 0, 0, 0]
    assert "Сайт" not in client.get("/leads/sources").json()["items"] and client.get("/pipelines").json()["items"] == []
    assert [each["id"] for each in client.get("/pipelines?card=lead").json()["items"]] == [way.id]


def test_a_list_is_filtered_sorted_and_paged(program: Program, ann: Actor) -> None:
    for name in ("Авдеев", "Белов", "Вдовин"):
        make.lead(ann, name, source="site")
    client = program(ann)
    first = client.get("/leads?limit=2&sort=-name&count=true").json()
    assert [row["name"] for row in first["items"]] == ["Вдовин", "Белов"] and first["total"] == 3
    rest = client.get("/leads", params={"limit": 2, "sort": "-name", "after": first["next"]}).json()
    assert [row["name"] for row in rest["items"]] == ["Авдеев"] and rest["next"] is None
    where = '{"all": [{"field": "source", "op": "eq", "value": "site"}]}'
    assert [row["name"] for row in client.get("/leads", params={"filter": where, "q": "бел"}).json()["items"]] == [
        "Белов"
    ]


def test_a_lead_is_converted_and_is_a_lead_again(program: Program, ann: Actor, mary: Actor, bob: Actor) -> None:
    client = program(ann)
    sales = deals.pipeline()
    made = client.post("/leads", json={**NEW, "organisation": "ООО Вектор"}).json()
    one = f"/leads/{made['id']}"
    proposed = client.get(f"{one}/conversion/proposals").json()
    assert (proposed["client_kind"], proposed["deal_name"], proposed["contacts"]) == ("company", "Насосы", [])
    asked = {
        "contact": {},
        "client": {"inn": "7707083893"},
        "deal": {"amount": {"amount": "100.50", "currency": "RUB"}},
    }
    check_problem(client.post(f"{one}/convert", json={}), 422, "into_nothing")
    check_problem(client.post(f"{one}/convert", json={"client": {"inn": "1"}}), 422)
    check_problem(program(mary).post(f"{one}/convert", json=asked), 403)
    check_problem(program(bob).post(f"{one}/convert", json=asked), 404)
    trial = client.post(f"{one}/convert?dry_run=true", json=asked)
    assert trial.status_code == 200 and client.get(f"{one}/conversion").json()["items"] == []
    became = client.post(f"{one}/convert", json=asked).json()
    deal = client.get(f"/deals/{became['deal_id']}").json()
    assert (deal["client_id"], deal["amount"]["amount"], deal["pipeline_id"]) == (
        became["client_id"],
        "100.50",
        sales.id,
    )
    assert [each["card"] for each in client.get(f"{one}/conversion").json()["items"]] == ["contact", "client", "deal"]
    for card in ("contact", "client", "deal"):
        (origin,) = client.get(f"/{card}s/{became[f'{card}_id']}/leads").json()["items"]
        assert (origin["lead_id"], origin["source"], origin["interest"]) == (made["id"], "site", "Насосы")
    check_problem(client.post(f"{one}/convert", json=asked), 409, "converted_already")
    undone = client.post(f"{one}/convert/undo").json()
    assert undone == {"lead_id": made["id"], "removed": ["deal", "client", "contact"], "kept": [], "left": []}
    again = client.get(one).json()
    assert again.pop("version") > made.pop("version"), "a version only grows"
    assert again == made
    check_problem(client.post(f"{one}/convert/undo"), 409, "not_converted")


def test_a_change_tells_of_others_that_have_what_was_sent(program: Program, ann: Actor, bob: Actor) -> None:
    known, other = make.lead(ann, "Рогов", phones=["+79150000073"]), make.lead(ann, "Белов")
    make.lead(bob, "Тайный", emails=["secret@lead.ru"])
    client, one = program(ann), f"/leads/{other.id}"
    seen = client.patch(one, json={"phones": ["8 915 000-00-73"]}).json()["alike"]
    assert [(each["id"], each["by"]) for each in seen["items"]] == [(known.id, "phone")] and seen["unseen"] == []
    nothing = {"items": [], "unseen": []}
    assert client.patch(one, json={"emails": ["secret@lead.ru"]}).json()["alike"] == nothing
    check_problem(program(bob).patch(one, json={"phones": ["+79150000073"]}), 404)
