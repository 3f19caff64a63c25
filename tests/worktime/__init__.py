"""The working calendar: its hours, its holidays."""
