"""Pictures of clients and contacts over HTTP."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_app.core import files
from crm_app.core.actor import Actor
from tests import drawn, make
from tests.api.conftest import Program
from tests.api.test_kit import check_problem
from tests.contacts import make as contacts


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files of this test only."""
    monkeypatch.setattr(files, "folder", lambda: tmp_path)
    return tmp_path


def sent(content: bytes = b"") -> dict[str, tuple[str, bytes]]:
    return {"file": ("logo.png", content or drawn.written())}


@pytest.mark.parametrize("kind", ["client", "contact"])
def test_a_picture_is_set_told_got_and_removed(program: Program, ann: Actor, kind: str) -> None:
    card = make.client(ann) if kind == "client" else contacts.contact(ann, "Лукин Пров")
    client, address = program(ann), f"/{kind}s/{card.id}"
    assert client.get(address).json()["picture"] == ""
    check_problem(client.get(f"{address}/picture"), 404)
    made = client.put(f"{address}/picture", files=sent())
    assert made.status_code == 200, made.text
    digest = made.json()["picture"]
    assert client.get(address).json()["picture"] == digest == client.get(f"/{kind}s").json()["items"][0]["picture"]
    for size, longest in (("", 256), ("?size=large", 256), ("?size=small", 64)):
        got = client.get(f"{address}/picture{size}")
        assert got.headers["content-type"] == "image/webp" and max(drawn.read(got.content).size) == longest
        assert got.headers["x-content-type-options"] == "nosniff"
    assert client.delete(f"{address}/picture").status_code == 204 == client.delete(f"{address}/picture").status_code
    assert client.get(address).json()["picture"] == ""
    told = client.get(f"/cards/{kind}/{card.id}/timeline").json()["items"]
    assert [each["details"]["changes"]["picture"] for each in told[:2]] == [[digest, ""], ["", digest]]
    assert {each["via"] for each in told[:2]} == {"api"}


def test_a_trial_changes_nothing_and_the_same_request_is_done_once(program: Program, ann: Actor) -> None:
    card = make.client(ann)
    client, address = program(ann), f"/clients/{card.id}/picture"
    tried = client.put(f"{address}?dry_run=true", files=sent()).json()
    (fact,) = tried["dry_run"]["facts"]
    assert fact["name"] == "ClientChanged" and fact["details"]["changes"]["picture"][1] == tried["picture"]
    check_problem(client.get(address), 404)
    named = {"Idempotency-Key": "logo"}
    first = client.put(address, files=sent(), headers=named)
    again = client.put(address, files=sent(), headers=named)
    assert first.json() == again.json() and again.headers["idempotency-replayed"] == "true"


def test_who_may_not_is_refused(program: Program, ann: Actor, bob: Actor, mary: Actor) -> None:
    card = make.client(ann)
    address = f"/clients/{card.id}/picture"
    program(ann).put(address, files=sent())
    for method in ("GET", "DELETE"):
        check_problem(program(bob).request(method, address), 404)
    check_problem(program(bob).put(address, files=sent()), 404)
    assert program(mary).get(address).status_code == 200
    check_problem(program(mary).put(address, files=sent()), 403)
    check_problem(program(mary).delete(address), 403)
    check_problem(program(ann, "client.see").put(address, files=sent()), 403)


def test_what_is_no_picture_is_refused_in_words(
    program: Program, ann: Actor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_app.cards.picture_api.LARGEST", 1_000)
    address = f"/clients/{make.client(ann).id}/picture"
    client, russian = program(ann), program(ann, language="ru")
    assert check_problem(client.put(address, files=sent(b"<svg/>")), 422)["reasons"][0]["code"] == "picture_svg"
    assert "PNG" in check_problem(russian.put(address, files=sent(b"%PDF")), 422)["detail"]
    check_problem(client.put(address, files=sent(b"x" * 1_001)), 413)
    check_problem(client.put(address), 422)
    check_problem(client.patch(address.removesuffix("/picture"), json={"picture": "0" * 32}), 422)
    assert not [path for path in folder.rglob("*") if path.is_file()]
