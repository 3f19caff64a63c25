"""Who sees the core's own tables. Facts are widened by `cards`, which knows what a card is."""

from __future__ import annotations

from crm_app.core.events import Announcement
from crm_app.core.installation import Setting
from crm_app.core.jobs import JobRow, WorkerBeat
from crm_app.core.once import KeptAnswer
from crm_app.core.policy import nobody, own, policy

policy(Announcement, see=nobody)
policy(WorkerBeat, see=nobody)
policy(JobRow, see=nobody)
policy(Setting, see=lambda actor: actor.is_employee, change=lambda actor: actor.may("settings.change"))
policy(KeptAnswer, see=own(KeptAnswer.employee_id))
