"""The pages of accounts: log-in, first start, settings."""

from crm_app.access.screens.accounts_page import accounts_page
from crm_app.access.screens.accounts_state import Accounts
from crm_app.access.screens.base import Page, allow_all
from crm_app.access.screens.employees_page import employees_page
from crm_app.access.screens.employees_state import Employees
from crm_app.access.screens.frame_state import Frame
from crm_app.access.screens.home_page import home_page
from crm_app.access.screens.login_page import login_page
from crm_app.access.screens.login_state import Login
from crm_app.access.screens.nowhere_page import nowhere_page
from crm_app.access.screens.setup_page import setup_page
from crm_app.ui.catalogue import parts_page
from crm_app.ui.catalogue_state import Parts
from crm_app.ui.menu import MenuEntry, add_entry, add_setting

PAGES = [
    Page("/", home_page, Frame.went_home, is_public=True),
    Page("404", nowhere_page, is_public=True),
    Page("/login", login_page, Login.opened, "access.login.title", is_public=True),
    Page("/setup", setup_page, Login.opened, "access.setup.title", is_public=True),
    Page("/settings", accounts_page, Accounts.opened, "access.settings.title"),
    Page("/settings/employees", employees_page, Employees.opened, "access.employees.title"),
    Page("/settings/parts", parts_page, Parts.opened, "access.parts.title"),
]

allow_all(Parts, "settings.change")
add_entry(MenuEntry("access.settings.title", "settings", "/settings", is_last=True))
add_setting("access.employees.title", "users", "/settings/employees", "employee.manage", about="access.employees.about")
add_setting(
    "access.parts.title", "blocks", "/settings/parts", "settings.change", about="access.parts.about", is_last=True
)
