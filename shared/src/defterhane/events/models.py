"""What each event says. Unknown fields are ignored; a breaking change is a new type."""

from abc import ABC, abstractmethod
from datetime import date, datetime
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE, DocumentName, check_part
from defterhane.edefter.period import Period
from defterhane.edefter.taxid import tax_id
from defterhane.errors import Problem
from defterhane.findings import Finding
from defterhane.tenant import BranchText, Gate, PeriodText, TaxIdText
from defterhane.texts import Text

PartText = Annotated[str, AfterValidator(check_part)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class ObjectRef(_Frozen):
    """A claim check: where bytes lie, and what they must be."""

    uri: str
    sha256: Sha256
    size: int = Field(ge=0)
    """Bytes."""


class Filing(_Frozen):
    """Tenant + branch + month + part: what is filed at once."""

    tenant: TaxIdText
    period: PeriodText
    """`2025-01`."""
    part: PartText = WHOLE
    branch: BranchText | None = None

    @property
    def month(self) -> Period:
        """The period, parsed."""
        return Period.parse(self.period)

    @property
    def month_key(self) -> str:
        """Names the month of a branch: events of one month keep their order."""
        return f"{self.tenant}/{self.branch or '-'}/{self.period}"

    @property
    def key(self) -> str:
        """Names the filing."""
        return f"{self.month_key}/{self.part}"


class Document(_Frozen):
    """One document of a filing."""

    filing: Filing
    kind: DocumentKind
    unique_id: str
    revision: int = Field(default=1, ge=1)
    """The conversion of the month that made it: 1 is the first, each later one has the next number, whether it
    converts another part or takes an earlier one's place. `conversion.withdrawn` names those that do not count."""

    @property
    def name(self) -> DocumentName:
        """Its name, as in its file's name."""
        filing = self.filing
        return DocumentName(tax_id(filing.tenant), filing.month, self.kind, filing.part, filing.branch, approved=False)


class Event(_Frozen, ABC):
    """The base of all events."""

    type: ClassVar[str]

    @property
    @abstractmethod
    def tenant_id(self) -> str:
        """Whose event it is."""

    @property
    @abstractmethod
    def subject(self) -> str:
        """What it is about; events of one subject keep their order."""


class _AboutFile(Event):
    tenant: TaxIdText
    file_id: str
    """Ours; one per file dropped."""
    name: str
    """As dropped."""

    @property
    def tenant_id(self) -> str:
        return self.tenant

    @property
    def subject(self) -> str:
        return f"{self.tenant}/file/{self.file_id}"


class _AboutFiling(Event):
    filing: Filing

    @property
    def tenant_id(self) -> str:
        return self.filing.tenant

    @property
    def subject(self) -> str:
        return self.filing.month_key


class _AboutDocument(Event):
    document: Document

    @property
    def tenant_id(self) -> str:
        return self.document.filing.tenant

    @property
    def subject(self) -> str:
        return self.document.filing.month_key


class _AboutDrop(_AboutFile):
    period: PeriodText
    branch: BranchText | None = None
    part: PartText | None = None
    object: ObjectRef


class FileReceived(_AboutDrop):
    """A usable file has been dropped and stored."""

    type = "file.received"


class FileRefused(_AboutFile):
    """A dropped file is unusable; it is kept, if it could be stored."""

    type = "file.refused"
    problem: Problem
    object: ObjectRef | None = None


class ConversionRequested(_AboutDrop):
    """Somebody asks for a received file to be converted."""

    type = "conversion.requested"


class _Converted(_AboutFile):
    period: PeriodText
    branch: BranchText | None = None
    part: PartText = WHOLE
    """As in the drop's name: `000000` = the whole month."""
    findings: tuple[Finding, ...] = ()
    """The first of them, errors before warnings."""
    counts: dict[str, int] = {}
    """All of them, by rule."""
    report: ObjectRef | None = None
    """Where more findings lie than stand here: a JSON array of up to 1,000 `defterhane.findings.Finding`."""
    recognised: tuple[Text, ...] = ()
    """What each file of the drop was taken for."""


class Days(_Frozen):
    """A stretch of days of one month, both ends included."""

    start: date
    end: date


class ConversionFailed(_Converted):
    """An export cannot become ledgers; the findings say why, line by line."""

    type = "conversion.failed"


class ConversionMade(_Converted):
    """An export has become journal and ledger, which go on by themselves; the findings are warnings."""

    type = "conversion.made"
    revision: int = Field(ge=1)
    parts: tuple[PartText, ...]
    """The parts of the month that were made of it."""
    spans: tuple[Days, ...] = ()
    """The days that each of these parts covers."""
    entries: int
    lines: int
    total: int
    """Kuruş, the sum of debits and also of credits."""


class ConversionWithdrawn(_AboutFiling):
    """All documents of one revision of a month no longer count: another file has come, an earlier month or part has
    changed, or one of them is not valid. What GİB approves all the same is final, and counts again with all others
    of its revision."""

    type = "conversion.withdrawn"
    file_id: str
    name: str
    revision: int = Field(ge=1)
    parts: tuple[PartText, ...]
    """The parts that were made of it. (The filing's part is that of the drop's name.)"""
    reason: Problem


class DocumentWritten(_AboutDocument):
    """A document has been written, unsigned and canonical."""

    type = "document.written"
    object: ObjectRef
    body_sha256: Sha256
    """Digest of its canonical form: what a signature over it refers to."""
    file_id: str | None = None


class DocumentValidated(_AboutDocument):
    """A document is valid and may be signed."""

    type = "document.validated"
    object: ObjectRef
    body_sha256: Sha256
    warnings: tuple[Finding, ...] = ()
    rules: str | None = None
    """The rule set that it was checked by, such as `journal/2020-01-01`."""


class DocumentRejected(_AboutDocument):
    """A document is not valid."""

    type = "document.rejected"
    object: ObjectRef
    findings: tuple[Finding, ...]
    counts: dict[str, int]
    file_id: str | None = None
    """Of the dropped file that it was made of."""


class ValidationDisagreed(_AboutDocument):
    """Our engine and the authority's own files do not say the same of a document; the stricter verdict holds."""

    type = "validation.disagreed"
    object: ObjectRef
    package: str
    """The version of the authority's files."""
    rules: tuple[str, ...]
    """What only we say, by rule (at most 100)."""
    authority: tuple[str, ...]
    """What only the authority's files say: rule ids, or their words where no rule is known (at most 100)."""


class DocumentSigned(_AboutDocument):
    """A document has been signed."""

    type = "document.signed"
    object: ObjectRef
    signature_value: str
    """Base64 of the signature, in one line."""
    signing_time: datetime
    certificate_sha256: Sha256
    """Of the signer's certificate (DER)."""


class _AboutMessage(Event):
    request_id: str
    tenant: TaxIdText

    @property
    def tenant_id(self) -> str:
        return self.tenant

    @property
    def subject(self) -> str:
        return f"{self.tenant}/request/{self.request_id}"


class SignatureRequested(_AboutMessage):
    """The gateway asks the tenant's signer to sign a web-service message (WS-Security)."""

    type = "signature.requested"
    references: tuple[tuple[str, str], ...]
    """(Id, base64 SHA-256) of each part of the message, in order."""


class SignatureMade(_AboutMessage):
    """The signer's answer to `signature.requested`."""

    type = "signature.made"
    signed_info: str
    """The canonical ds:SignedInfo that was signed."""
    signature_value: str
    """Base64."""
    certificates: tuple[str, ...]
    """Base64 DER, the signer's first, then its issuers."""


class SignatureRefused(Event):
    """The signer will not, or cannot, sign: a document, or a web-service message."""

    type = "signature.refused"
    tenant: TaxIdText
    document: Document | None = None
    request_id: str | None = None
    problem: Problem

    @property
    def tenant_id(self) -> str:
        return self.tenant

    @property
    def subject(self) -> str:
        if self.document is not None:
            return self.document.filing.month_key
        return f"{self.tenant}/request/{self.request_id}"


class BeratSent(_AboutDocument):
    """A berat or report is at GİB, queued there."""

    type = "berat.sent"
    package: str
    answer: str
    """GİB's words."""


class BeratApproved(_AboutDocument):
    """GİB has counter-signed a berat; the copy has been checked and stored as received."""

    type = "berat.approved"
    object: ObjectRef
    """The approved XML."""


class ReportAccepted(_AboutDocument):
    """GİB has accepted the month's report."""

    type = "report.accepted"
    answer: str


class BeratRefused(_AboutDocument):
    """GİB has refused a berat or report, or its answer cannot be believed."""

    type = "berat.refused"
    code: str | None = None
    """The fault's or state's code, as GİB wrote it."""
    problem: Problem
    rules: tuple[str, ...] = ()
    """The authority's rules that GİB's words quote, by id, the surest first; none where they quote none."""


class DocumentArchived(_AboutDocument):
    """A file lies in the archive."""

    type = "document.archived"
    approved: bool
    """True for GİB's counter-signed copy."""
    path: str
    """In the folder tree that GİB's tools expect."""
    object: ObjectRef


class MonthClosed(_AboutFiling):
    """Everything of a month is archived. The filing's part is that of the report, `000000`."""

    type = "month.closed"
    documents: tuple[str, ...]
    """The names of all files in the archive."""


class FilingHeld(_AboutFiling):
    """A filing waits: at a gate for a person, or for something to come true."""

    type = "filing.held"
    gate: Gate | None
    """Where a person may let it go on; None where it goes on by itself."""
    reason: Problem


class FilingReleased(_AboutFiling):
    """A person lets a filing go on, or what it waited for has come true."""

    type = "filing.released"
    gate: Gate | None
    by: str


EVENTS: dict[str, type[Event]] = {
    model.type: model
    for model in (
        FileReceived,
        FileRefused,
        ConversionRequested,
        ConversionFailed,
        ConversionMade,
        ConversionWithdrawn,
        DocumentWritten,
        DocumentValidated,
        DocumentRejected,
        ValidationDisagreed,
        DocumentSigned,
        SignatureRequested,
        SignatureMade,
        SignatureRefused,
        BeratSent,
        BeratApproved,
        ReportAccepted,
        BeratRefused,
        DocumentArchived,
        MonthClosed,
        FilingHeld,
        FilingReleased,
    )
}
"""All events by type."""
