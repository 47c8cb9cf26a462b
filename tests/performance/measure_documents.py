"""Export → documents → verdict → signature, as the services and the command do it."""

import re
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

from measuring import FIRM, MEGA, Figures, figures, megabytes, run, timed

from converter.convert import ConversionJob, convert_drop
from converter.settings import SOURCE_APPLICATION
from defterhane.edefter.period import Period
from defterhane.events import Filing
from defterhane.tenant import read_tenant
from defterhane.xades import SoftwareKey, sign_file, verify_file
from sandbox.ca import Authority
from sandbox.samples import write_sample
from validator.check import check_document


def sample(lines: int, out: str) -> Figures:
    """Write an export."""
    with timed() as clock:
        write_sample(Path(out), tax_id=FIRM, period=Period(2025, 1), lines=lines, seed=1)
    return figures(clock, lines)


def convert(source: str, tenant: str, out: str) -> Figures:
    """Export → Y and K, with all checks and digests; MB of XML."""
    job = ConversionJob(
        tenant=read_tenant(Path(tenant)),
        filing=Filing(tenant=FIRM, period="2025-01"),
        name=Path(source).name,
        created=date(2025, 2, 3),
        source_application=SOURCE_APPLICATION,
        part_bytes=None,
    )
    with tempfile.TemporaryDirectory(dir=out) as folder:
        with timed() as clock:
            outcome = convert_drop(Path(source), Path(folder), job)
        assert outcome.made, outcome.findings
        for made in outcome.documents:
            made.path.replace(Path(out) / f"{FIRM}-202501-{made.kind}-000000.xml")
    return figures(clock, sum(made.written.size for made in outcome.documents) / MEGA)


def validate(path: str) -> Figures:
    """Schema, rules, strict duties and digests in one pass; MB of XML."""
    with timed() as clock:
        verdict = check_document(Path(path), Path(path).name)
    assert verdict.valid, verdict.findings.counts
    return figures(clock, megabytes(Path(path)))


def validate_wrong(path: str, out: str) -> Figures:
    """The same where each line of a journal breaks rules; MB of XML."""
    with Path(path).open("rb") as good, Path(out).open("wb") as bad:
        for line in good:
            bad.write(re.sub(rb"(\.\d\d)(</gl-cor:amount>)", rb"\g<1>5\g<2>", line))
    with timed() as clock:
        verdict = check_document(Path(out), Path(path).name)
    assert len(verdict.findings) > verdict.lines, verdict.findings.counts
    size = megabytes(Path(out))
    Path(out).unlink()
    return figures(clock, size)


def sign(path: str, out: str) -> Figures:
    """XAdES with a key in memory, verified before it counts; MB of XML."""
    now = datetime.now(UTC)
    seal = Authority.create(now).issue_seal(FIRM, "ÖRNEK TİCARET", now=now)
    key = SoftwareKey(seal.key, seal.certificate, seal.chain)
    with timed() as clock:
        signed = sign_file(Path(path), Path(out), key, signing_time=now, new_id=uuid4)
    return figures(clock, signed.size / MEGA)


def verify(path: str) -> Figures:
    """All of a signature but trust in the signer; MB of XML."""
    with timed() as clock:
        verification = verify_file(Path(path), roots=None)
    assert verification.ok
    return figures(clock, megabytes(Path(path)))


if __name__ == "__main__":
    run(sample, convert, validate, validate_wrong, sign, verify)
