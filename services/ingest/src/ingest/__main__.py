"""`python -m ingest`: the drop box as a process of its own."""

from defterhane.host import run_service
from ingest.app import build
from ingest.settings import IngestSettings

if __name__ == "__main__":
    run_service("ingest", build, IngestSettings)
