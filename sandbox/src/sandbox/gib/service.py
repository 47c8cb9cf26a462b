"""The three operations, from a verified call to its answer or fault. They block: run them off the event loop."""

import base64
import binascii
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509

from defterhane.edefter.names import DocumentName
from defterhane.soap.names import Operation
from defterhane.xades.chain import may_sign, serial_number
from sandbox.gib import messages
from sandbox.gib.faults import FaultCode, GibFault
from sandbox.gib.messages import Attachment, Request
from sandbox.gib.packages import is_readable
from sandbox.gib.statuses import Status, accepted
from sandbox.gib.store import AlreadyUploaded, QueueFull, Store
from sandbox.settings import SandboxSettings

EVERYBODY: Final = "*"


class GibService:
    """What GİB does with a call, once its signature has been verified.

    Args:
        settings: limits, and who may do what.
        store: GİB's memory.
        clock: aware.
    """

    def __init__(self, settings: SandboxSettings, store: Store, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock

    def admit(self, certificate: x509.Certificate) -> str:
        """The serialNumber of a caller who may use the service.

        Raises:
            GibFault: 101, 102.
        """
        number = serial_number(certificate)
        if number is None:
            raise GibFault(FaultCode.UNKNOWN_SIGNER)
        if number in self._settings.without_role or not may_sign(certificate):
            raise GibFault(FaultCode.NO_ROLE)
        return number

    def answer(self, request: Request, caller: str) -> bytes:
        """Do what is asked. Returns the answer's envelope.

        Raises:
            GibFault: the service refuses, with one of the documented codes.
        """
        if request.operation is Operation.SEND:
            return self._send(request.attachment, caller)
        if request.operation is Operation.STATUS:
            return self._status(request.package, caller)
        return self._receive(request.package, caller)

    def may_act(self, caller: str, tax_id: str) -> bool:
        """True where a caller is the taxpayer, or authorised by it."""
        allowed = self._settings.authorised.get(caller, frozenset())
        return caller == tax_id or tax_id in allowed or EVERYBODY in allowed

    def _send(self, attachment: Attachment | None, caller: str) -> bytes:
        name, content = self._read(attachment)
        if not self.may_act(caller, name.tax_id):
            raise GibFault(FaultCode.MAY_NOT_SEND)
        if name.tax_id in self._settings.suspended:
            raise GibFault(FaultCode.MAY_NOT_UPLOAD_NOW)
        if not is_readable(content):
            raise GibFault(FaultCode.UNREADABLE)
        now = self._clock()
        try:
            self._store.add(
                name,
                content,
                sent_by=caller,
                now=now,
                due=now + timedelta(seconds=self._settings.approval_delay),
                limit=self._settings.queue_limit,
            )
        except AlreadyUploaded as error:
            raise GibFault(FaultCode.ALREADY_UPLOADED) from error
        except QueueFull as error:
            raise GibFault(FaultCode.SEND_QUEUE) from error
        except sqlite3.Error as error:
            raise GibFault(FaultCode.SEND_DATABASE) from error
        except OSError as error:
            raise GibFault(FaultCode.SEND_DISK) from error
        return messages.sent(accepted(str(name)))

    def _read(self, attachment: Attachment | None) -> tuple[DocumentName, bytes]:
        if attachment is None:
            raise GibFault(FaultCode.EMPTY_ATTACHMENT)
        if not attachment.file_name:
            raise GibFault(FaultCode.EMPTY_NAME)
        if not attachment.data:
            raise GibFault(FaultCode.EMPTY_CONTENT)
        try:
            content = base64.b64decode(attachment.data, validate=True)
        except (binascii.Error, ValueError) as error:
            raise GibFault(FaultCode.UNREADABLE) from error
        if len(content) > self._settings.package_limit:
            raise GibFault(FaultCode.TOO_LARGE)
        stem, dot, suffix = attachment.file_name.rpartition(".")
        name = package_name(stem)
        if name is None or (dot, suffix) != (".", "zip"):
            raise GibFault(FaultCode.BAD_NAME)
        return name, content

    def _status(self, package: str, caller: str) -> bytes:
        name = package_name(package)
        if name is None:
            raise GibFault(FaultCode.UNKNOWN_PACKAGE)
        if not self.may_act(caller, name.tax_id):
            raise GibFault(FaultCode.MAY_NOT_ASK)
        try:
            attempt = self._store.newest(str(name))
        except sqlite3.Error as error:
            raise GibFault(FaultCode.STATUS_DATABASE) from error
        if attempt is None:
            raise GibFault(FaultCode.UNKNOWN_PACKAGE)
        return messages.status(
            attempt.package, attempt.status.value, attempt.status.text(attempt.package, attempt.reason)
        )

    def _receive(self, package: str, caller: str) -> bytes:
        name = package_name(package)
        if name is None:
            raise GibFault(FaultCode.NOTHING_PROCESSED)
        if not self.may_act(caller, name.tax_id):
            raise GibFault(FaultCode.MAY_NOT_RECEIVE)
        try:
            attempt = self._store.newest(str(name))
            if attempt is None or attempt.status is not Status.APPROVED or attempt.approved_sha256 is None:
                raise GibFault(FaultCode.NOTHING_PROCESSED)
            content = self._store.content(attempt.approved_sha256)
        except sqlite3.Error as error:
            raise GibFault(FaultCode.RECEIVE_DATABASE) from error
        except OSError as error:
            raise GibFault(FaultCode.RECEIVE_DISK) from error
        return messages.received(name.as_approved.file("zip"), content)


def package_name(text: str) -> DocumentName | None:
    """A paketID taken apart; None where it is no name of a document that is sent to GİB."""
    try:
        name = DocumentName.parse(text)
    except ValueError:
        return None
    return name if name.kind.goes_to_gib and not name.approved and str(name) == text else None
