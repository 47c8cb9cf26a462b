"""`python -m archive` runs the service."""

from archive.app import build
from archive.settings import ArchiveSettings
from defterhane.host import run_service

if __name__ == "__main__":
    run_service("archive", build, ArchiveSettings)
