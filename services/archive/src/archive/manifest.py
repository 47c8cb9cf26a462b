"""A month's manifest: which files it has, and their hashes. Pure."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE


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


def is_complete(archived: Sequence[tuple[DocumentKind, str, bool]], signed: Sequence[tuple[DocumentKind, str]]) -> bool:
    """Whether nothing of a month is missing.

    `archived`: (kind, part, is GİB's copy) of each file; `signed`: (kind, part) of each signed document.
    A month is complete with its report, and for each of its parts both ledgers, both berats and GİB's two copies.
    """
    if (DocumentKind.REPORT, WHOLE, False) not in archived:
        return False
    parts = {part for kind, part in signed if kind is not DocumentKind.REPORT}
    if not parts:
        return False
    wanted = {
        (kind, part, approved)
        for part in parts
        for kind in DocumentKind
        if kind is not DocumentKind.REPORT
        for approved in (False, True)
        if kind.is_berat or not approved
    }
    return wanted <= set(archived)
