"""Leads as files bring them: on top of the first stage, in the order of their rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import delete, exists, select

from crm_app.cards.field_rules import Definition
from crm_app.cards.rights import is_reached
from crm_app.clients.import_kinds import ImportKind, register_import
from crm_app.clients.importer import BAD
from crm_app.clients.intake import Batch, Prepared, Told
from crm_app.clients.untouched import CHANGED_BY
from crm_app.core import ranks
from crm_app.core.door import Tx
from crm_app.core.errors import Forbidden
from crm_app.core.folding import fold
from crm_app.leads import rules
from crm_app.leads.actions.cards import doer, index_lead, need_pipeline, rank_in, search_parts
from crm_app.leads.events import LeadAdded, LeadChanged, LeadMoved, LeadRemoved, LeadTouched
from crm_app.leads.intake import LeadIntake
from crm_app.leads.models import Lead, LeadSource
from crm_app.leads.queries.importing import may_add_through
from crm_app.pipelines.models import Stage
from crm_app.pipelines.queries import stages_of
from crm_app.pipelines.rules import in_order
from crm_app.worktime.queries import calendar_of


class ImportedLeads(ImportKind):
    """Enquiries, through a pipeline that may be chosen, else the first one of leads."""

    card = "lead"
    model = Lead
    intake = LeadIntake
    named_by = frozenset({
        "name", "person", "organisation", "last_name", "first_name", "phones", "emails", "interest",
    })  # fmt: skip
    keys = ("phones", "emails")
    defaults = ("source", "channel", "utm_campaign", "city", "interest", "note", "tags")
    words = ("source",)
    fed_by = {  # noqa: RUF012
        "responsible": ("responsible_id",), "name": (),
        **dict.fromkeys(("last_name", "first_name", "patronymic"), ("person",)),
    }  # fmt: skip
    found_by = frozenset({"city", "interest"})
    kept = frozenset({"import_row", "sort_name", "match_name", "fields", "named"})
    nobodys = True
    added, changed, removed = LeadAdded, LeadChanged, LeadRemoved

    def clean(self, values: dict[str, Any]) -> dict[str, Any]:
        return rules.clean_values(values)

    def keys_by_word(self, word: str) -> dict[str, str]:
        return rules.sources_by_word()

    def word_key(self, field: str, word: str) -> str:
        return rules.source_key(word)

    def choices(self, locale: str) -> dict[str, list[str]]:
        return {
            "source": [rules.source_label(key, locale) for key in rules.SOURCES],
            "channel": [rules.channel_label(key, locale) for key in rules.CHANNELS],
        }

    def definitions(self, fields: list[Definition]) -> list[Definition]:
        """Not those of chosen pipelines: which one a lead of a file goes through is not said in it."""
        return [field for field in fields if not field.pipelines]

    def came_by(self) -> dict[str, str]:
        return {"via": "import"}

    def check_options(self, tx: Tx, options: Mapping[str, Any]) -> None:
        """Raises Forbidden for a pipeline where the actor may add no lead of anybody's."""
        pipeline = need_pipeline(tx, options.get("pipeline_id"))
        if not may_add_through(tx.actor, pipeline.id or 0):
            raise Forbidden("leads.error.pipeline_not_yours", field="pipeline_id")

    def look_over(self, tx: Tx, batch: Batch, options: Mapping[str, Any]) -> None:
        """Leads of those for whom the actor may add none in this pipeline."""
        if not tx.actor.exceptions.get("lead.create"):
            return
        pipeline, whose = need_pipeline(tx, options.get("pipeline_id")), self.at["responsible_id"]
        new = [
            (each, SimpleNamespace(responsible_id=each.values[whose], pipeline_id=pipeline.id))
            for each in batch.prepared
        ]
        refused = {each.row: each for each, lead in new if not is_reached(tx.actor, "lead.create", lead)}
        batch.prepared = [each for each in batch.prepared if each.row not in refused]
        batch.told = [told for told in batch.told if told.row not in refused]
        problem = ["", "responsible", "leads.error.for_others", "", "error", 0]
        name = self.at["name"]
        batch.told += [Told(row, BAD, each.values[name][:200], problems=[problem]) for row, each in refused.items()]

    def as_rows(self, tx: Tx, prepared: Sequence[Prepared], options: Mapping[str, Any]) -> list[dict[str, Any]]:
        rows = super().as_rows(tx, prepared, options)
        pipeline = need_pipeline(tx, options.get("pipeline_id"))
        stage = tx.need(Stage, in_order(stages_of(tx, pipeline.id or 0))[0].id)
        rank = rank_in(tx, stage)
        alike = {
            "pipeline_id": pipeline.id, "stage_id": stage.id, "entered_stage_at": tx.now,
            "touch_minutes": pipeline.touch_minutes or None,
            "touch_due_at": rules.touch_due(calendar_of(tx), tx.now, pipeline.touch_minutes),
        }  # fmt: skip
        for row in reversed(rows):
            row.pop("named")
            row.update(alike, rank=rank)
            rank = ranks.between(None, rank)
        return rows

    def learn(self, tx: Tx, values: Mapping[str, set[str]]) -> list[list[str]]:
        own = sorted(word for word in values.get("source", set()) if word and word not in rules.SOURCES)
        known = set(tx.all(select(LeadSource.word).where(LeadSource.word.in_(own)))) if own else set()
        new = [word for word in own if word not in known]
        for word in new:
            tx.add(LeadSource(word=word))
        return [["source", word] for word in new]

    def unlearn(self, tx: Tx, words: Iterable[Sequence[str]]) -> None:
        for _, word in words:
            if not tx.scalar(select(exists().where(Lead.source == word, Lead.deleted_at.is_(None)))):
                tx.run(delete(LeadSource).where(LeadSource.word == word))

    def fact_of(self, tx: Tx, card_id: int, row: dict[str, Any]) -> LeadAdded:
        return LeadAdded(card_id=card_id, name=row["name"], responsible_id=row["responsible_id"], **doer(tx))

    def changed_fact(self, tx: Tx, card_id: int, changes: dict[str, list[Any]]) -> LeadChanged:
        return LeadChanged(card_id=card_id, changes=changes, **doer(tx))

    def settled(self, tx: Tx, cards: Sequence[Any]) -> None:
        stages = {card["stage_id"] if isinstance(card, dict) else card.stage_id for card in cards}
        tx.announce(*(f"stage:{stage}" for stage in sorted(stages)))

    def gone(self, tx: Tx, ids: Sequence[int]) -> None:
        with tx.with_bin():
            stages = tx.all(select(Lead.stage_id).where(Lead.id.in_(ids)).distinct())
        tx.announce(*(f"stage:{stage}" for stage in sorted(stages)))

    def compare(
        self, prepared: Prepared, values: dict[str, Any], card: Any, locked: frozenset[str], fed: frozenset[str]
    ) -> dict[str, Any]:
        """A lead is called otherwise only where the row itself names it."""
        named = prepared.values[self.at["named"]]
        told = {**values, "name": named} if named and "name" not in locked else values
        return super().compare(prepared, told, card, locked, fed)

    def derive(self, card: Any) -> None:
        card.sort_name, card.match_name = fold(card.name), rules.match_name(card.person)

    def search_parts(self, tx: Tx, card: Any, phones: list[str], emails: list[str]) -> tuple[str, ...]:
        return search_parts(tx, card, phones, emails)

    def index(self, tx: Tx, card: Any) -> None:
        index_lead(tx, card)


register_import(ImportedLeads())
CHANGED_BY[LeadMoved] = lambda _, told: {"stage_id": (told["from_stage_id"], told["to_stage_id"])}
CHANGED_BY[LeadTouched] = lambda *_: {}  # a lead that is put back as it was is not touched any more
