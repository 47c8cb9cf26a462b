"""`python -m portal` runs the service."""

from defterhane.host import run_service
from portal.app import build
from portal.settings import PortalSettings

if __name__ == "__main__":
    run_service("portal", build, PortalSettings)
