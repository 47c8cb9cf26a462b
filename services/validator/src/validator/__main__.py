"""`python -m validator` runs the service."""

from defterhane.host import run_service
from validator.app import build
from validator.settings import ValidatorSettings

if __name__ == "__main__":
    run_service("validator", build, ValidatorSettings)
