"""What can keep the sandbox from starting. (What GİB refuses is told by `sandbox.gib`, in GİB's own way.)

CallOperator
└── DataUnusable   its folder cannot be used, or what lies there is not what it has written
"""

from defterhane.errors import CallOperator
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
