"""Deals: one sale each, with its items, its planned action and its way through the stages."""
