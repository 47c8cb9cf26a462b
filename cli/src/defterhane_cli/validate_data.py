"""`validate`'s answer as data: JSON of a fixed shape, and findings as a table for spreadsheet programs.

Both are written document by document: however much was found, little of it is in memory at once.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from defterhane.edefter.money import format_kurus
from defterhane.findings import Finding
from defterhane.findings_csv import write_findings
from defterhane.texts import Language
from defterhane_cli.answers import finding_json
from defterhane_cli.checking import Checked
from defterhane_cli.documents_found import printable
from defterhane_cli.months import sums_of


def document_json(checked: Checked, chosen: Language) -> dict[str, object]:
    """The answer about one document.

    `file`, `document`, `valid` and `findings` are always told. `document` is None where the file is none; `member` is
    the document's name in the ZIP `file`. `counts` are all findings by rule, also those beyond the listed ones.
    Amounts are as in documents, `1000.50`. `authority` tells which version of the authority's own files was asked,
    and what only one side says; None where none was asked.
    """
    candidate, summary = checked.candidate, checked.summary
    sums = sums_of(summary) if summary is not None else None
    return {
        "file": printable(candidate.file),
        "member": candidate.member,
        "document": checked.kind.value if checked.kind else None,
        "valid": checked.valid,
        "signed": checked.signed,
        "unique_id": checked.unique_id,
        "start": summary.start or None if summary is not None else None,
        "end": summary.end or None if summary is not None else None,
        "entries": checked.entries,
        "lines": checked.lines,
        "debit": format_kurus(sums[0]) if sums is not None else None,
        "credit": format_kurus(sums[1]) if sums is not None else None,
        "sha256": checked.sha256,
        "rules": checked.rules,
        "authority": _authority(checked),
        "errors": checked.errors,
        "warnings": checked.warnings,
        "counts": dict(sorted(checked.counts.items())),
        "findings": [finding_json(finding, chosen) for finding in checked.findings()],
    }


def _authority(checked: Checked) -> dict[str, object] | None:
    opinion = checked.opinion
    if opinion is None:
        return None
    alone = opinion.disagreement
    return {
        "package": opinion.package,
        "only_ours": list(alone.ours) if alone else [],
        "only_theirs": list(alone.authority) if alone else [],
    }


def write_json(checked: Iterable[Checked], target: TextIO, chosen: Language) -> None:
    """A list with one answer a document."""
    target.write("[")
    for number, one in enumerate(checked):
        told = json.dumps(document_json(one, chosen), ensure_ascii=False, indent=1)
        target.write(f"{',' if number else ''}\n {told.replace(chr(10), chr(10) + ' ')}")
    target.write("\n]\n")


def save_findings(checked: Sequence[Checked], path: Path, chosen: Language) -> None:
    """Write all listed findings to a file: what `--json` says where its name ends in `.json`, else CSV.

    Raises:
        OSError: it cannot be written.
    """
    with path.open("w", encoding="utf-8", newline="") as target:
        if path.suffix.lower() == ".json":
            write_json(checked, target, chosen)
        else:
            counts: Counter[str] = Counter()
            for one in checked:
                counts.update(one.counts)
            write_findings(_with_files(checked), counts, target)


def _with_files(checked: Iterable[Checked]) -> Iterator[Finding]:
    for one in checked:
        for finding in one.findings():
            yield finding.model_copy(update={"file": one.candidate.shown})
