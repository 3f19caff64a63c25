"""The page on which it is said when the company works."""

from crm_app.access.screens.base import Page
from crm_app.ui.menu import add_setting
from crm_app.worktime.screens.worktime_page import worktime_page
from crm_app.worktime.screens.worktime_state import WorktimeSettings

PAGES = [Page("/settings/worktime", worktime_page, WorktimeSettings.opened, "worktime.title")]

add_setting("worktime.title", "calendar-clock", "/settings/worktime", "settings.change", about="worktime.about")
