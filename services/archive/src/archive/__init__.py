"""Keeps signed and approved files, write-once."""
