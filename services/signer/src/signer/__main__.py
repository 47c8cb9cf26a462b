"""`python -m signer`: the service as a process of its own."""

from defterhane.host import run_service
from signer.app import NAME, build
from signer.settings import SignerSettings

if __name__ == "__main__":
    run_service(NAME, build, SignerSettings)
