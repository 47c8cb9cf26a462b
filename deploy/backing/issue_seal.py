"""Has the sandbox issue a firm's seal: run inside the sandbox's container; the PKCS#12 file goes to standard output.

    docker compose exec -T -e SEAL_PASSWORD="$(cat var/secrets/seal-password)" sandbox \
        python - 1234567808 "Örnek A.Ş." < deploy/backing/issue_seal.py > var/seals/1234567808.p12

The seal's signatures have no legal value; only the sandbox believes them.
"""

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr

from sandbox.ca import Authority


def issue(data: Path, tax_id: str, title: str, password: SecretStr, now: datetime) -> bytes:
    """A new seal of the authority whose keys lie in the sandbox's data folder, as PKCS#12.

    Raises:
        OSError: the sandbox has never been started with that folder.
    """
    authority = Authority.load(data / "certificates")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "seal.p12"
        authority.issue_seal(tax_id, title, now=now).save_p12(path, password)
        return path.read_bytes()


def main() -> int:
    """The command; 2 where it was called wrongly."""
    password = os.environ.get("SEAL_PASSWORD")
    match sys.argv[1:]:
        case [tax_id, title] if password:
            data = Path(os.environ.get("DEFTERHANE_SANDBOX_DATA", "/data"))
            sys.stdout.buffer.write(issue(data, tax_id, title, SecretStr(password), datetime.now(UTC)))
            return 0
        case _:
            print("SEAL_PASSWORD=… issue_seal.py TAX_ID TITLE", file=sys.stderr)  # noqa: T201
            return 2


if __name__ == "__main__":
    sys.exit(main())
