"""What follows from what was said on a card: those whom it concerns are told. And what a new company starts with."""

from __future__ import annotations

from sqlalchemy import select

from crm_app.access.events import CompanySetUp
from crm_app.access.models import Employee
from crm_app.access.queries import actor_of_employee
from crm_app.cards.actions.filters import sync_presets
from crm_app.cards.actions.notifications import notify
from crm_app.cards.events import CommentAdded
from crm_app.cards.kinds import KINDS
from crm_app.cards.models import Comment
from crm_app.core.door import Tx
from crm_app.core.events import reaction
from crm_app.core.policy import visible


@reaction(CommentAdded)
def tell_of_comment(tx: Tx, fact: CommentAdded) -> None:
    """Tell the responsible employee and those mentioned, the author apart, if they see the card."""
    kind, comment = KINDS.get(fact.kind), tx.find(Comment, fact.comment_id)
    row = tx.find(kind.model, fact.card_id) if kind else None
    if kind is None or comment is None or row is None:
        return
    concerned = {*fact.mentioned, kind.responsible(row)}
    if comment.author_kind == "employee":
        concerned.discard(comment.author_id)
    for employee_id in sorted(i for i in concerned if i):
        if _sees(tx, employee_id, fact):
            key = "cards.notice.mentioned" if employee_id in fact.mentioned else "cards.notice.comment"
            notify(tx, employee_id, key, fact.kind, fact.card_id, who=comment.author_name, title=kind.title_of(row))


def _sees(tx: Tx, employee_id: int, fact: CommentAdded) -> bool:
    if tx.find(Employee, employee_id) is None:
        return False
    model, actor = KINDS[fact.kind].model, actor_of_employee(tx, employee_id)
    return tx.scalar(select(model.id).where(model.id == fact.card_id, visible(model, actor))) is not None


@reaction(CompanySetUp)
def give_presets(tx: Tx, _fact: CompanySetUp) -> None:
    """A new company starts with the filters that come with the product."""
    tx.do(sync_presets)
