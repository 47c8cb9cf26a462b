"""What users read of the authority's own files."""

from typing import Final

from defterhane.texts import Text

FAILED: Final = Text(tr="GİB'in kendi denetimi: {said}", en="GİB's own check: {demand} (“{said}”)")
"""An assert that only the authority's files find; `demand` is what we know of the rule."""
FAILED_UNKNOWN: Final = Text(tr="GİB'in kendi denetimi: {said}", en="GİB's own check says: “{said}”")
SCHEMA: Final = Text(tr="GİB'in kendi şeması: {said}", en="GİB's own schema: {said}")
STOPPED: Final = Text(
    tr="GİB'in kendi denetimi bu belgede hata verip durdu: {said}",
    en="GİB's own check stopped on this document with an error: {said}",
)
SILENT: Final = Text(
    tr="GİB'in kendi denetim dosyaları bu belge için yanıt vermedi ({reason}); belge yalnız bizim kurallarımızla"
    " denetlendi.",
    en="GİB's own files gave no answer on this document ({reason}); it was checked by our rules alone.",
)
REASONS: Final[dict[str, Text]] = {
    "died": Text(tr="denetimi yapan süreç sona erdi", en="the process at work has ended"),
    "slow": Text(tr="denetim çok uzun sürdü", en="it took too long"),
    "memory": Text(tr="denetim çok fazla bellek istedi", en="it took too much memory"),
}
UNUSABLE: Final = Text(tr="dosyalar çalıştırılamadı", en="the files could not be run")
"""Any other reason: what it is stands beside it as the finding's value, for operators."""
CURE: Final = Text(
    tr="Belge bu haliyle GİB'de reddedilir. Belirtilen yeri ERP'de düzeltip ayı yeniden gönderin; anlaşılmıyorsa"
    " işletmene bildirin.",
    en="GİB would refuse the document as it is. Correct the place in the ERP and send the month again; if it is not"
    " clear what is meant, tell the operator.",
)
SILENT_CURE: Final = Text(
    tr="Bir şey yapmanız gerekmez; işletmen GİB denetim dosyalarına bakmalıdır.",
    en="There is nothing for you to do; the operator should look at the authority's files.",
)
