"""Scenarios: what happens by itself when something happens to a card, and a log of every run."""
