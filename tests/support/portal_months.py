"""Events of made-up months, as the services would say them, for tests of the portal."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.period import Period
from defterhane.edefter.taxid import vkn_from_stem
from defterhane.errors import Problem
from defterhane.events import (
    BeratApproved,
    BeratRefused,
    BeratSent,
    ConversionFailed,
    ConversionMade,
    ConversionRequested,
    ConversionWithdrawn,
    Days,
    Document,
    DocumentArchived,
    DocumentRejected,
    DocumentSigned,
    DocumentValidated,
    DocumentWritten,
    Envelope,
    Event,
    FileReceived,
    FileRefused,
    Filing,
    FilingHeld,
    FilingReleased,
    MonthClosed,
    ObjectRef,
    ReportAccepted,
    SignatureRefused,
    envelop,
)
from defterhane.findings import Finding, Severity
from defterhane.tenant import Gate
from defterhane.texts import Text
from portal.facts import (
    ConversionFacts,
    DocumentFacts,
    FileFacts,
    HoldFacts,
    Mark,
    MonthFacts,
    MonthKey,
    newer,
)
from portal.reading import read

Y, K, YB, KB, DR = DocumentKind

TENANT = vkn_from_stem("123456780")
OTHER = vkn_from_stem("987654321")
START = datetime(2025, 2, 3, 9, 0, tzinfo=UTC)
_NAMESPACE = UUID("7f1c2a54-5c1e-4b64-9d0a-2f3d1c9b7e55")


def problem(key: str = "test.problem", tr: str = "Bir sorun var.", en: str = "There is a problem.") -> Problem:
    """A problem with texts."""
    return Problem(key=key, text=Text(tr=tr, en=en))


def finding(rule: str = "entry.unbalanced", line: int = 12) -> Finding:
    """A finding as the converter makes them."""
    return Finding(
        rule=rule,
        message=Text(tr="Borç ve alacak eşit değil.", en="Debit and credit differ."),
        cure=Text(tr="Fişi düzeltin.", en="Correct the voucher."),
        file="yevmiye.csv",
        line=line,
        voucher="F-0042",
        account="100.01",
        value="10,00",
    )


def warning(rule: str = "text.cleaned", line: int = 7) -> Finding:
    """A warning as the converter makes them."""
    return Finding(
        rule=rule,
        severity=Severity.WARNING,
        message=Text(tr="Metin temizlendi.", en="A text was cleaned."),
        file="yevmiye.csv",
        line=line,
    )


RECOGNISED = Text(tr="yevmiye.csv: 25 sütunlu düzen, UTF-8.", en="yevmiye.csv: the 25 columns, UTF-8.")


class Story:
    """Says events one after another, a second apart, in envelopes with stable ids."""

    def __init__(
        self,
        tenant: str = TENANT,
        period: str = "2025-01",
        branch: str | None = None,
        start: datetime = START,
        salt: str = "",
    ) -> None:
        self.tenant = tenant
        self.period = period
        self.branch = branch
        self.now = start
        self.salt = salt
        self.envelopes: list[Envelope] = []

    def say(self, event: Event) -> Envelope:
        """Put an event into its envelope."""
        self.now += timedelta(seconds=1)
        place = f"{self.salt}/{self.tenant}/{self.branch}/{self.period}/{len(self.envelopes)}"
        envelope = envelop(event, id=uuid5(_NAMESPACE, place), source="/test", time=self.now)
        self.envelopes.append(envelope)
        return envelope

    def ref(self, seed: str) -> ObjectRef:
        """A claim check of bytes that nobody has."""
        digest = (uuid5(_NAMESPACE, self.tenant + seed).hex + uuid5(_NAMESPACE, seed).hex)[:64]
        return ObjectRef(uri=f"object:{self.tenant}/{digest}", sha256=digest, size=1000 + len(seed))

    def filing(self, part: str = "000000") -> Filing:
        """A filing of the month."""
        return Filing(tenant=self.tenant, period=self.period, part=part, branch=self.branch)

    def document(self, kind: DocumentKind, part: str = "000000", revision: int = 1) -> Document:
        """A document of the month."""
        prefix = {Y: "YEV", K: "KEB", YB: "YEV", KB: "KEB", DR: "EDR"}[kind]
        return Document(
            filing=self.filing(part),
            kind=kind,
            unique_id=f"{prefix}{self.period.replace('-', '')}000001",
            revision=revision,
        )

    @property
    def drop_name(self) -> str:
        """The name of all its dropped files."""
        return f"{self.tenant}-{self.period.replace('-', '')}.zip"

    # what services say

    def received(self, file_id: str = "f1", part: str | None = None) -> Envelope:
        return self.say(
            FileReceived(
                tenant=self.tenant,
                file_id=file_id,
                name=self.drop_name,
                period=self.period,
                branch=self.branch,
                part=part,
                object=self.ref(file_id),
            )
        )

    def refused_file(self, file_id: str = "f1", name: str | None = None) -> Envelope:
        name = name or self.drop_name
        return self.say(
            FileRefused(
                tenant=self.tenant,
                file_id=file_id,
                name=name,
                problem=problem("file.damaged", "Dosya bozuk.", "The file is damaged."),
            )
        )

    def requested(self, file_id: str = "f1", part: str | None = None) -> Envelope:
        return self.say(
            ConversionRequested(
                tenant=self.tenant,
                file_id=file_id,
                name=self.drop_name,
                period=self.period,
                branch=self.branch,
                part=part,
                object=self.ref(file_id),
            )
        )

    def conversion_failed(
        self, file_id: str = "f1", lines: int = 2, part: str = "000000", report: ObjectRef | None = None
    ) -> Envelope:
        return self.say(
            ConversionFailed(
                tenant=self.tenant,
                file_id=file_id,
                name=self.drop_name,
                period=self.period,
                branch=self.branch,
                part=part,
                findings=tuple(finding(line=line) for line in range(1, min(lines, 100) + 1)),
                counts={"entry.unbalanced": lines},
                report=report,
                recognised=(RECOGNISED,),
            )
        )

    def made(
        self,
        file_id: str = "f1",
        revision: int = 1,
        part: str = "000000",
        parts: tuple[str, ...] = ("000000",),
        warnings: int = 0,
        spans: tuple[tuple[int, int], ...] = (),
    ) -> Envelope:
        """A file has been converted; `part` as in its name, `spans` the first and last day of each part."""
        month = Period.parse(self.period).first
        return self.say(
            ConversionMade(
                tenant=self.tenant,
                file_id=file_id,
                name=self.drop_name,
                period=self.period,
                branch=self.branch,
                part=part,
                findings=tuple(warning(line=line) for line in range(1, warnings + 1)),
                counts={"text.cleaned": warnings} if warnings else {},
                recognised=(RECOGNISED,),
                revision=revision,
                parts=parts,
                spans=tuple(Days(start=month.replace(day=one), end=month.replace(day=other)) for one, other in spans),
                entries=12,
                lines=1234,
                total=123456789,
            )
        )

    def withdrawn(
        self,
        revision: int = 1,
        file_id: str = "f1",
        part: str = "000000",
        parts: tuple[str, ...] = ("000000",),
        reason: Problem | None = None,
    ) -> Envelope:
        """A conversion counts no more; `part` as in its file's name."""
        return self.say(
            ConversionWithdrawn(
                filing=self.filing(part),
                file_id=file_id,
                name=self.drop_name,
                revision=revision,
                parts=parts,
                reason=reason or problem("month.earlier_changed", "Önceki ay değişti.", "The month before changed."),
            )
        )

    def written(
        self, kind: DocumentKind, part: str = "000000", revision: int = 1, file_id: str | None = "f1"
    ) -> Envelope:
        return self.say(
            DocumentWritten(
                document=self.document(kind, part, revision),
                object=self.ref(f"{kind}{part}{revision}"),
                body_sha256="0" * 64,
                file_id=file_id,
            )
        )

    def validated(self, kind: DocumentKind, part: str = "000000", revision: int = 1) -> Envelope:
        return self.say(
            DocumentValidated(
                document=self.document(kind, part, revision),
                object=self.ref(f"{kind}{part}{revision}"),
                body_sha256="0" * 64,
            )
        )

    def rejected(self, kind: DocumentKind, part: str = "000000", revision: int = 1) -> Envelope:
        return self.say(
            DocumentRejected(
                document=self.document(kind, part, revision),
                object=self.ref(f"{kind}{part}{revision}"),
                findings=(finding("Y071"),),
                counts={"Y071": 1},
            )
        )

    def signed(self, kind: DocumentKind, part: str = "000000", revision: int = 1) -> Envelope:
        return self.say(
            DocumentSigned(
                document=self.document(kind, part, revision),
                object=self.ref(f"{kind}{part}{revision}signed"),
                signature_value="AAAA",
                signing_time=self.now,
                certificate_sha256="1" * 64,
            )
        )

    def not_signed(self, kind: DocumentKind, part: str = "000000", revision: int = 1) -> Envelope:
        return self.say(
            SignatureRefused(
                tenant=self.tenant,
                document=self.document(kind, part, revision),
                problem=problem("signer.no_card", "Kart takılı değil.", "There is no card."),
            )
        )

    def sent(self, kind: DocumentKind, part: str = "000000", revision: int = 1) -> Envelope:
        document = self.document(kind, part, revision)
        return self.say(BeratSent(document=document, package=str(document.name), answer="işleme alındı"))

    def approved(self, kind: DocumentKind, part: str = "000000", revision: int = 1) -> Envelope:
        document = self.document(kind, part, revision)
        if kind is DR:
            return self.say(ReportAccepted(document=document, answer="kabul"))
        return self.say(BeratApproved(document=document, object=self.ref(f"GIB{kind}{part}{revision}")))

    def refused(self, kind: DocumentKind, part: str = "000000", revision: int = 1) -> Envelope:
        return self.say(
            BeratRefused(
                document=self.document(kind, part, revision),
                code="1200",
                problem=problem("gib.refused", "GİB kabul etmedi.", "GİB has refused it."),
            )
        )

    def archived(self, kind: DocumentKind, part: str = "000000", revision: int = 1, approved: bool = False) -> Envelope:
        document = self.document(kind, part, revision)
        name = document.name.as_approved if approved else document.name
        return self.say(
            DocumentArchived(
                document=document,
                approved=approved,
                path=f"{self.tenant}/01.01.2025-31.12.2025/01/{name.file('xml')}",
                object=self.ref(f"{name}{revision}"),
            )
        )

    def held(self, gate: Gate | None, part: str = "000000", reason: Problem | None = None) -> Envelope:
        reason = reason or problem("filing.gate", "Onayınız bekleniyor.", "Your release is awaited.")
        if gate is None:
            reason = problem("filing.previous_month", "Önceki ay onaylanmadı.", "The month before is not approved.")
        return self.say(FilingHeld(filing=self.filing(part), gate=gate, reason=reason))

    def released(self, gate: Gate | None, part: str = "000000", by: str = "Ayşe") -> Envelope:
        return self.say(FilingReleased(filing=self.filing(part), gate=gate, by=by))

    def closed(self) -> Envelope:
        return self.say(MonthClosed(filing=self.filing(), documents=("a", "b")))

    # longer passages

    def books(self, part: str = "000000", revision: int = 1, file_id: str | None = "f1") -> None:
        """Y, YB, K, KB of a part: written, validated, signed, archived."""
        for kind in (Y, YB, K, KB):
            self.written(kind, part, revision, file_id)
            self.validated(kind, part, revision)
            self.signed(kind, part, revision)
            self.archived(kind, part, revision)

    def at_gib(self, part: str = "000000", revision: int = 1) -> None:
        """YB and KB sent, approved, their approved copies archived."""
        for kind in (YB, KB):
            self.sent(kind, part, revision)
        for kind in (YB, KB):
            self.approved(kind, part, revision)
            self.archived(kind, part, revision, approved=True)

    def report(self, revision: int = 1, file_id: str | None = "f1") -> None:
        """The month's report, from written to archived."""
        self.written(DR, revision=revision, file_id=file_id)
        self.validated(DR, revision=revision)
        self.signed(DR, revision=revision)
        self.sent(DR, revision=revision)
        self.approved(DR, revision=revision)
        self.archived(DR, revision=revision)

    def whole(self, parts: Iterable[str] = ("000000",), revision: int = 1, file_id: str = "f1") -> None:
        """A month without trouble, from drop to archive."""
        self.received(file_id)
        self.made(file_id, revision, parts=tuple(parts))
        for part in parts:
            self.books(part, revision, file_id)
            self.at_gib(part, revision)
        self.report(revision, file_id)
        self.closed()


def gather(envelopes: Iterable[Envelope], story: Story) -> MonthFacts:
    """All that envelopes say of a story's month, joined one after the other."""
    documents: dict[object, DocumentFacts] = {}
    conversions: dict[object, ConversionFacts] = {}
    files: dict[str, FileFacts] = {}
    holds: dict[object, HoldFacts] = {}
    closed: Mark | None = None
    for envelope in envelopes:
        news = read(envelope)
        if (document := news.document) is not None:
            key = document.part, document.kind, document.revision
            documents[key] = documents[key].joined(document) if key in documents else document
        if (conversion := news.conversion) is not None:
            number = conversion.revision, conversion.file_id
            conversions[number] = conversions[number].joined(conversion) if number in conversions else conversion
        for file in news.files:
            files[file.file_id] = files[file.file_id].joined(file) if file.file_id in files else file
        if (hold := news.hold) is not None:
            place = hold.part, hold.gate
            holds[place] = holds[place].joined(hold) if place in holds else hold
        if news.closed is not None and newer(news.closed, closed):
            closed = news.closed
    key_of_month = MonthKey(tenant=story.tenant, branch=story.branch, period=story.period)
    return MonthFacts(
        key=key_of_month,
        documents=tuple(documents.values()),
        conversions=tuple(conversions.values()),
        files=tuple(files.values()),
        holds=tuple(holds.values()),
        closed=closed,
    )
