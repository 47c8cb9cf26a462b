"""One line of a month's time line for each event, in both languages."""

from defterhane.errors import Problem
from defterhane.events import (
    BeratApproved,
    BeratRefused,
    BeratSent,
    ConversionFailed,
    ConversionMade,
    ConversionRequested,
    ConversionWithdrawn,
    Document,
    DocumentArchived,
    DocumentRejected,
    DocumentSigned,
    DocumentValidated,
    DocumentWritten,
    Event,
    FileReceived,
    FileRefused,
    FilingHeld,
    FilingReleased,
    MonthClosed,
    ReportAccepted,
    SignatureRefused,
    ValidationDisagreed,
)
from defterhane.figures import grouped
from defterhane.texts import Text
from portal.words import GATE_WORDS, KIND_TITLES


def line_of(event: Event) -> Text | None:  # noqa: PLR0911, PLR0912 — one case an event
    """What happened, said to an accountant; None for events that a month's story does without."""
    match event:
        case FileReceived(name=name):
            return Text(tr=f"Dosya alındı: {name}", en=f"File received: {name}")
        case FileRefused(name=name, problem=problem):
            return _because(Text(tr=f"Dosya geri çevrildi: {name}", en=f"File refused: {name}"), problem)
        case ConversionRequested(name=name):
            return Text(tr=f"Dönüştürme istendi: {name}", en=f"Conversion requested: {name}")
        case ConversionFailed(name=name, counts=counts):
            number = sum(counts.values())
            return Text(
                tr=f"Dönüştürülemedi: {name} ({grouped(number, 'tr')} bulgu)",
                en=f"Could not be converted: {name} ({_number(number, 'finding')})",
            )
        case ConversionMade():
            return _made(event)
        case ConversionWithdrawn(name=name, revision=revision, reason=reason):
            what = Text(
                tr=f"{revision}. dönüştürme geri çekildi: {name}", en=f"Conversion {revision} withdrawn: {name}"
            )
            return _because(what, reason)
        case DocumentWritten(document=document):
            return _of(document, Text(tr="yazıldı", en="written"))
        case DocumentValidated(document=document):
            return _of(document, Text(tr="doğrulandı", en="validated"))
        case DocumentRejected(document=document):
            return _of(document, Text(tr="doğrulanamadı", en="found not valid"))
        case ValidationDisagreed(document=document, package=package):
            what = Text(
                tr=f"denetimimiz ile GİB'in kendi dosyaları ({package}) ayrı sonuç verdi",
                en=f"our checks and GİB's own files ({package}) do not say the same",
            )
            return _of(document, what)
        case DocumentSigned(document=document):
            return _of(document, Text(tr="imzalandı", en="signed"))
        case SignatureRefused(document=Document() as document, problem=problem):
            return _because(_of(document, Text(tr="imzalanamadı", en="not signed")), problem)
        case BeratSent(document=document):
            return _of(document, Text(tr="GİB'e gönderildi", en="sent to GİB"))
        case BeratApproved(document=document):
            return _of(document, Text(tr="GİB tarafından onaylandı", en="approved by GİB"))
        case ReportAccepted(document=document):
            return _of(document, Text(tr="GİB tarafından kabul edildi", en="accepted by GİB"))
        case BeratRefused(document=document, problem=problem):
            return _because(_of(document, Text(tr="GİB'de kabul edilmedi", en="refused at GİB")), problem)
        case DocumentArchived(document=document, approved=True):
            return _of(document, Text(tr="GİB onaylı hâli arşivlendi", en="GİB-approved copy archived"))
        case DocumentArchived(document=document):
            return _of(document, Text(tr="arşivlendi", en="archived"))
        case MonthClosed():
            return Text(tr="Ay tamamlandı: her şey arşivde", en="Month closed: everything is archived")
        case FilingHeld(gate=None, reason=reason):
            return _because(Text(tr="Bekliyor", en="Waiting"), reason)
        case FilingHeld(gate=str() as gate):
            words = GATE_WORDS[gate]
            return Text(tr=f"Onayınız bekleniyor ({words.tr})", en=f"Waiting for your release ({words.en})")
        case FilingReleased(gate=None):
            return Text(tr="Beklenen gerçekleşti, sürüyor", en="What it waited for has come true")
        case FilingReleased(gate=str() as gate, by=by):
            words = GATE_WORDS[gate]
            return Text(tr=f"{by} serbest bıraktı ({words.tr})", en=f"Released by {by} ({words.en})")
    return None


def _made(event: ConversionMade) -> Text:
    parts, warnings = len(event.parts), sum(event.counts.values())
    tr = [f"{grouped(event.entries, 'tr')} madde", f"{grouped(event.lines, 'tr')} satır"]
    en = [
        f"{grouped(event.entries, 'en')} {'entry' if event.entries == 1 else 'entries'}",
        _number(event.lines, "line"),
    ]
    if parts > 1:
        tr.append(f"{parts} parça")
        en.append(_number(parts, "part"))
    if warnings:
        tr.append(f"{grouped(warnings, 'tr')} uyarı")
        en.append(_number(warnings, "warning"))
    return Text(tr=f"Dönüştürüldü: {event.name} ({', '.join(tr)})", en=f"Converted: {event.name} ({', '.join(en)})")


def _number(number: int, one: str, many: str | None = None) -> str:
    return f"{grouped(number, 'en')} {one if number == 1 else many or f'{one}s'}"


def _of(document: Document, what: Text) -> Text:
    title = KIND_TITLES[document.kind]
    return Text(tr=f"{title.tr} {what.tr}: {document.name}", en=f"{title.en} {what.en}: {document.name}")


def _because(what: Text, problem: Problem) -> Text:
    return Text(tr=f"{what.tr} — {problem.text.tr}", en=f"{what.en} — {problem.text.en}")
