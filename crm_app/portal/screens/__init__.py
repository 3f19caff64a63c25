"""The pages of guests. They stand outside the staff's frame: none of its States is ever opened for a guest."""

from crm_app.access.screens.base import Page
from crm_app.portal.screens.guest_panel import guest_panel
from crm_app.portal.screens.portal_page import portal_page
from crm_app.portal.screens.portal_state import Portal
from crm_app.portal.screens.shared_task_page import shared_task_page
from crm_app.portal.screens.shared_task_state import GuestTask
from crm_app.ui.panels import add_panel

PAGES = [
    Page("/portal", portal_page, Portal.opened, "portal.title", is_public=True),
    Page("/portal/tasks/[task_id]", shared_task_page, GuestTask.opened, "portal.title", is_public=True),
]

add_panel("client", guest_panel)
