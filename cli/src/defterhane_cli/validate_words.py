"""`validate`'s answer in words: a document's line and findings, and what it all comes to."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rich.markup import escape

from defterhane.edefter.kinds import DocumentKind
from defterhane.figures import grouped
from defterhane.findings import Finding
from defterhane.texts import Language, Text
from defterhane_cli import terminal
from defterhane_cli.checking import Checked
from defterhane_cli.documents_found import Found, printable

_FEW: Final = 20
"""So many documents have a line each; of more, only those that something was found in."""
_ALONE: Final = 50
_AMONG: Final = 12
"""So many findings of a document are printed, where it is alone and where it is one of several."""
_OF_A_RULE: Final = 5
"""So many findings of one rule are printed, so that others come to be seen."""
_RULES: Final = 8
"""So many rules are named with their counts."""

_COUNTED: Final = {
    "accounts": (Text(tr="hesap", en="account"), "accounts"),
    "entries": (Text(tr="madde", en="entry"), "entries"),
    "lines": (Text(tr="satır", en="line"), "lines"),
    "errors": (Text(tr="hata", en="error"), "errors"),
    "warnings": (Text(tr="uyarı", en="warning"), "warnings"),
    "documents": (Text(tr="belge denetlendi", en="document checked"), "documents checked"),
    "invalid": (Text(tr="geçersiz", en="not valid"), "not valid"),
    "unread": (Text(tr="dosya okunamadı", en="file cannot be read"), "files cannot be read"),
    "copies": (
        Text(
            tr="belge bir başkasının kopyası (imzasızı, GİB onaylısı, ZIP'i): toplamlara katılmadı.",
            en="document is a copy of another (unsigned, approved by GİB, or zipped): not in the totals.",
        ),
        "documents are copies of others (unsigned, approved by GİB, or zipped): not in the totals.",
    ),
    "asked": (
        Text(
            tr="belge GİB'in kendi dosyalarıyla da denetlendi.",
            en="document was checked by the authority's own files, too.",
        ),
        "documents were checked by the authority's own files, too.",
    ),
    "inventories": (
        Text(
            tr="envanter belgesi (E, EB) denetlenmedi: kuralları başkadır.",
            en="inventory document (E, EB) was not checked: it has rules of its own.",
        ),
        "inventory documents (E, EB) were not checked: they have rules of their own.",
    ),
    "passed": (
        Text(
            tr="dosya e-Defter belgesi değil; atlandı.",
            en="file is no e-Defter document and was passed over.",
        ),
        "files are no e-Defter documents and were passed over.",
    ),
}
"""What is counted; the last is English for several."""


def print_documents(checked: Sequence[Checked], chosen: Language, *, quiet: bool) -> None:
    """Documents that something was found in, of few all of them; those of one folder below its name. `quiet`: none.
    What has no verdict is said on standard error all the same."""
    folder, gap = None, False
    for one in checked:
        if one.problem is not None:
            terminal.say_problem(one.problem, chosen)
        elif not quiet and (one.counts or len(checked) <= _FEW):
            own = None if one.candidate.given else one.candidate.file.parent
            if gap or (folder != own and folder is not None):
                terminal.out.print()
            if own is not None and folder != own:
                terminal.print_paragraph(f"[bold]{escape(printable(own))}[/]")
            _print_document(one, chosen, _ALONE if len(checked) == 1 else _AMONG)
            folder, gap = own, bool(one.counts)
    if not quiet and len(checked) > 1 and any(one.counts or len(checked) <= _FEW for one in checked):
        terminal.out.print()


def _print_document(checked: Checked, chosen: Language, most: int) -> None:
    """A document's line, and its findings, at most so many."""
    candidate = checked.candidate
    name = candidate.shown if candidate.given else candidate.shown_below
    terminal.print_paragraph(f"{_mark(checked)} {escape(name)}  {_told(checked, chosen)}", 4)
    found = sum(checked.counts.values())
    some = [_placed(finding, checked) for finding in _some_of_each(checked.findings(), most)]
    terminal.print_findings(some, chosen, found, most)
    if found > len(some):
        terminal.print_paragraph(f"    [dim]{escape(_rules(checked.counts, chosen))}[/]", 4)
    _print_disagreement(checked, chosen)


def _print_disagreement(checked: Checked, chosen: Language) -> None:
    """What only one says, we or the authority's own files: one of both is wrong."""
    if checked.opinion is None or checked.opinion.disagreement is None:
        return
    alone = checked.opinion.disagreement
    sides = (
        (alone.ours, Text(tr="yalnız bizde", en="only ours")),
        (alone.authority, Text(tr="yalnız GİB'de", en="only theirs")),
    )
    told = "; ".join(f"{side.to(chosen)}: {_first(rules)}" for rules, side in sides if rules)
    words = Text(
        tr=f"GİB'in kendi dosyaları ({alone.package}) başka sonuca vardı: {told}. Sıkı olan sonuç geçerlidir; bunu "
        "Defterhane'ye bildirin.",
        en=f"The authority's own files ({alone.package}) came to another verdict: {told}. The stricter one holds; "
        "report this to Defterhane.",
    )
    terminal.print_paragraph(f"  [bold red]‼ {escape(words.to(chosen))}[/]", 4)


def _first(rules: Sequence[str]) -> str:
    return ", ".join([*rules[:_RULES], "…"] if len(rules) > _RULES else rules)


def print_end(checked: Sequence[Checked], found: Found, copies: int, chosen: Language, *, told: bool) -> None:
    """What was checked, unless that has been told, and what was not."""
    if not told:
        _print_sum(checked, chosen)
    asked = sum(one.opinion is not None for one in checked)
    for number, key in (
        (copies, "copies"),
        (asked, "asked"),
        (found.inventories, "inventories"),
        (found.passed, "passed"),
    ):
        if number:
            terminal.print_paragraph(f"  {_number(number, key, chosen)}")


def _print_sum(checked: Sequence[Checked], chosen: Language) -> None:
    judged = [one for one in checked if one.problem is None]
    invalid, unread = sum(not one.valid for one in judged), len(checked) - len(judged)
    told = [_number(len(judged), "documents", chosen)]
    told.extend(_number(number, key, chosen) for number, key in ((unread, "unread"), (invalid, "invalid")) if number)
    told.append(_findings(sum(one.errors for one in judged), sum(one.warnings for one in judged), chosen))
    bad = invalid or unread
    terminal.print_paragraph(f"[{'red' if bad else 'green'}]{'✗' if bad else '✓'}[/] {' · '.join(told)}")


def _number(number: int, key: str, chosen: Language) -> str:
    one, several = _COUNTED[key]
    return f"{grouped(number, chosen)} {one.tr if chosen == 'tr' else one.en if number == 1 else several}"


def _findings(errors: int, warnings: int, chosen: Language) -> str:
    told = [_number(number, key, chosen) for number, key in ((errors, "errors"), (warnings, "warnings")) if number]
    return ", ".join(told) or ("bulgu yok" if chosen == "tr" else "no findings")


def _told(checked: Checked, chosen: Language) -> str:
    """`Y  geçerli · imzalı · 60 madde, 120 satır · 1 uyarı`."""
    turkish, kind = chosen == "tr", checked.kind
    if kind is None:
        return "?  " + ("e-Defter belgesi değil ya da okunamıyor" if turkish else "no e-Defter document, or unreadable")
    if turkish:
        words = "geçerli" if checked.valid else "geçersiz", "imzalı" if checked.signed else "imzasız"
    else:
        words = "valid" if checked.valid else "not valid", "signed" if checked.signed else "unsigned"
    told = list(words)
    if kind.is_ledger:
        entries = "entries" if kind is DocumentKind.JOURNAL else "accounts"
        told.append(f"{_number(checked.entries, entries, chosen)}, {_number(checked.lines, 'lines', chosen)}")
    if checked.counts:
        told.append(_findings(checked.errors, checked.warnings, chosen))
    return f"{kind}  {' · '.join(told)}"


def _mark(checked: Checked) -> str:
    if not checked.valid:
        return "[red]✗[/]"
    return "[yellow]![/]" if checked.warnings else "[green]✓[/]"


def _some_of_each(findings: Iterable[Finding], most: int) -> list[Finding]:
    """The first findings, of no rule more than a few, so that all kinds of mistakes come to be seen."""
    seen: Counter[str] = Counter()
    chosen: list[Finding] = []
    for finding in findings:
        seen[finding.rule] += 1
        if seen[finding.rule] <= _OF_A_RULE:
            chosen.append(finding)
        if len(chosen) == most:
            break
    return chosen


def _placed(finding: Finding, checked: Checked) -> Finding:
    """Without the document's own name, which stands above."""
    return finding.model_copy(update={"file": None}) if finding.file == checked.candidate.name else finding


def _rules(counts: Mapping[str, int], chosen: Language) -> str:
    """`Y097 1.200, Y071 34, …`: the most frequent first."""
    frequent = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return _first([f"{rule} {grouped(count, chosen)}" for rule, count in frequent])
