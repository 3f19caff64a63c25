"""A stranger has sent a form: a lead comes of it, once."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import datetime

from crm_app.cards.actions.field_values import of_what_is_known
from crm_app.core import once
from crm_app.core.door import Tx, action
from crm_app.core.errors import RuleBroken
from crm_app.intake import rules
from crm_app.intake.events import LeadCameByForm
from crm_app.intake.models import LeadForm
from crm_app.intake.own_fields import asked_of
from crm_app.intake.queries.forms import need_open_form
from crm_app.intake.stamps import Stamp, read_stamp
from crm_app.leads.actions.cards import add_lead

log = logging.getLogger("crm.security")


@action("lead.intake")
def take_enquiry(tx: Tx, form_key: str, told: dict[str, str], stamp: str = "") -> int | None:
    """Make a lead of what was sent; gives its id, also where the same comes twice, and None for what a program sent.

    told: every field as it was typed, and the marks of an advertisement. Raises NotFound for a form that is closed,
    BadInput with a sentence for each wrong field, RuleBroken where the person has to send it once more.
    """
    form = need_open_form(tx, form_key)
    if rules.is_trapped(told):
        log.warning("the form %s was filled in by a program", form.id)
        return None
    own = asked_of(tx, form.asks, form.pipeline_id)
    enquiry = rules.read_enquiry(form.asks, bool(form.consent), told, own)
    shown = read_stamp(form_key, stamp)
    _check_time(form, shown, tx.now)
    name = _once(form, shown, told)
    known = once.claim(tx, name)
    if known is not None:
        return int(known.body)
    lead_id = _add(tx, form, {**enquiry, **rules.read_utm(told)})
    once.keep(tx, name, 201, str(lead_id).encode())
    return lead_id


def _check_time(form: LeadForm, shown: Stamp | None, now: datetime) -> None:
    """Raises RuleBroken for what comes too soon, too late, or from HTML of another site, which is not signed."""
    if shown is None:
        if not form.takes_at_once:
            raise RuleBroken("intake.error.send_again")
        return
    if now - shown.at < rules.SOONEST:
        raise RuleBroken("intake.error.too_soon")
    if now - shown.at > rules.LATEST:
        raise RuleBroken("intake.error.too_late")


def _once(form: LeadForm, shown: Stamp | None, told: dict[str, str]) -> once.Once:
    """Names the same words of the same showing of a form: who goes back and mends a word sends something else."""
    words = json.dumps([form.id, shown.nonce if shown else "", sorted(told.items())])
    digest = hashlib.sha256(words.encode()).hexdigest()
    return once.Once(f"lead_form:{digest}", digest)


def _add(tx: Tx, form: LeadForm, values: dict[str, object]) -> int:
    told = {**values, "source": form.source, "channel": form.channel}
    with of_what_is_known(tx):
        lead = tx.do(add_lead, told, force=True, pipeline_id=form.pipeline_id)
    form = tx.need(LeadForm, form.id)  # counted one after another
    form.taken += 1
    form.taken_at = tx.now
    tx.record(LeadCameByForm(card_id=lead.id or 0, form_id=form.id or 0, form=form.name, consent=form.consent))
    return lead.id or 0
