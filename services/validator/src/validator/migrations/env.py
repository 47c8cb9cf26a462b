"""Alembic's entry."""

from defterhane.db.migrate import run_environment

run_environment()
