"""What can be done with clients: one file per ability."""

from crm_app.clients.actions import bulk, cards, import_undo, importing, imports, intaking, mending

__all__ = ["bulk", "cards", "import_undo", "importing", "imports", "intaking", "mending"]
