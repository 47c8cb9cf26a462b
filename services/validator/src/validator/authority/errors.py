"""Why the authority's own files, or the child that runs them, cannot be used.

DefterhaneError
├── CallOperator
│   └── PackageBroken   the authority's files in the operator's folder cannot be used; what was in use stays
└── TryLater
    └── NoAnswer        the child that runs them died, took too long or too much memory
"""

from defterhane.errors import CallOperator, TryLater
from defterhane.texts import Text


class PackageBroken(CallOperator):
    """A version of the authority's files cannot be used; `reason` says why, `package` which."""

    key = "operator.authority_package"
    text = Text(
        tr="GİB denetim dosyalarının '{package}' sürümü kullanılamıyor: {reason}",
        en="The version '{package}' of the authority's files cannot be used: {reason}",
    )
    cure = Text(
        tr="Klasördeki dosyaları düzeltin; o zamana kadar önceki sürüm geçerli kalır.",
        en="Mend the files in the folder; until then what was in use stays in use.",
    )


class NoAnswer(TryLater):
    """The child that runs the authority's files gave no answer; `reason` is `died`, `slow`, `memory`, or
    `replaced`: another version has taken the place of the one that was to be asked."""

    key = "later.authority_silent"
    text = Text(
        tr="GİB denetim dosyaları bu belge için yanıt vermedi ({reason}); yeniden denenecek.",
        en="The authority's files gave no answer on this document ({reason}); it will be tried again.",
    )
