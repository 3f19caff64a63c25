"""Where contacts come from: spreadsheets, address books, mailboxes."""
