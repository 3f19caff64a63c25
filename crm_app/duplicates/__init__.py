"""Duplicates: pairs of cards that may be one, cards made one, and made two again."""
