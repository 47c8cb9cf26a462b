"""Checks documents against schema and rules."""
