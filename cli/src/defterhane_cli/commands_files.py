"""The commands that work on signatures: sign, verify. None needs a server.

What a command needs is imported when it runs: nobody waits for what another one needs.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from defterhane.errors import FixInput
from defterhane.figures import grouped
from defterhane_cli import answers, inputs, terminal
from defterhane_cli.errors import FileMissing
from defterhane_cli.terminal import Files, Json, Lang


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
                terminal.print_good(f"{folder / file.name}  {grouped(signed.size, chosen)} B  sha256 {signed.sha256}")
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
