"""Docker's HEALTHCHECK: asks the service in this container whether it lives; exit code 0 = yes, 1 = no.

It asks /healthz on the health port (`DEFTERHANE_HEALTH_PORT`), or the URL that is given.
"""

import os
import sys
import urllib.error
import urllib.request

_SECONDS = 3


def main() -> int:
    """Ask, without any proxy that the environment names."""
    port = os.environ.get("DEFTERHANE_HEALTH_PORT", "8080")
    url = sys.argv[1] if len(sys.argv) > 1 else f"http://127.0.0.1:{port}/healthz"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=_SECONDS) as answer:
            return 0 if answer.status == 200 else 1
    except (urllib.error.URLError, OSError, ValueError):
        return 1


if __name__ == "__main__":
    sys.exit(main())
