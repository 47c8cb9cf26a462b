"""The commands that work on files: sample, convert, validate, sign, verify, view. None needs a server."""

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

import typer
from cryptography import x509
from pydantic import ValidationError

from converter.convert import ConversionJob, convert_drop
from converter.settings import SOURCE_APPLICATION
from defterhane.edefter.names import WHOLE, DocumentName, DropName
from defterhane.edefter.period import Period
from defterhane.edefter.taxid import tax_id
from defterhane.events import Filing
from defterhane.findings import Finding
from defterhane.tenant import Tenant, read_tenant
from defterhane.texts import Language
from defterhane.xades import Verification, sign_file, verify_file
from defterhane_cli import terminal
from defterhane_cli.errors import FileUnreadable, NotADocument, TenantUnreadable
from defterhane_cli.keys import KeyOptions, open_key
from defterhane_cli.terminal import Files, Json, Lang
from defterhane_cli.view import write_view
from sandbox.samples import write_sample
from validator.check import Verdict, check_document

ISTANBUL: Final = ZoneInfo("Europe/Istanbul")
EXAMPLE_FIRM: Final = "6090408038"


def sample(
    lines: Annotated[int, typer.Option(help="So many journal lines, about.", min=2)],
    out: Annotated[Path, typer.Option(help="The ZIP to write.")],
    tenant: Annotated[str, typer.Option(help="VKN or TCKN.")] = EXAMPLE_FIRM,
    period: Annotated[str, typer.Option(help="Month, such as 2025-01.")] = "2025-01",
    layout: Annotated[str, typer.Option(help="Layout of the export: columns25.")] = "columns25",
    seed: Annotated[int, typer.Option(help="The same seed makes the same file.")] = 1,
    vendor_habits: Annotated[
        bool, typer.Option("--vendor-habits", help="CR line ends, Windows-1254, literal NULL.")
    ] = False,
    lang: Lang = "auto",
) -> None:
    """Write a realistic made-up ERP export."""
    with terminal.speaking(lang):
        try:
            write_sample(
                out,
                tax_id=tax_id(tenant),
                period=Period.parse(period),
                lines=lines,
                seed=seed,
                vendor_habits=vendor_habits,
                layout=layout,
            )
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
        terminal.out.print(f"{out} ({out.stat().st_size:,} B)")


def convert(
    file: Annotated[Path, typer.Argument(help="The ERP's export, named like 6090408038-202501.zip.")],
    tenant: Annotated[Path, typer.Option(help="The tenant's TOML file.")],
    out: Annotated[Path, typer.Option(help="Folder for the documents.")],
    json: Json = False,
    lang: Lang = "auto",
) -> None:
    """Turn an export into unsigned journal and ledger, offline; say what is wrong with it."""
    with terminal.speaking(lang) as chosen:
        master = read_tenant_file(tenant)
        filing = _filing(file, master)
        out.mkdir(parents=True, exist_ok=True)
        job = ConversionJob(
            tenant=master,
            filing=filing,
            name=file.name,
            created=datetime.now(ISTANBUL).date(),
            source_application=SOURCE_APPLICATION,
        )
        with tempfile.TemporaryDirectory(prefix=".converting-", dir=out) as scratch:
            if not file.is_file():
                raise FileUnreadable(path=file, reason="—")
            outcome = convert_drop(file, Path(scratch), job)
            written = []
            for document in outcome.documents:
                name = DocumentName(tax_id(filing.tenant), filing.month, document.kind, filing.part, filing.branch)
                target = out / name.file("xml")
                document.path.replace(target)
                written.append({"file": str(target), "unique_id": document.unique_id, **_digest(document.written)})
    if json:
        findings = [_finding(finding, chosen) for finding in outcome.findings]
        terminal.print_json({"documents": written, "findings": findings, "counts": outcome.counts})
    else:
        for one in written:
            terminal.out.print(f"[green]✓[/] {one['file']}  {one['size']:,} B")
        terminal.print_findings(outcome.findings, chosen)
    terminal.stop(terminal.VALID if outcome.made else terminal.FINDINGS)


def validate(files: Files, json: Json = False, lang: Lang = "auto") -> None:
    """Check documents against schema and rules. Exit 0 valid, 1 findings, 2 unusable."""
    results = []
    code = terminal.VALID
    with terminal.speaking(lang) as chosen:
        for file in files:
            verdict = check_document(file, file.name)
            if not verdict.valid:
                code = terminal.FINDINGS
            results.append(_verdict(file, verdict, chosen))
            if not json:
                _print_verdict(file, verdict, chosen)
    if json:
        terminal.print_json(results)
    terminal.stop(code)


def sign(
    files: Files,
    key: Annotated[str, typer.Option(help="p12:PATH, or pkcs11:MODULE[?token=LABEL&vkn=VKN].")],
    pin_file: Annotated[
        Path | None, typer.Option(help="File with the password or PIN; else DEFTERHANE_PIN, else it is asked for.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the signed files; else `signed` beside each.")] = None,
    lang: Lang = "auto",
) -> None:
    """Sign documents with a fiscal seal (XAdES)."""
    with terminal.speaking(lang), open_key(KeyOptions.parse(key, pin_file, _holder(files[0]))) as signing_key:
        for file in files:
            folder = out or file.parent / "signed"
            folder.mkdir(parents=True, exist_ok=True)
            target = folder / file.name
            signed = sign_file(file, target, signing_key, signing_time=datetime.now(UTC), new_id=uuid4)
            terminal.out.print(f"[green]✓[/] {target}  {signed.size:,} B  sha256 {signed.sha256}")


def verify(
    files: Files,
    roots: Annotated[
        list[Path] | None, typer.Option("--root", help="PEM file of trusted roots and issuers; may be given again.")
    ] = None,
    json: Json = False,
    lang: Lang = "auto",
) -> None:
    """Verify signatures: of our documents and of GİB's approved berats. Exit 0 if all hold."""
    results = []
    code = terminal.VALID
    with terminal.speaking(lang) as chosen:
        trusted = [certificate for path in roots or [] for certificate in _read_certificates(path)]
        for file in files:
            verification = verify_file(file, roots=trusted if roots else None)
            if not verification.ok:
                code = terminal.FINDINGS
            results.append({"file": str(file), **verification.model_dump(mode="json")})
            if not json:
                _print_verification(file, verification, chosen)
    if json:
        terminal.print_json(results)
    terminal.stop(code)


def view(
    file: Annotated[Path, typer.Argument(help="A document.")],
    out: Annotated[Path, typer.Option(help="The HTML page to write.")],
    lang: Lang = "auto",
) -> None:
    """Write a readable, printable page of a document."""
    with terminal.speaking(lang) as chosen:
        try:
            write_view(file, out, chosen)
        except ValueError:
            raise NotADocument(path=file) from None
        terminal.out.print(str(out))


def read_tenant_file(path: Path) -> Tenant:
    """A tenant from its TOML file.

    Raises:
        OSError: the file cannot be read.
        TenantUnreadable: it is not as it should be.
    """
    try:
        return read_tenant(path)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise TenantUnreadable(path=path, reason=f"{place}: {first['msg']}") from None
    except ValueError as error:
        raise TenantUnreadable(path=path, reason=error) from None


def _holder(file: Path) -> str:
    """Whose document it is, by its name; nobody's where it has another name."""
    try:
        return DocumentName.parse(file.name).tax_id
    except ValueError:
        return ""


def _filing(file: Path, master: Tenant) -> Filing:
    try:
        name = DropName.parse(file.name)
    except ValueError as error:
        raise FileUnreadable(path=file, reason=error) from None
    if name.tax_id != master.tax_id:
        raise FileUnreadable(path=file, reason=f"{name.tax_id} ≠ {master.tax_id}")
    return Filing(tenant=name.tax_id, period=str(name.period), part=name.part or WHOLE, branch=name.branch)


def _read_certificates(path: Path) -> Sequence[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except ValueError as error:
        raise FileUnreadable(path=path, reason=error) from None


def _digest(written: object) -> dict[str, object]:
    return {name: getattr(written, name) for name in ("sha256", "size", "body_sha256")}


def _finding(finding: Finding, chosen: Language) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message.to(chosen),
        "cure": finding.cure.to(chosen) if finding.cure else None,
        **{name: getattr(finding, name) for name in ("file", "line", "entry", "voucher", "account", "value", "where")},
    }


def _verdict(file: Path, verdict: Verdict, chosen: Language) -> dict[str, object]:
    return {
        "file": str(file),
        "document": verdict.kind.value if verdict.kind else None,
        "valid": verdict.valid,
        "findings": [_finding(finding, chosen) for finding in verdict.findings],
    }


def _print_verdict(file: Path, verdict: Verdict, chosen: Language) -> None:
    mark = "[green]✓[/]" if verdict.valid else "[red]✗[/]"
    words = {"tr": ("geçerli", "geçersiz"), "en": ("valid", "not valid")}[chosen]
    terminal.out.print(f"{mark} {file}  {verdict.kind or '?'}  {words[0] if verdict.valid else words[1]}")
    terminal.print_findings(list(verdict.findings), chosen)


def _print_verification(file: Path, verification: Verification, chosen: Language) -> None:
    mark = "[green]✓[/]" if verification.ok else "[red]✗[/]"
    terminal.out.print(f"{mark} {file}")
    counter = verification.counter_signature
    for name, signer in ((None, verification), ("GİB", counter)):
        if signer is None:
            continue
        who = signer.signer_subject or "?"
        terminal.out.print(f"    {name + ': ' if name else ''}{who}  {signer.signing_time or ''}")
        for check in signer.checks:
            if not check.ok or name is None:
                terminal.out.print(f"    {'[green]✓[/]' if check.ok else '[red]✗[/]'} {check.detail.to(chosen)}")
