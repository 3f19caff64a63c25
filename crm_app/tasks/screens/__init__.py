"""The pages of tasks."""

from crm_app.access.screens.base import Page
from crm_app.cards.screens.card_list_parts import add_bulk_tool
from crm_app.cards.screens.filter_state import ListFilter
from crm_app.cards.screens.history import shape_fields
from crm_app.cards.screens.panels_state import CardPanels
from crm_app.tasks.screens.bulk_task import bulk_task
from crm_app.tasks.screens.card_panel import (
    client_tasks_panel,
    contact_tasks_panel,
    deal_tasks_panel,
    lead_tasks_panel,
)
from crm_app.tasks.screens.list_page import tasks_page
from crm_app.tasks.screens.list_state import Tasks
from crm_app.tasks.screens.task_page import task_page
from crm_app.tasks.screens.task_state import OneTask
from crm_app.ui.menu import Creation, MenuEntry, add_creation, add_entry
from crm_app.ui.panels import add_panel

PAGES = [
    Page("/tasks", tasks_page, [Tasks.opened, ListFilter.opened], "tasks.title"),
    Page("/tasks/[task_id]", task_page, [OneTask.opened, CardPanels.opened], "tasks.title"),
]

shape_fields("task", responsible_id="employee", deadline="moment")
add_entry(MenuEntry("tasks.title", "circle-check", "/tasks", "task.see"))
add_creation(Creation("tasks.new", "circle-check", "/tasks?new=1", "task.create"))
add_bulk_tool(bulk_task)
add_panel("client", client_tasks_panel)
add_panel("contact", contact_tasks_panel)
add_panel("deal", deal_tasks_panel)
add_panel("lead", lead_tasks_panel)
