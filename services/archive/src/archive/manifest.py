"""A month's manifest: which files it has, and their hashes. Pure."""

import json
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Kept:
    """One archived file."""

    name: str
    """With suffix, as in the folder."""
    sha256: str
    size: int


def manifest_bytes(tenant: str, period: str, branch: str | None, files: Iterable[Kept]) -> bytes:
    """The manifest as JSON: the same files give the same bytes."""
    listed = [{"name": kept.name, "sha256": kept.sha256, "size": kept.size} for kept in sorted(files)]
    content = {"format": "defterhane-manifest/1", "tenant": tenant, "period": period, "branch": branch, "files": listed}
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
