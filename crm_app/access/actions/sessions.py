"""Sessions: opened by a right password, ended one by one or all at once."""

from __future__ import annotations

from sqlalchemy import delete, select

from crm_app.access import rules
from crm_app.access.events import SESSIONS
from crm_app.access.models import Employee, Guest, LoginFailure, LoginSession, Password
from crm_app.access.passwords import new_token, token_hash
from crm_app.core.actor import ANYBODY
from crm_app.core.door import Tx, action
from crm_app.core.policy import past_the_policies


@action("session.open")
def open_session(tx: Tx, account: str, address: str, agent: str) -> str:
    """Open a session for an account ("employee:3", "guest:7") and give its token: shown to nobody else, ever."""
    kind, _, account_id = account.partition(":")
    token = new_token()
    row = LoginSession(
        token_hash=token_hash(token), created_at=tx.now, seen_at=tx.now, address=address, agent=agent[:200]
    )
    if kind == "employee":
        row.employee_id = tx.need(Employee, int(account_id)).id
    else:
        row.guest_id = tx.need(Guest, int(account_id)).id
    tx.add(row)
    return token


@action("session.open")
def note_failure(tx: Tx, login: str, address: str) -> None:
    """Count a wrong password against the account's name and the address."""
    for key in (f"login:{login}", f"address:{address}"):
        row = tx.find(LoginFailure, key)
        if row is None:
            tx.add(LoginFailure(key=key, failures=1, last_at=tx.now))
            continue
        forgiven = tx.now - row.last_at > rules.FORGIVEN_AFTER
        row.failures = 1 if forgiven else row.failures + 1
        row.last_at = tx.now


@action("session.open")
def forget_failures(tx: Tx, login: str) -> None:
    """A right password clears the account's count."""
    tx.run(delete(LoginFailure).where(LoginFailure.key == f"login:{login}"))


@action("session.open")
def touch_session(tx: Tx, session_id: int) -> None:
    """Note that a session is in use."""
    row = tx.find(LoginSession, session_id)
    if row is not None:
        row.seen_at = tx.now


@action(ANYBODY)
def end_session(tx: Tx, session_id: int) -> None:
    """End one of one's own sessions; that browser is logged out at its next step."""
    tx.remove(tx.need(LoginSession, session_id))
    tx.announce(SESSIONS)


@action(ANYBODY)
def end_all_sessions(tx: Tx, keep_this: bool = False) -> int:
    """End all of one's own sessions, or all but this one. Gives how many."""
    rows = [s for s in tx.all(select(LoginSession)) if not (keep_this and s.id == tx.actor.session_id)]
    for row in rows:
        tx.remove(row)
    tx.announce(SESSIONS)
    return len(rows)


@action(ANYBODY)
def set_own_password(tx: Tx, password_hash: str) -> None:
    """Change one's own password (already hashed); every other session ends."""
    set_password(tx, f"{tx.actor.kind}:{tx.actor.id}", password_hash)
    tx.do(end_all_sessions, keep_this=True)


def set_password(tx: Tx, account: str, password_hash: str) -> None:
    """Store the hash of an account's password, in the place of one that the actor may replace but never see."""
    forget_password(tx, account)
    tx.add(Password(account=account, hash=password_hash, changed_at=tx.now))


def forget_password(tx: Tx, account: str) -> None:
    """An account without a password can't log in."""
    with past_the_policies(tx.session):
        tx.run(delete(Password).where(Password.account == account))


def end_sessions_of(tx: Tx, *, employee_id: int | None = None, guest_id: int | None = None) -> None:
    """End every session of somebody else."""
    whose = LoginSession.employee_id == employee_id if employee_id else LoginSession.guest_id == guest_id
    with past_the_policies(tx.session):
        tx.run(delete(LoginSession).where(whose))
    tx.announce(SESSIONS)
