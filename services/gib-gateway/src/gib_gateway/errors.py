"""What may be wrong on the way to GİB and back.

FixInput
└── Rejected             GİB has judged the package and found it wanting
TryLater
├── NotConnected         GİB cannot be reached: nothing has been sent
├── Unanswered           a message has left, and no usable answer has come
├── MonthBeforeOpen      the month before is not approved yet
├── OlderAtGib           a withdrawn revision is still with GİB
└── UnclearFault         a fault without a documented code
CallOperator
├── PackageTooLarge
├── UnknownState         a durumKodu that is not configured
├── NobodyTrusted        no root certificates are configured
└── NotBelieved          the approved berat is not what it should be
    ├── BadPackage
    ├── OtherDocument
    ├── OtherSignature
    └── NotGib
A documented fault becomes a Problem with the key `gib.fault.<code>`.
"""

from typing import Final

from defterhane.errors import CallOperator, FixInput, Problem, TryLater
from defterhane.soap.faults import Fault
from defterhane.texts import Text

_WORDS: Final = 500


class Rejected(FixInput):
    """GİB has processed the package and rejected it."""

    key = "gib.rejected"
    text = Text(tr="GİB paketi reddetti: {reason}", en="GİB has rejected the package: {reason}")
    cure = Text(
        tr="Nedeni gidererek ayı yeniden üretin; GİB kaynaklı bir aksaklıksa yeniden gönderin.",
        en="Mend the cause and make the month again; if GİB was at fault, let it be sent again.",
    )


class NotConnected(TryLater):
    """No connection to GİB could be made."""

    key = "gib.not_connected"
    text = Text(
        tr="GİB'e bağlanılamıyor ({why}); yeniden denenecek.",
        en="GİB cannot be reached ({why}); it will be tried again.",
    )


class Unanswered(TryLater):
    """A message has left, but no answer that can be used has come: GİB may have acted on it."""

    key = "gib.unanswered"
    text = Text(
        tr="GİB'den kullanılabilir bir yanıt gelmedi ({why}); paketin durumu sorulacak.",
        en="GİB gave no answer that can be used ({why}); the package's state will be asked for.",
    )


class MonthBeforeOpen(TryLater):
    """A month is not sent before the one before it is approved."""

    key = "gib.month_before"
    text = Text(
        tr="{before} dönemi onaylanmadan bu dönem gönderilmez; onaylanınca kendiliğinden gönderilir.",
        en="This month is not sent before {before} is approved; then it goes on by itself.",
    )


class OlderAtGib(TryLater):
    """A withdrawn revision of the month is with GİB: what GİB approves of it is final."""

    key = "gib.older_at_gib"
    text = Text(
        tr="Bu dönemin geri çekilen önceki hali GİB'de işleniyor, sonucu bekleniyor; GİB onaylarsa o hali geçerlidir.",
        en="An earlier form of this month, since withdrawn, is with GİB; its outcome is awaited. If GİB approves it,"
        " that is the one that counts.",
    )


class UnclearFault(TryLater):
    """GİB answers with a fault that its guide does not list."""

    key = "gib.unclear_fault"
    text = Text(
        tr="GİB belgelenmemiş bir hata verdi: {words}. Yeniden denenecek.",
        en="GİB answered with an undocumented fault: {words}. It will be tried again.",
    )


class SignerSilent(TryLater):
    """The tenant's signer has not answered in time, several times."""

    key = "gib.signer_silent"
    text = Text(
        tr="{signer} adlı imzalayıcı yanıt vermiyor; GİB'e gidecek ileti imzalanamıyor.",
        en="The signer {signer} does not answer: the message to GİB cannot be signed.",
    )
    cure = Text(
        tr="İmzalayıcının çalıştığını, kartın ya da HSM'in bağlı olduğunu denetleyin.",
        en="Check that the signer runs, and that its card or HSM is connected.",
    )


class AtGate(TryLater):
    """The tenant wants a person to look before anything goes to GİB."""

    key = "gib.gate"
    text = Text(
        tr="GİB'e gönderilmeden önce onayınız bekleniyor.", en="Your consent is awaited before this goes to GİB."
    )
    cure = Text(
        tr="Borç, alacak ve fiş sayılarını denetleyip gönderime izin verin.",
        en="Check debit, credit and the number of entries, then let it go on.",
    )


class UnknownState(CallOperator):
    """GİB tells a state whose meaning is not configured, and there is no other sign to go by."""

    key = "gib.unknown_state"
    text = Text(
        tr="GİB'in bildirdiği durum kodunun ({code}) anlamı tanımlı değil: {words}",
        en="What GİB's state code {code} means is not configured: {words}",
    )
    cure = Text(
        tr="Kodu DEFTERHANE_GIB_STATUS_CODES ayarına ekleyin; sorgulama sürüyor.",
        en="Add the code to DEFTERHANE_GIB_STATUS_CODES; asking goes on.",
    )


class PackageTooLarge(CallOperator):
    """The package is larger than may be sent."""

    key = "gib.package_too_large"
    text = Text(
        tr="Paket {size} bayt; en çok {limit} bayt gönderilir.",
        en="The package has {size} bytes; at most {limit} are sent.",
    )
    cure = Text(tr="Ayı daha küçük parçalara bölün.", en="Cut the month into smaller parts.")


class NobodyTrusted(CallOperator):
    """GİB's counter-signature cannot be believed without a root to chain to."""

    key = "gib.nobody_trusted"
    text = Text(
        tr="Güvenilen kök sertifika tanımlanmamış; onaylı beratlar denetlenemez.",
        en="No trusted root certificate is configured; approved berats cannot be checked.",
    )
    cure = Text(
        tr="DEFTERHANE_GIB_ROOTS ayarına Kamu SM kök sertifikalarını ekleyin.",
        en="Add Kamu SM's root certificates to DEFTERHANE_GIB_ROOTS.",
    )


class NotBelieved(CallOperator):
    """What came back is not our berat, approved by GİB."""

    key = "gib.not_believed"
    text = Text(
        tr="GİB'den gelen onaylı berat kabul edilemez.", en="The approved berat that GİB gave cannot be accepted."
    )
    cure = Text(
        tr="Yanıt saklandı; GİB'e sorun, sonra yeniden indirin.",
        en="The answer has been kept; ask GİB, then fetch it again.",
    )


class BadPackage(NotBelieved):
    """Not a ZIP file with the one document in it."""

    key = "gib.bad_package"
    text = Text(tr="GİB'den gelen onaylı paket açılamaz: {why}.", en="The approved package cannot be opened: {why}.")


class OtherDocument(NotBelieved):
    """It says something else than the berat that was sent."""

    key = "gib.other_document"
    text = Text(
        tr="Onaylı beratta {what} beklenenden farklı: {expected} yerine {found}.",
        en="In the approved berat {what} is {found}, not {expected}.",
    )


class OtherSignature(NotBelieved):
    """A signature in it is not the one that we know, or does not hold."""

    key = "gib.other_signature"
    text = Text(
        tr="Onaylı berattaki imza kabul edilemez: {why}.",
        en="A signature in the approved berat cannot be accepted: {why}.",
    )


class NotGib(NotBelieved):
    """It has not been counter-signed by GİB."""

    key = "gib.not_gib"
    text = Text(tr="Onaylı berattaki karşı imza GİB'in değil: {why}.", en="The counter-signature is not GİB's: {why}.")


def words(text: str | None) -> str:
    """GİB's own words, on one line, so many as an event can carry."""
    line = " ".join((text or "").split())
    return line if len(line) <= _WORDS else line[: _WORDS - 1] + "…"


def fault_problem(fault: Fault, said: str) -> Problem:
    """A documented fault, with GİB's own words."""
    quoted = f" («{words(said)}»)" if said.strip() else ""
    return Problem(
        key=f"gib.fault.{fault.code}",
        text=Text(tr=f"{fault.meaning.tr}{quoted}", en=f"{fault.meaning.en}{quoted}"),
        cure=fault.cure,
    )
