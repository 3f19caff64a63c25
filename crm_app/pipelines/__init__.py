"""Pipelines and their stages: the ways that deals go."""
