"""Many cards at once over HTTP."""

from __future__ import annotations

import pytest

from crm_app.cards.actions import bulk_changes
from crm_app.core.actor import Actor
from tests import make
from tests.api.conftest import Program
from tests.api.test_kit import check_problem
from tests.work import work_off

REGULAR = {"field": "status", "op": "eq", "value": "regular"}
CURRENT = {"card": "client", "operation": "set", "arguments": {"field": "status", "value": "current"}}


def test_all_that_match_are_changed_and_taken_back(program: Program, ann: Actor, olga: Actor) -> None:
    one, two, hers = (make.client(who, n, status="regular") for who, n in ((ann, "Раз"), (ann, "Два"), (olga, "Её")))
    client = program(ann)
    answer = client.post("/bulk", json={**CURRENT, "filter": REGULAR})
    done = answer.json()
    assert answer.status_code == 201
    assert (done["state"], done["total"], done["counts"]) == ("done", 3, {"changed": 2, "not_yours": 1})
    assert client.get(f"/clients/{hers.id}").json()["status"] == "regular"
    assert client.get(f"/cards/client/{one.id}/timeline").json()["items"][0]["via"] == "bulk"
    client.patch(f"/clients/{two.id}", json={"status": "hopeless"})
    assert client.get("/bulk").json()["items"] == [client.get(f"/bulk/{done['id']}").json()]
    assert client.post(f"/bulk/{done['id']}/undo").json()["counts"] == {**done["counts"], "taken": 1, "left": 1}
    (left,) = client.get(f"/bulk/{done['id']}/left").json()["items"]
    assert (left["id"], left["reason"]) == (two.id, "since")
    check_problem(client.post(f"/bulk/{done['id']}/undo"), 409)


def test_many_are_left_to_the_worker_and_stopped(program: Program, ann: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_changes, "BATCH", 1)
    ids = [make.client(ann, name).id for name in ("Раз", "Два")]
    client = program(ann)
    begun = client.post("/bulk", json={**CURRENT, "ids": ids}).json()
    assert (begun["state"], begun["may_undo"]) == ("running", False)
    assert client.post(f"/bulk/{begun['id']}/stop").json()["state"] == "stopped"
    again = client.post("/bulk", json={**CURRENT, "ids": ids}).json()
    work_off()
    assert client.get(f"/bulk/{again['id']}").json()["counts"] == {"changed": 2}
    check_problem(client.post(f"/bulk/{again['id']}/stop"), 409)


def test_a_trial_changes_nothing_and_what_is_wrong_is_told(
    program: Program, ann: Actor, bob: Actor, mary: Actor
) -> None:
    made = make.client(ann, "Раз")
    client = program(ann)
    assert client.post("/bulk?dry_run=true", json={**CURRENT, "ids": [made.id]}).json()["dry_run"]["facts"]
    assert client.get(f"/clients/{made.id}").json()["status"] == ""
    check_problem(client.post("/bulk", json=CURRENT), 422)
    check_problem(client.post("/bulk", json={**CURRENT, "ids": [], "card": "task"}), 404)
    check_problem(client.post("/bulk", json={**CURRENT, "operation": "burn"}), 422)
    for who in (program(mary), program(ann, "client.see")):
        check_problem(who.post("/bulk", json={**CURRENT, "ids": [made.id]}), 403)
    done = client.post("/bulk", json={**CURRENT, "ids": [made.id]}).json()
    for path in ("undo", "stop"):
        check_problem(program(bob).post(f"/bulk/{done['id']}/{path}"), 404)
    check_problem(program(bob).get(f"/bulk/{done['id']}/left"), 404)


def test_what_was_deleted_is_listed_and_restored(program: Program, ann: Actor, bob: Actor, mary: Actor) -> None:
    made = make.client(ann, "Раз")
    client = program(ann)
    client.delete(f"/clients/{made.id}")
    (row,) = client.get("/bin?card=client").json()["items"]
    assert (row["id"], row["title"], row["may_restore"]) == (made.id, "Раз", True)
    restore = {"card": "client", "ids": [made.id]}
    assert program(bob).post("/bin/restore", json=restore).json()["count"] == 0
    check_problem(program(mary).post("/bin/restore", json=restore), 403)
    assert client.post("/bin/restore", json=restore).json()["count"] == 1
    assert client.get(f"/clients/{made.id}").is_success
