"""The commands that work on files: sample, convert, validate, sign, verify, view. None needs a server.

What a command needs is imported when it runs: nobody waits for what another one needs.
"""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final, Literal
from uuid import uuid4
from zoneinfo import ZoneInfo

import typer
from pydantic import ValidationError

from defterhane.errors import FixInput
from defterhane.events import Document
from defterhane.tenant import Tenant, read_tenant
from defterhane_cli import answers, inputs, terminal
from defterhane_cli.errors import (
    FileMissing,
    NotADocument,
    TenantFieldsMissing,
    TenantFieldsUnknown,
    TenantFieldWrong,
    TenantUnreadable,
    WouldOverwrite,
)
from defterhane_cli.terminal import Files, Json, Lang

ISTANBUL: Final = ZoneInfo("Europe/Istanbul")
EXAMPLE_FIRM: Final = "6090408038"


def sample(
    lines: Annotated[int, typer.Option(help="So many journal lines.", min=2)],
    out: Annotated[Path, typer.Option(help="The ZIP to write.")],
    tenant: Annotated[str, typer.Option(help="VKN or TCKN.")] = EXAMPLE_FIRM,
    period: Annotated[str, typer.Option(help="Month, such as 2025-01.")] = "2025-01",
    layout: Annotated[Literal["columns25"], typer.Option(help="Layout of the export.")] = "columns25",
    seed: Annotated[int, typer.Option(help="The same seed makes the same file.")] = 1,
    vendor_habits: Annotated[
        bool, typer.Option("--vendor-habits", help="CR line ends, Windows-1254, literal NULL.")
    ] = False,
    lang: Lang = "auto",
) -> None:
    """Write a realistic made-up ERP export."""
    from sandbox.samples import write_sample  # noqa: PLC0415

    with terminal.speaking(lang):
        write_sample(
            out,
            tax_id=inputs.read_tax_id(tenant),
            period=inputs.read_period(period),
            lines=lines,
            seed=seed,
            vendor_habits=vendor_habits,
            layout=layout,
        )
        terminal.print_good(f"{out}  {out.stat().st_size:,} B")


def convert(
    file: Annotated[Path, typer.Argument(help="The ERP's export, named like 6090408038-202501.zip.")],
    tenant: Annotated[Path, typer.Option(help="The tenant's TOML file.")],
    out: Annotated[Path, typer.Option(help="Folder for the documents.")],
    json: Json = False,
    lang: Lang = "auto",
) -> None:
    """Turn an export into unsigned journal and ledger, offline; say what is wrong with it. Exit 0, 1 findings, 2."""
    from converter.convert import ConversionJob, convert_drop  # noqa: PLC0415
    from converter.settings import SOURCE_APPLICATION  # noqa: PLC0415

    with terminal.speaking(lang) as chosen:
        filing = inputs.filing_of(file, master := read_tenant_file(tenant))
        if not file.exists():
            raise FileMissing(path=file)
        out.mkdir(parents=True, exist_ok=True)
        job = ConversionJob(
            tenant=master,
            filing=filing,
            name=file.name,
            created=datetime.now(ISTANBUL).date(),
            source_application=SOURCE_APPLICATION,
        )
        with tempfile.TemporaryDirectory(prefix=".converting-", dir=out) as scratch:
            outcome = convert_drop(file, Path(scratch), job)
            written = []
            for made in outcome.documents:
                document = Document(filing=filing, kind=made.kind, unique_id=made.unique_id)
                target = made.path.replace(out / document.name.file("xml"))
                written.append(answers.made_json(target, made))
    if json:
        findings = [answers.finding_json(finding, chosen) for finding in outcome.findings]
        terminal.print_json({"documents": written, "findings": findings, "counts": outcome.counts})
    else:
        for one in written:
            terminal.print_good(f"{one['file']}  {one['size']:,} B")
        terminal.print_findings(outcome.findings, chosen)
    terminal.stop(terminal.VALID if outcome.made else terminal.FINDINGS)


def validate(files: Files, json: Json = False, lang: Lang = "auto") -> None:
    """Check documents against schema and rules. Exit 0 valid, 1 findings, 2 a file is no e-Defter document at all."""
    from validator.check import check_document  # noqa: PLC0415

    results = []
    code = terminal.VALID
    with terminal.speaking(lang) as chosen:
        for file in files:
            try:
                verdict = check_document(file, file.name)
            except OSError as error:
                code = terminal.UNUSABLE
                results.append(answers.unread_json(file, terminal.problem_of(error), chosen))
                if not json:
                    terminal.say(error, chosen)
                continue
            if not verdict.valid:
                code = max(code, terminal.FINDINGS if verdict.kind else terminal.UNUSABLE)
            results.append(answers.verdict_json(file, verdict, chosen))
            if not json:
                answers.print_verdict(file, verdict, chosen)
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
    """Sign documents with a fiscal seal (XAdES). Exit 0 if all are signed, 2 if not."""
    from defterhane.xades import sign_file  # noqa: PLC0415
    from defterhane_cli.keys import KeyOptions, open_keys  # noqa: PLC0415

    code = terminal.VALID
    with terminal.speaking(lang) as chosen, open_keys(KeyOptions.parse(key, pin_file)) as keys:
        for file in files:
            folder = out or file.parent / "signed"
            try:
                if not file.exists():
                    raise FileMissing(path=file)
                folder.mkdir(parents=True, exist_ok=True)
                signed = sign_file(
                    file, folder / file.name, keys.key_for(file), signing_time=datetime.now(UTC), new_id=uuid4
                )
            except (FixInput, OSError) as error:  # this file's trouble; what is wrong with the key concerns them all
                code = terminal.UNUSABLE
                terminal.say(error, chosen, file)
            else:
                terminal.print_good(f"{folder / file.name}  {signed.size:,} B  sha256 {signed.sha256}")
    terminal.stop(code)


def verify(
    files: Files,
    roots: Annotated[
        list[Path] | None, typer.Option("--root", help="PEM file of trusted roots and issuers; may be given again.")
    ] = None,
    json: Json = False,
    lang: Lang = "auto",
) -> None:
    """Verify signatures: of our documents and of GİB's approved berats. Exit 0 if all hold, 1 if not, 2 unreadable."""
    from defterhane.xades import Verification, verify_file  # noqa: PLC0415

    results = []
    code = terminal.VALID
    with terminal.speaking(lang) as chosen:
        trusted = [certificate for path in roots or [] for certificate in inputs.read_certificates(path)]
        for file in files:
            try:
                verification = verify_file(file, roots=trusted if roots else None)
            except OSError as error:
                code = terminal.UNUSABLE
                results.append({"file": str(file), **Verification(ok=False, checks=()).model_dump(mode="json")})
                terminal.say(error, chosen)
                continue
            if not verification.ok:
                code = max(code, terminal.FINDINGS)
            results.append({"file": str(file), **verification.model_dump(mode="json")})
            if not json:
                answers.print_verification(file, verification, chosen)
    if json:
        terminal.print_json(results)
    terminal.stop(code)


def view(
    file: Annotated[Path, typer.Argument(help="A document.")],
    out: Annotated[Path, typer.Option(help="The HTML page to write.")],
    lang: Lang = "auto",
) -> None:
    """Write a readable, printable page of a document."""
    from defterhane_cli.view import write_view  # noqa: PLC0415

    with terminal.speaking(lang, file) as chosen:
        if out.exists() and out.samefile(file):
            raise WouldOverwrite(path=out)
        try:
            write_view(file, out, chosen)
        except ValueError:
            raise NotADocument(path=file) from None
        terminal.print_good(str(out))


def read_tenant_file(path: Path) -> Tenant:
    """A tenant from its TOML file.

    Raises:
        OSError: the file cannot be read.
        TenantUnreadable: it is not as it should be.
    """
    try:
        return read_tenant(path)
    except ValidationError as error:
        raise _tenant_error(path, error) from None
    except ValueError as error:
        raise TenantUnreadable(path=path, reason=error) from None


def _tenant_error(path: Path, error: ValidationError) -> TenantUnreadable:
    """What is missing before what is unknown, and that before what is wrong."""
    found = error.errors(include_url=False, include_input=False)
    for kind, type_ in ((TenantFieldsMissing, "missing"), (TenantFieldsUnknown, "extra_forbidden")):
        fields = [_place(one["loc"]) for one in found if one["type"] == type_]
        if fields:
            return kind(path=path, fields=", ".join(fields))
    return TenantFieldWrong(path=path, field=_place(found[0]["loc"]), reason=found[0]["msg"])


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "branches"
