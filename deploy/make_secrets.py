"""Makes the secrets of a new installation: random passwords, and the URLs and files that hold them.

    make_secrets.py FOLDER                 one file per secret, for docker-compose.yml (var/secrets)
    make_secrets.py FOLDER --kubernetes    the same, and prints Kubernetes Secrets for `kubectl apply -f -`

What is there already is kept: called again, it makes only what is missing. The folder is for its owner alone; the
files in it may be read by all, because the user in a container, who is another one, sees them through a mount.
"""

import argparse
import base64
import json
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final


def _password(_: Mapping[str, str]) -> str:
    return secrets.token_urlsafe(32)


def _database_url(user: str, password: str) -> Callable[[Mapping[str, str]], str]:
    return lambda made: f"postgresql://{user}:{made[password]}@postgres:5432/defterhane"


def _s3_users(made: Mapping[str, str]) -> str:
    key = {"accessKey": made["s3-access-key"], "secretKey": made["s3-secret-key"]}
    return json.dumps({"identities": [{"name": "defterhane", "credentials": [key], "actions": ["Admin"]}]})


MAKERS: Final[dict[str, Callable[[Mapping[str, str]], str]]] = {
    "database-superuser-password": _password,
    "database-owner-password": _password,
    "database-app-password": _password,
    "database-owner-url": _database_url("defterhane_owner", "database-owner-password"),
    "database-url": _database_url("defterhane", "database-app-password"),
    "bus-password": _password,
    "bus-url": lambda made: f"amqp://defterhane:{made['bus-password']}@rabbitmq:5672/",
    "rabbitmq-user.conf": lambda made: f"default_user = defterhane\ndefault_pass = {made['bus-password']}\n",
    "s3-access-key": _password,
    "s3-secret-key": _password,
    "s3.json": _s3_users,
    "operator-token": _password,
    "seal-password": _password,
}
"""File → how it is made from those above it."""

KUBERNETES: Final[dict[str, dict[str, str]]] = {
    "defterhane-database": {"url": "database-url"},
    "defterhane-database-owner": {"url": "database-owner-url"},
    "defterhane-bus": {"url": "bus-url"},
    "defterhane-objects": {"access-key": "s3-access-key", "secret-key": "s3-secret-key"},
    "defterhane-portal": {"operator-token": "operator-token"},
    "defterhane-signer-main": {"p12-password": "seal-password"},
    "defterhane-backing": {
        name: name
        for name in (
            "database-superuser-password",
            "database-owner-password",
            "database-app-password",
            "rabbitmq-user.conf",
            "s3.json",
        )
    },
}
"""Secret → key → file."""


def make_secrets(folder: Path) -> dict[str, str]:
    """Read what is there, make what is missing, and return all of it by file name."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    made: dict[str, str] = {}
    for name, maker in MAKERS.items():
        path = folder / name
        if not path.exists():
            path.write_text(maker(made), "utf-8")
            path.chmod(0o444)
        made[name] = path.read_text("utf-8")
    return made


def kubernetes_secrets(made: Mapping[str, str], namespace: str) -> dict[str, object]:
    """All Secrets as one List."""
    items = [
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": secret, "namespace": namespace},
            "type": "Opaque",
            "data": {key: base64.b64encode(made[name].encode()).decode() for key, name in keys.items()},
        }
        for secret, keys in KUBERNETES.items()
    ]
    return {"apiVersion": "v1", "kind": "List", "items": items}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kubernetes", action="store_true", help="print Kubernetes Secrets")
    parser.add_argument("--namespace", default="defterhane")
    arguments = parser.parse_args()
    made = make_secrets(arguments.folder)
    if arguments.kubernetes:
        json.dump(kubernetes_secrets(made, arguments.namespace), sys.stdout, indent=2)


if __name__ == "__main__":
    main()
