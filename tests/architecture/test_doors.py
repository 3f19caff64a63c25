"""Who may pass around the door, one by one: a new name in a list here is a decision, not an accident."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sqlmodel import SQLModel

from crm_app import features, permissions, rest
from crm_app.access import roles
from crm_app.core import policy
from crm_app.core.actor import ANYBODY, GUEST, LOGGED_IN, PUBLIC
from crm_app.core.door import ABILITIES
from crm_app.core.policy import _POLICIES

PACKAGE = Path(__file__).resolve().parents[2] / "crm_app"

SYSTEM_ACTS = {
    # nobody is there yet: the first start, log-in, a guest's link, a letter's link
    "access/routes.py:_set_up", "access/routes.py:where_to_start", "access/screens/login_state.py:opened",
    "access/sessions.py:_looked_up", "access/sessions.py:change_password", "access/sessions.py:log_in",
    "approvals/routes.py:_opened",
    "portal/routes.py:_invitation", "portal/routes.py:_join", "mailings/routes.py:end", "mailings/routes.py:show",
    # what was sent lies on disk before there is anybody's transaction
    "cards/pictures.py:promised",
    # a stranger: a form on a public page
    "intake/routes.py:_form", "intake/routes.py:_take",
    # nobody is there any more: the worker
    "approvals/jobs.py:letter_job", "deals/jobs.py:late_job", "deals/jobs.py:move_job",
    "scenarios/jobs.py:run_job", "scenarios/jobs.py:_do",
    "cards/jobs.py:bulk_job", "cards/jobs.py:empty_job", "cards/jobs.py:forget_job",
    "cards/jobs.py:forget_untold_job", "clients/jobs.py:import_job",
    "core/reactions.py:react_job", "demo/jobs.py:fill_job",
    "duplicates/jobs.py:find_job", "duplicates/jobs.py:forget_job",
    "leads/jobs.py:count_anew_job", "leads/jobs.py:late_job",
    "mailings/jobs.py:start_job", "pipelines/jobs.py:empty_stage_job",
    "mailings/jobs.py:test_job", "mailings/postman.py:_after_refusal", "mailings/postman.py:send_part",
    "mailings/postman.py:work", "portal/jobs.py:invite_job",
    # the machine's own person
    "acting.py:actor_for", "fill.py:fill", "fill.py:run", "fill.py:write", "imports.py:_wishes", "migrate.py:prepare",
    "restore.py:_holds_a_company", "serve.py:_tell_setup_code", "users.py:run",
}  # fmt: skip
SYSTEM_IS_DEFINED = {"core/actor.py:<module>", "core/policy.py:past_the_policies"}
PAST_THE_POLICIES = {
    "access/actions/sessions.py:end_sessions_of", "access/actions/sessions.py:forget_password",
    "cards/queries/every_card.py:check_guest_quota", "core/jobs.py:_again",
    # merging moves and compares also what the one who merges may not see; where a merged card is now, is asked by id
    "cards/merged.py:now_at", "cards/queries/binned.py:_who",
    "clients/actions/import_undo.py:_forget_made", "clients/merging.py:check_merged",
    "clients/import_queries.py:find_unseen", "clients/unseen.py:who_run", "clients/unseen.py:with_unseen",
    "duplicates/actions/merging.py:_bring_over", "duplicates/actions/splitting.py:split_cards",
    "duplicates/comparing.py:put_values", "duplicates/comparing.py:ways_of",
    "duplicates/moving.py:move_back", "duplicates/moving.py:move_rows",
    # who follows a card is told of its deletion too
    "cards/followed.py:that_are_followed",
    # what needs approval needs it whatever the mover may see; whoever approves need not see the deal
    # what a stage keeps from a role is looked up before anybody acts; who may fill in what it asks for, is told to all
    "pipelines/placed_rights.py:_rights_of", "deals/queries/moves.py:withheld_fields",
    "deals/queries/due_approvals.py:by_nobody", "deals/actions/approving.py:ask_for_approval",
    "deals/actions/approving.py:close_with_move", "deals/actions/approvals.py:decide_approval",
    "deals/actions/approvals.py:open_link", "deals/actions/approvals.py:withdraw_approval",
    "deals/actions/approvals.py:carry_out_move", "deals/reactions.py:_under_way",
    "deals/queries/approvals.py:see_approval", "deals/queries/approvals.py:_rows",
    "deals/queries/approvals.py:deals_waiting", "deals/queries/approvals.py:_count",
    # how many stand in a stage is one figure for all; when a deal was touched, whoever may read the history
    "deals/queries/stays.py:loads_of", "deals/queries/stays.py:touched_at",
    # a scenario is set off, and done by its owner, whoever may see it
    "scenarios/actions/beginning.py:set_off", "scenarios/actions/beginning.py:start_scenario",
    "scenarios/actions/running.py:carry_out_step", "scenarios/queries/runs.py:runs_of_card",
    # what belongs to a lead goes along whoever may see it
    "leads/actions/carrying.py:carry", "leads/actions/carrying.py:carry_back",
    "intake/actions/pool.py:take_lead", "intake/queries/distribution.py:list_pool",
    # whoever takes a stage away has to know of cards that they don't see; what is said of a type goes with it
    "pipelines/carried.py:cards_on", "cards/actions/rights.py:forget_type",
    "core/jobs.py:_update", "pipelines/places.py:rank_in", "mailings/queries/deliveries.py:tally",
    "portal/queries.py:_has_password", "portal/queries.py:_names",
}  # fmt: skip
SYSTEMS_OWN = {
    "approval.keep", "bin.empty", "core.react", "demo.fill", "installation.set_up", "invitation.deliver", "lead.intake",
    "mailing.deliver", "mailing.unsubscribe", "merge.forget", "pair.find", "picture.promise", "scenario.keep",
    "session.open", "session.resolve", "stage.empty",
}  # fmt: skip
"""Permissions that no role holds."""
SAY_WHO_ONE_IS = {ANYBODY, GUEST, LOGGED_IN, PUBLIC}
"""Permissions that nobody is granted."""
COMMITS = {"core/door.py", "core/jobs.py", "core/journal.py"}
BARE_TABLES = {"mailings/postman.py"}
"""The one hot loop that is written past the ORM, by the system alone."""


@cache
def trees() -> list[tuple[str, ast.Module]]:
    paths = sorted(PACKAGE.rglob("*.py"))
    return [(str(path.relative_to(PACKAGE)), ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


def users_of(name: str) -> Iterator[str]:
    """`file:function` of each use of a name, imports apart."""
    for file, tree in trees():
        functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
        for node in ast.walk(tree):
            if name in (getattr(node, "id", ""), getattr(node, "attr", "")):
                inside = [f for f in functions if f.lineno <= node.lineno <= (f.end_lineno or 0)]
                yield f"{file}:{inside[-1].name if inside else '<module>'}"


def files_with(attribute: str) -> set[str]:
    return {use.partition(":")[0] for use in users_of(attribute)}


def test_the_system_acts_only_where_it_is_listed() -> None:
    assert set(users_of("SYSTEM")) - SYSTEM_IS_DEFINED == SYSTEM_ACTS


def test_the_policies_are_left_only_where_it_is_listed() -> None:
    assert set(users_of("past_the_policies")) == PAST_THE_POLICIES


def test_only_the_door_and_the_worker_commit() -> None:
    assert files_with("commit") == COMMITS


def test_only_the_core_names_tables_past_the_orm() -> None:
    assert {file for file in files_with("__table__") if not file.startswith("core/")} == BARE_TABLES


def test_raw_sql_stays_in_the_core() -> None:
    names = {"text", "exec_driver_sql"}
    imported = {
        file
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy" and names & {a.name for a in node.names}
    }
    executed = files_with("exec_driver_sql")
    assert {file for file in imported | executed if not file.startswith("core/")} == set()


def test_every_table_has_a_policy() -> None:
    features.load()
    policy.check_complete()
    tables = {
        mapper.class_ for mapper in SQLModel._sa_registry.mappers if mapper.class_.__module__.startswith("crm_app")
    }
    assert tables and tables <= _POLICIES.keys()


def test_every_permission_that_an_ability_asks_for_is_granted_or_the_systems_own() -> None:
    features.load()
    asked = {a.permission for a in ABILITIES.values() if a.function.__module__.startswith("crm_app.")}
    asked |= {endpoint.permission for endpoint in rest.endpoints()}
    nobodys = {name for name in asked if not name.startswith("@") and name not in roles.permissions()}
    assert nobodys == SYSTEMS_OWN


def test_every_granted_permission_is_asked_for() -> None:
    features.load()
    assert {name for name in roles.permissions() if _code().count(f'"{name}"') < 2} == set()


@cache
def _code() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))


def test_every_ability_and_endpoint_says_what_it_does() -> None:
    features.load()
    functions = [a.function for a in ABILITIES.values() if a.function.__module__.startswith("crm_app.")]
    functions += [endpoint.function for endpoint in rest.endpoints()]
    assert [f.__qualname__ for f in functions if not inspect.getdoc(f)] == []


def test_the_list_of_permissions_is_what_the_code_says() -> None:
    written = (PACKAGE.parent / permissions.PLACE).read_text(encoding="utf-8")
    assert written == permissions.document(), "run `make docs`"


def test_every_handler_of_a_state_is_marked_with_a_permission_that_there_is() -> None:
    import crm_app.crm_app  # noqa: F401  builds the application, and with it every State
    from crm_app.ui import reflex_internals

    ours = {name: reflex_internals.function_of(name) for name in reflex_internals.event_names()}
    ours = {name: function for name, function in ours.items() if function.__module__.startswith("crm_app.")}
    assert ours
    there_are = {*roles.permissions(), *SAY_WHO_ONE_IS}
    assert [
        name for name, function in ours.items() if getattr(function, "__crm_permission__", "") not in there_are
    ] == []
