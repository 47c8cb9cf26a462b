"""What can keep the sandbox from starting, and what samples cannot be made. (What GİB refuses is told by `sandbox.gib`,
in GİB's own way.)

FixInput
└── SampleImpossible
    ├── TooFewLines · SheetTooSmall · LayoutUnknown · NotInLayout · NotUnpacked · DaysElsewhere
    └── FaultUnknown · FaultElsewhere · FaultFindsNoPlace
CallOperator
└── DataUnusable   its folder cannot be used, or what lies there is not what it has written
"""

from defterhane.errors import CallOperator, FixInput
from defterhane.texts import Text


class DataUnusable(CallOperator):
    """The sandbox's data folder cannot be used."""

    key = "sandbox.data_unusable"
    text = Text(
        tr="Sınama ortamının veri klasörü kullanılamıyor: {folder} ({why}).",
        en="The sandbox's data folder cannot be used: {folder} ({why}).",
    )
    cure = Text(
        tr="DEFTERHANE_SANDBOX_DATA ile yazılabilir başka bir klasör gösterin ya da klasörü boşaltın.",
        en="Name another, writable folder in DEFTERHANE_SANDBOX_DATA, or empty this one.",
    )


class SampleImpossible(FixInput):
    """No export can be made up as it was asked for."""

    key = "sample"


class TooFewLines(SampleImpossible):
    """Less than one entry."""

    key = "sample.too_few_lines"
    text = Text(
        tr="Bir madde en az iki satırdır; {lines} satırla dışa aktarım yapılamaz.",
        en="An entry has at least two lines; {lines} is too few.",
    )


class SheetTooSmall(SampleImpossible):
    """More records than a worksheet has rows."""

    key = "sample.sheet_too_small"
    text = Text(
        tr="Bir çalışma sayfasına en çok {limit} satır sığar; {lines} satır istendi.",
        en="A worksheet holds at most {limit} lines; {lines} were asked for.",
    )
    cure = Text(tr="Kayıtları birkaç dosyaya bölün.", en="Cut the records in several files.")


class LayoutUnknown(SampleImpossible):
    """No layout has this name."""

    key = "sample.layout"
    text = Text(
        tr="{layout!r} adında bir düzen yok; bilinenler: {known}.",
        en="There is no layout {layout!r}; there are {known}.",
    )


class NotInLayout(SampleImpossible):
    """A layout has no way to tell what was asked for."""

    key = "sample.not_in_layout"
    text = Text(
        tr="{layout} düzeninde {option} olmaz.",
        en="The layout {layout} has no {option}.",
    )


class NotUnpacked(SampleImpossible):
    """An export that only a ZIP can be: of several files, or faulty as a ZIP."""

    key = "sample.not_unpacked"
    text = Text(
        tr="{path} olamaz: bu dışa aktarım yalnızca ZIP olarak yazılabilir.",
        en="It cannot be {path}: this export can only be written as a ZIP.",
    )
    cure = Text(tr="Adı .zip ile biten bir dosya verin.", en="Give a name that ends in .zip.")


class DaysElsewhere(SampleImpossible):
    """Days that are not the month's."""

    key = "sample.days"
    text = Text(
        tr="{start} – {end} günleri {period} döneminin günleri değil.",
        en="{start} to {end} are no days of {period}.",
    )


class FaultUnknown(SampleImpossible):
    """No fault has this name."""

    key = "sample.fault"
    text = Text(tr="{fault!r} adında bir kusur yok.", en="There is no fault {fault!r}.")
    cure = Text(tr="Bilinenleri --list-faults gösterir.", en="--list-faults shows those that there are.")


class FaultElsewhere(SampleImpossible):
    """A fault that this layout cannot have."""

    key = "sample.fault_elsewhere"
    text = Text(
        tr="{fault} kusuru {layout} düzeninde olmaz; şunlarda olur: {layouts}.",
        en="The fault {fault} cannot be in the layout {layout}, only in {layouts}.",
    )


class FaultFindsNoPlace(SampleImpossible):
    """Among so few entries none is of the kind that the fault is about."""

    key = "sample.fault_finds_no_place"
    text = Text(
        tr="{fault} kusuruna uygun bir kayıt yok.",
        en="There is no record that the fault {fault} could be in.",
    )
    cure = Text(tr="Daha çok satır ya da başka bir tohum (seed) deneyin.", en="Try more lines, or another seed.")
