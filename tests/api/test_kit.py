"""What every address has: who may come in, refusals as problems, trials, requests that are done once."""

from __future__ import annotations

import threading

import httpx
import pytest

from crm_app.access.actions.employees import disable_employee
from crm_app.access.actions.keys import create_key, revoke_key
from crm_app.access.programs import LONGEST_KEY
from crm_app.access.queries import list_departments, list_employees, list_keys
from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.settings import forget_settings
from tests.api.conftest import Program

NEW = {"email": "new@test.example", "name": "Новый", "role": "manager"}


def check_problem(answer: httpx.Response, status: int, code: str = "") -> dict[str, object]:
    """A refusal has the shape that the contract promises."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    told = answer.json()
    assert told["status"] == status and told["title"] and told["detail"]
    assert all({"code", "field", "text"} == reason.keys() for reason in told["reasons"])
    assert not code or code in {reason["code"] for reason in told["reasons"]}
    return told


def test_without_a_key_nobody_comes_in(address: str, database: object) -> None:
    answer = httpx.get(f"{address}/api/v1/employees")
    check_problem(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    check_problem(httpx.post(f"{address}/api/v1/employees", json={"junk": 1}), 401)


@pytest.mark.parametrize("header", ["Bearer", "Bearer no-such-key", "Basic YTpi", "Bearer " + "x" * 5000])
def test_a_wrong_key_is_no_key(address: str, database: object, header: str) -> None:
    assert LONGEST_KEY < 5000
    check_problem(httpx.get(f"{address}/api/v1/me", headers={"Authorization": header}), 401)


def test_a_revoked_key_and_a_disabled_holder_are_out_at_once(program: Program, ann: Actor, adam: Actor) -> None:
    revoked, disabled = program(ann), program(ann)
    assert revoked.get("/me").json()["id"] == ann.id
    perform(ann, revoke_key, key_id=perform(ann, list_keys)[-1].id)
    check_problem(revoked.get("/me"), 401)
    assert disabled.get("/me").is_success
    perform(adam, disable_employee, employee_id=ann.id)
    check_problem(disabled.get("/me"), 401)


def test_scopes_narrow_what_a_key_may_do(program: Program, adam: Actor) -> None:
    narrow = program(adam, "audit.see")
    assert narrow.get("/me").json()["permissions"] == {"audit.see": "all"}
    check_problem(narrow.post("/employees", json=NEW), 403)
    assert program(adam).post("/employees", json=NEW).status_code == 201


def test_a_request_from_a_page_of_another_site_is_refused(program: Program, ann: Actor) -> None:
    check_problem(program(ann).get("/me", headers={"Origin": "https://evil.example"}), 403)


def test_the_answer_speaks_the_language_that_was_asked_for(program: Program, ann: Actor) -> None:
    english = check_problem(program(ann).post("/employees", json=NEW), 403)
    russian = check_problem(program(ann, language="de,ru;q=0.8,en;q=0.1").post("/employees", json=NEW), 403)
    assert english["detail"] == "You have no right to do this"
    assert russian["detail"] == "У вас нет права на это действие"


@pytest.mark.parametrize("path", ["/employees/999999", "/employees/0", "/employees/-1", "/employees/x", "/nothing"])
def test_what_is_not_there_is_not_found(program: Program, ann: Actor, path: str) -> None:
    check_problem(program(ann).get(path), 404)


def test_a_huge_id_is_not_found(program: Program, ann: Actor) -> None:
    check_problem(program(ann).get(f"/employees/{10**40}"), 404)
    check_problem(program(ann).get(f"/cards/client/{10**12}/timeline"), 404)


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=x", "limit=1&limit=2", "after=abc", "after=%00", "unknown=1", f"limit={10**30}"],
)
def test_a_malformed_query_is_refused(program: Program, ann: Actor, query: str) -> None:
    check_problem(program(ann).get(f"/events?{query}"), 422)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"\xff", b'{"email": 7, "name": "x", "role": "manager"}', b'{"email": "a@b.io"}',
        b'{"email": "a@b.example", "name": "x", "role": "manager", "extra": 1}', b"[" * 100_000,
        b'{"email": "a@b.example", "name": "x\\u0000", "role": "manager"}',
        b'{"email": "a@b.example", "name": "\\ud800", "role": "manager"}',
        b'{"email": "a@b.example", "name": "x", "role": "manager", "department_id": 100000000000000000000000}',
    ],
)  # fmt: skip
def test_a_malformed_body_is_refused(program: Program, adam: Actor, body: bytes) -> None:
    known = len(perform(adam, list_employees))
    check_problem(program(adam).post("/employees", content=body), 422)
    assert len(perform(adam, list_employees)) == known


def test_a_body_that_is_too_big_is_refused(program: Program, adam: Actor) -> None:
    check_problem(program(adam).post("/employees", content=b" " * 1_000_001), 413)


def test_a_method_that_an_address_does_not_have_is_refused(program: Program, ann: Actor) -> None:
    answer = program(ann).put("/employees")
    check_problem(answer, 405)
    assert answer.headers["allow"] == "GET, POST"


def test_reasons_name_the_field(program: Program, adam: Actor) -> None:
    told = check_problem(program(adam).post("/employees", json={**NEW, "email": "nobody"}), 422, "bad_email")
    assert told["reasons"][0]["field"] == "email"  # type: ignore[index]
    told = check_problem(program(adam).post("/employees", json={**NEW, "name": 7}), 422)
    assert [reason["field"] for reason in told["reasons"]] == ["name"]  # type: ignore[attr-defined]


def test_a_key_that_comes_too_often_waits(program: Program, ann: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_API_LIMIT", "3")
    forget_settings()
    busy, other = program(ann), program(ann)
    statuses = [busy.get("/me").status_code for _ in range(5)]
    answer = busy.get("/me")
    assert statuses == [200, 200, 200, 429, 429] and int(answer.headers["retry-after"]) > 0
    check_problem(answer, 429)
    assert other.get("/me").is_success
    monkeypatch.undo()
    forget_settings()


def test_a_trial_tells_what_would_happen_and_changes_nothing(program: Program, adam: Actor) -> None:
    known = len(perform(adam, list_employees))
    answer = program(adam).post("/employees?dry_run=true", json=NEW)
    told = answer.json()
    assert answer.status_code == 200 and told["email"] == NEW["email"]
    assert [fact["name"] for fact in told["dry_run"]["facts"]] == ["EmployeeAdded"]
    assert len(perform(adam, list_employees)) == known
    check_problem(program(adam).post("/employees?dry_run=true", json={**NEW, "role": "king"}), 422, "no_role")
    check_problem(program(adam).post("/employees?dry_run=perhaps", json=NEW), 422)


def test_a_request_that_arrives_twice_is_done_once(program: Program, adam: Actor) -> None:
    client, header = program(adam), {"Idempotency-Key": "a-1"}
    first = client.post("/employees", json=NEW, headers=header)
    again = client.post("/employees", json=NEW, headers=header)
    assert first.status_code == again.status_code == 201 and first.content == again.content
    assert "idempotency-replayed" not in first.headers and again.headers["idempotency-replayed"] == "true"
    other = client.post("/employees", json={**NEW, "email": "b@test.example"}, headers=header)
    check_problem(other, 409, "once_other")
    assert sum(row.email == NEW["email"] for row in perform(adam, list_employees)) == 1
    check_problem(client.post("/employees", json=NEW), 409, "email_taken")


def test_a_refused_request_may_be_sent_again_under_its_key(program: Program, adam: Actor) -> None:
    client, header = program(adam), {"Idempotency-Key": "a-2"}
    check_problem(client.post("/employees", json={**NEW, "role": "king"}, headers=header), 422)
    assert client.post("/employees", json=NEW, headers=header).status_code == 201


def test_keys_of_two_people_do_not_meet(program: Program, ann: Actor, bob: Actor, adam: Actor) -> None:
    header = {"Idempotency-Key": "same"}
    assert program(adam).post("/employees", json=NEW, headers=header).status_code == 201
    check_problem(program(ann).post("/employees", json=NEW, headers=header), 403)


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_name_of_a_request_has_its_bounds(program: Program, adam: Actor, key: str) -> None:
    check_problem(program(adam).post("/employees", json=NEW, headers={"Idempotency-Key": key}), 422, "once_key")


def test_two_posts_at_once_under_one_key_are_one(program: Program, adam: Actor) -> None:
    clients = [program(adam) for _ in range(6)]
    answers: list[httpx.Response] = []

    def post(client: httpx.Client) -> None:
        answers.append(client.post("/employees", json=NEW, headers={"Idempotency-Key": "race"}))

    threads = [threading.Thread(target=post, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1


def test_employees_are_read_changed_and_disabled(program: Program, adam: Actor, ann: Actor) -> None:
    client = program(adam)
    (east, _), *_ = perform(adam, list_departments)
    made = client.post("/employees", json={**NEW, "department_id": east}).json()
    assert client.get(f"/employees/{made['id']}").json() == made
    changed = client.patch(f"/employees/{made['id']}", json={"name": "Другой", "department_id": 0}).json()
    assert (changed["name"], changed["department_id"], changed["role"]) == ("Другой", 0, "manager")
    assert client.delete(f"/employees/{made['id']}").status_code == 204
    assert made["id"] not in {row["id"] for row in client.get("/employees").json()["items"]}
    check_problem(program(ann).patch(f"/employees/{made['id']}", json={"role": "administrator"}), 403)
    check_problem(client.delete(f"/employees/{adam.id}"), 409, "last_administrator")
    assert {"Восток", "Запад"} <= {row["name"] for row in client.get("/departments").json()["items"]}


def test_the_description_and_its_page_are_there_for_everybody(address: str) -> None:
    told = httpx.get(f"{address}/api/v1/openapi.json").json()
    assert told["openapi"].startswith("3.1") and "/employees/{employee_id}" in told["paths"]
    page = httpx.get(f"{address}/api/docs")
    assert page.is_success and "script" not in page.text.lower().replace("description", "")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (method, path)
            assert operation["operationId"] in page.text


def test_a_key_is_never_shown_again(program: Program, ann: Actor) -> None:
    key = perform(ann, create_key, name="x")
    assert key not in str(perform(ann, list_keys))
