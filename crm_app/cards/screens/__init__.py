"""Pages of what every card has: roles, custom fields, changes of many cards. What each card shows is in panels.py."""

from crm_app.access.screens.base import Page
from crm_app.cards.screens.bin_page import bin_page
from crm_app.cards.screens.bin_state import Bin
from crm_app.cards.screens.bulk_page import bulk_page
from crm_app.cards.screens.bulk_state import BulkHistory
from crm_app.cards.screens.fields_page import fields_page
from crm_app.cards.screens.fields_state import CustomFieldEditor
from crm_app.cards.screens.link_kinds_page import link_kinds_page
from crm_app.cards.screens.link_kinds_state import LinkKinds
from crm_app.cards.screens.rights_page import rights_page
from crm_app.cards.screens.rights_state import RoleEditor
from crm_app.ui.menu import MenuEntry, add_entry, add_setting

PAGES = [
    Page("/settings/roles", rights_page, RoleEditor.opened, "access.roles.title"),
    Page("/settings/fields", fields_page, CustomFieldEditor.opened, "cards.custom.title"),
    Page("/settings/links", link_kinds_page, LinkKinds.opened, "cards.links.title"),
    Page("/bin", bin_page, Bin.opened, "cards.bin.title"),
    Page("/bulk", bulk_page, BulkHistory.opened, "cards.bulk.title"),
]

add_setting("access.roles.title", "shield", "/settings/roles", "role.manage", about="access.roles.about")
add_setting("cards.custom.title", "list-plus", "/settings/fields", "field.define", about="cards.custom.about")
add_setting("cards.links.title", "link", "/settings/links", "link.define", about="cards.links.about")
add_entry(MenuEntry("cards.bulk.title", "list-checks", "/bulk", is_main=False))
add_entry(MenuEntry("cards.bin.title", "trash-2", "/bin", is_main=False))
