"""What follows from what was said on a card: those whom it concerns are told. And what a new company starts with."""

from __future__ import annotations

from collections.abc import Mapping

from crm_app.access.events import CompanySetUp
from crm_app.cards.actions.filters import sync_presets
from crm_app.cards.actions.link_kinds import sync_link_kinds
from crm_app.cards.actions.notifications import notify
from crm_app.cards.events import CommentAdded
from crm_app.cards.followed import FOLLOWED, TELLERS, Teller, followers_of, sees, that_are_followed
from crm_app.cards.kinds import KINDS
from crm_app.cards.models import Comment
from crm_app.core.door import Tx
from crm_app.core.events import Fact, reaction


@reaction(CommentAdded)
def tell_of_comment(tx: Tx, fact: CommentAdded) -> None:
    """Tell the responsible employee, those mentioned and those who follow, the author apart, if they see the card."""
    kind, comment = KINDS.get(fact.kind), tx.find(Comment, fact.comment_id)
    row = tx.find(kind.model, fact.card_id) if kind else None
    if kind is None or comment is None or row is None:
        return
    concerned = {*fact.mentioned, kind.responsible(row), *followers_of(tx, fact.kind, fact.card_id)}
    if comment.author_kind == "employee":
        concerned.discard(comment.author_id)
    for employee_id in sorted(i for i in concerned if i):
        if sees(tx, employee_id, fact.kind, fact.card_id):
            key = "cards.notice.mentioned" if employee_id in fact.mentioned else "cards.notice.comment"
            notify(tx, employee_id, key, fact.kind, fact.card_id, who=comment.author_name, title=kind.title_of(row))


def tell_followers_of(card: str, tellers: Mapping[type[Fact], Teller]) -> None:
    """Let cards of a kind be followed, and their followers be told of these facts."""
    FOLLOWED.add(card)
    TELLERS.update(tellers)
    reaction(*tellers, among=that_are_followed)(tell_followers)


def tell_followers(tx: Tx, fact: Fact) -> None:
    """Tell those who follow a card what has become of it, who has done it apart, if they see the card."""
    news, kind, cause = TELLERS[type(fact)](fact), KINDS[fact.card], tx.cause
    with tx.with_bin():
        row = tx.find(kind.model, fact.card_id)
    if news is None or row is None or cause is None:
        return
    told = followers_of(tx, fact.card, fact.card_id) - news.others
    if cause.actor_kind == "employee":
        told.discard(cause.actor_id)
    for employee_id in sorted(told):
        if sees(tx, employee_id, fact.card, fact.card_id, news.field):
            notify(tx, employee_id, news.key, fact.card, fact.card_id, title=kind.title_of(row), **news.words)


@reaction(CompanySetUp)
def give_presets(tx: Tx, _fact: CompanySetUp) -> None:
    """A new company starts with the filters and kinds of links that come with the product."""
    tx.do(sync_presets)
    tx.do(sync_link_kinds)
