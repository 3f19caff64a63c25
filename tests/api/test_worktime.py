"""The working calendar over HTTP: seen and changed by who may, and by nobody else."""

from __future__ import annotations

from crm_app.core.actor import Actor
from tests.api.conftest import Program
from tests.api.test_kit import check_problem

OFFICE = [[540, 1080]] * 5 + [None, None]
LABOUR = {"day": "2027-05-03", "hours": None, "name": "Labour day"}


def test_the_calendar_is_changed_at_once_or_not_at_all(program: Program, adam: Actor) -> None:
    client = program(adam)
    told = client.patch("/worktime", json={"week": OFFICE, "days": [LABOUR]})
    assert told.status_code == 200 and told.json() == client.get("/worktime").json(), told.text
    assert told.json()["week"] == OFFICE and told.json()["days"] == [LABOUR]
    assert told.json()["timezone"] == "Europe/Moscow"
    wrong = {"week": [[0, 1440]] * 7, "days": [{**LABOUR, "hours": [600, 500]}]}
    check_problem(client.patch("/worktime", json=wrong), 422, "bad_hours")
    check_problem(client.patch("/worktime", json={"week": OFFICE, "forgotten": ["2027-05-04"]}), 404)
    assert client.get("/worktime").json() == told.json()
    assert client.patch("/worktime", json={"forgotten": ["2027-05-03"]}).json()["days"] == []


def test_nobody_else_sees_or_changes_it(program: Program, olga: Actor) -> None:
    check_problem(program(olga).get("/worktime"), 403)
    check_problem(program(olga).patch("/worktime", json={"week": OFFICE}), 403)
