"""What a child process does: runs the authority's files on documents, one after the other."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from lxml import etree

from defterhane.documents.errors import XmlRefused
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import NAMESPACES
from validator.authority import compiling, schema, svrl
from validator.authority.compiling import Unusable
from validator.authority.saxon import RunFailed, Saxon
from validator.authority.wire import (
    Answer,
    Failure,
    Package,
    Question,
    Refused,
    Reply,
    Request,
    SchemaFault,
    Stylesheet,
    Trial,
    Tried,
)

_KEPT: Final = 4
"""So many packages stay compiled."""
_EMPTY: Final = "<edefter:{root} xmlns:edefter='{namespace}'/>"


class Judge:
    """Answers requests. Schemas and stylesheets are compiled when first used, and kept."""

    def __init__(self, scratch: Path) -> None:
        """`scratch` is the folder for short-lived files."""
        self._scratch_folder = scratch
        self._saxon: Saxon | None = None
        self._packages: dict[Path, _Compiled] = {}

    def answer(self, request: Request) -> Reply:
        """Answer one request; whatever goes wrong is an answer, too."""
        try:
            if isinstance(request, Trial):
                return self._try(request.package)
            return self._ask(request)
        except (Unusable, RunFailed) as error:
            return Refused(str(error))
        except svrl.NotSvrl:
            return Refused("the stylesheet's output is no SVRL")
        except XmlRefused as error:
            return Refused(error.problem.text.en)
        except OSError as error:
            return Refused(f"{error.strerror}: {Path(error.filename or '').name}")

    def _compiled(self, package: Package) -> "_Compiled":
        compiled = self._packages.pop(package.folder, None) or _Compiled(package)
        self._packages[package.folder] = compiled  # the one used last stands last
        while len(self._packages) > _KEPT:
            del self._packages[next(iter(self._packages))]
        return compiled

    def _processor(self) -> Saxon:
        self._saxon = self._saxon or Saxon()
        return self._saxon

    def _try(self, package: Package) -> Tried:
        compiled = self._compiled(package)
        compiled.schema()
        for kind in package.stylesheets:
            with self._scratch() as scratch:
                source = scratch / "empty.xml"
                source.write_text(_EMPTY.format(root=kind.traits.root, namespace=NAMESPACES["edefter"]), "utf-8")
                self._run(compiled, kind, source, scratch)
        return Tried()

    def _ask(self, question: Question) -> Answer:
        compiled = self._compiled(question.package)
        found: tuple[SchemaFault, ...] = ()
        if (official := compiled.schema()) is not None:
            found = tuple(schema.faults(question.path, official, signed=question.signed))
        if question.kind not in question.package.stylesheets:
            return Answer(schema=found, rules=False)
        with self._scratch() as scratch:
            source = scratch / "document" / question.name
            source.parent.mkdir()
            source.symlink_to(question.path.absolute())  # the rules look at the name
            failures, cut, error = self._run(compiled, question.kind, source, scratch)
        return Answer(schema=found, failures=failures, error=error, cut=cut)

    @contextmanager
    def _scratch(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(dir=self._scratch_folder) as name:
            yield Path(name)

    def _run(
        self, compiled: "_Compiled", kind: DocumentKind, source: Path, scratch: Path
    ) -> tuple[tuple[Failure, ...], bool, str | None]:
        saxon = self._processor()
        target = scratch / "said.svrl"
        ran = saxon.run(compiled.executable(kind, saxon), source, target)
        if ran.error is not None and not target.exists():
            return (), False, ran.error
        failures, more = svrl.failures(target, cut=ran.cut or ran.error is not None)
        return failures, more and ran.error is None, ran.error


class _Compiled:
    """A package's schema and stylesheets, compiled."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._schema: etree.XMLSchema | None = None
        self._executables: dict[Stylesheet, Any] = {}

    def schema(self) -> etree.XMLSchema | None:
        """The schema; None where the package has none."""
        package = self._package
        if self._schema is None and package.schema is not None:
            self._schema = schema.load(package.schema, package.folder)
        return self._schema

    def executable(self, kind: DocumentKind, saxon: Saxon) -> Any:
        """The stylesheet for a kind of document."""
        stylesheet = self._package.stylesheets[kind]
        if stylesheet not in self._executables:
            tree = compiling.to_xslt(stylesheet, self._package.folder)
            is_source = stylesheet.path.suffix.lower() == ".sch"
            try:
                self._executables[stylesheet] = saxon.compile(tree if is_source else stylesheet.path)
            except RunFailed as error:
                raise Unusable(f"{stylesheet.path.name}: {error}") from None
        return self._executables[stylesheet]
