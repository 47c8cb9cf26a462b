"""`python -m sandbox`: the outside world as one process."""

import logging
import signal
import sys

import uvicorn

from defterhane.errors import DefterhaneError
from sandbox.app import create_app
from sandbox.settings import SandboxSettings

_GRACE = 3
"""Seconds for answers under way when the process is asked to end (SIGTERM, SIGINT)."""


def main() -> int:
    """Serve until asked to end. Returns the exit code: 2 where the settings or the data folder are unusable."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    # uvicorn ends its work on SIGTERM, then hands the signal on: having been asked to end is no failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        settings = SandboxSettings()
    except ValueError as error:
        logging.error("%s", error)
        return 2
    logging.getLogger().setLevel(settings.log_level)
    try:
        app = create_app(settings)
    except DefterhaneError as error:
        logging.error("%s", error)
        return 2
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_GRACE,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
