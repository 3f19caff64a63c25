"""Whatever is tried in whatever order: no deal is in a guarded stage without the approvals that were due.

The model knows, for each deal, who has approved what since it was last changed; the application is asked the same.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from crm_app.core.actor import Actor
from crm_app.core.door import perform
from crm_app.core.errors import CrmError
from crm_app.deals.actions.approvals import decide_approval, withdraw_approval
from crm_app.deals.actions.cards import change_deal
from crm_app.deals.actions.moves import hold_deal, move_deal, return_deal
from tests import people, work
from tests.deals import approvals, make
from tests.deals.approvals import MILLION, OVER_A_MILLION

APPROVERS = ("olga", "adam", "bob")

_SOME = st.lists(st.sampled_from(APPROVERS), min_size=1, max_size=3, unique=True)


class Approvals(RuleBasedStateMachine):
    """One deal of Ann's in a free pipeline whose second and third stage are guarded."""

    @initialize(
        named=st.lists(_SOME, min_size=2, max_size=2),
        needs=st.integers(0, 3), in_turn=st.booleans(), conditional=st.booleans(),
    )  # fmt: skip
    def begin(self, named: list[list[str]], needs: int, in_turn: bool, conditional: bool) -> None:
        self.people: dict[str, Actor] = {key: people.actor(key) for key in ("ann", *APPROVERS)}
        self.way = make.pipeline("basic")
        self.stages = [stage.id for stage in self.way.stages if stage.kind == "open"]
        self.rules: dict[int, tuple[set[str], int, bool]] = {}
        rules = []
        for place, chosen in enumerate(named):
            to_id = self.stages[place + 1]
            told: dict[str, Any] = {"needs": min(needs, len(chosen)), "in_turn": in_turn}
            is_conditional = conditional and place == 0
            if is_conditional:
                told["conditions"] = OVER_A_MILLION
            rules.append(approvals.rule(to_id, *(approvals.of(self.people[key]) for key in chosen), **told))
            self.rules[to_id] = (set(chosen), told["needs"] or len(chosen), is_conditional)
        approvals.guard(self.way, *rules)
        self.deal = make.deal(self.people["ann"], self.way, amount=MILLION)
        self.amount = MILLION
        self.stood = self.deal.stage_id
        self.yes: dict[int, set[str]] = {}
        self.excused = False

    def now(self) -> int:
        return approvals.stage_of(self.deal)

    def attempt(self, actor: str, ability: Any, **told: Any) -> Any:
        try:
            return perform(self.people[actor], ability, **told)
        except CrmError:
            return None
        finally:
            self.look()

    def look(self) -> None:
        """The invariant, looked at each time when the deal may have moved."""
        here = self.now()
        if here == self.stood:
            return
        if here in self.rules and not self.excused:
            named, needs, is_conditional = self.rules[here]
            is_due = not is_conditional or self.amount > MILLION
            assert not is_due or len(self.yes.get(here, set()) & named) >= needs, (here, self.yes, self.rules)
        self.stood, self.excused = here, False
        self.yes = {}

    @rule(place=st.sampled_from([0, 1, 1, 2, 2, 3]), amount=st.sampled_from([None, None, 1, 3]))
    def moved(self, place: int, amount: int | None) -> None:
        fields = {} if amount is None else {"amount": amount * MILLION}
        was = self.amount
        if amount is not None and self.stages[place] != self.now() and amount * MILLION != was:
            self.yes = {}
            self.amount = amount * MILLION
        self.attempt("ann", move_deal, deal_id=self.deal.id, stage_id=self.stages[place], fields=fields)

    @rule(amount=st.sampled_from([1, 2, 3]))
    def changed(self, amount: int) -> None:
        if amount * MILLION != self.amount:
            self.yes = {}
        self.amount = amount * MILLION
        self.attempt("ann", change_deal, deal_id=self.deal.id, values={"amount": self.amount})

    @rule(turn=st.integers(0, 5), approves=st.sampled_from([True, True, True, False]), works=st.booleans())
    def decided(self, turn: int, approves: bool, works: bool) -> None:
        """By one of those who are asked, mostly; else by somebody who is not."""
        asked = approvals.asked(self.deal)
        known = {actor.id: key for key, actor in self.people.items()}
        who = known[asked[turn % len(asked)]] if asked and turn < 5 else APPROVERS[turn % len(APPROVERS)]
        for number, state, _ in approvals.requests(self.deal):
            if state in ("open", "granted"):
                to_id = self.target(number)
                told = {"approval_id": number, "approves": approves, "word": "слово"}
                if self.attempt(who, decide_approval, **told) and approves:
                    self.yes.setdefault(to_id, set()).add(who)
        if works:
            self.worked()

    @rule(is_rare=st.sampled_from([True, False, False, False]))
    def withdrawn(self, is_rare: bool) -> None:
        for number, state, _ in approvals.requests(self.deal):
            if is_rare and state in ("open", "granted"):
                self.yes.pop(self.target(number), None)
                self.attempt("ann", withdraw_approval, approval_id=number)

    @rule(is_rare=st.sampled_from([True, False, False, False]))
    def held(self, is_rare: bool) -> None:
        """Away and back again; what needs approval to come back is brought by the head, who says why."""
        if is_rare:
            self.attempt("ann", hold_deal, deal_id=self.deal.id)
            self.attempt("ann", return_deal, deal_id=self.deal.id)
            if self.now() == make.stage(self.way, "hold").id:
                for place in self.stages:
                    self.excused = True
                    told = {"stage_id": place, "override": True, "reason": "надо"}
                    self.attempt("olga", move_deal, deal_id=self.deal.id, **told)
                self.excused = False

    @rule(place=st.integers(0, 3), reason=st.sampled_from(["", "надо"]), who=st.sampled_from(["ann", "olga"]))
    def overridden(self, place: int, reason: str, who: str) -> None:
        self.excused = who == "olga" and reason != ""
        told = {"deal_id": self.deal.id, "stage_id": self.stages[place], "override": True, "reason": reason}
        self.attempt(who, move_deal, **told)
        self.excused = False

    @rule()
    def worked(self) -> None:
        work.work_off()
        self.look()

    @invariant()
    def nothing_slipped(self) -> None:
        if hasattr(self, "deal"):
            self.look()
            open_ones = [row for row in approvals.requests(self.deal) if row[1] in ("open", "granted")]
            targets = [self.target(number) for number, _, _ in open_ones]
            assert len(set(targets)) == len(targets)

    def target(self, number: int) -> int:
        return approvals.target_of(number)


@pytest.mark.usefixtures("adam")
def test_no_deal_is_where_it_was_not_let() -> None:
    quick = settings(
        max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck),
        print_blob=False,
    )  # fmt: skip
    run_state_machine_as_test(Approvals, settings=quick)
