"""`defterhane view`: a readable, printable HTML page of any of the five documents, in one file without requests."""

from defterhane_cli.view.writing import Written, write_view

__all__ = ["Written", "write_view"]
