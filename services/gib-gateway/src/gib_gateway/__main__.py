"""`python -m gib_gateway`: the service as a process of its own."""

from defterhane.host import run_service
from gib_gateway.app import NAME, build
from gib_gateway.settings import GatewaySettings

if __name__ == "__main__":
    run_service(NAME, build, GatewaySettings)
