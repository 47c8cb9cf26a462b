"""The drop box, put together."""

from collections.abc import Callable

from defterhane.house import House
from defterhane.service import Service
from ingest.consumers import Answers, Deliveries
from ingest.logins import TenantAccounts
from ingest.receiving import Receiver
from ingest.scanner import Scanner
from ingest.settings import IngestSettings
from ingest.sftp_server import SftpServer
from ingest.spool import Spool


def build(house: House, settings: IngestSettings, listening: Callable[[int], None] | None = None) -> Service:
    """The service; `listening` is called with the SFTP server's port once it can be connected to."""
    database = house.database("ingest")
    spool = Spool(settings.spool)
    scanner = Scanner(house, settings, spool, Receiver(house, settings, database, spool))
    server = SftpServer(settings, spool, TenantAccounts(database), scanner.handed, listening)
    return Service(
        "ingest",
        consumers=(Answers(house, database, spool).consumer(), Deliveries(house, database, spool).consumer()),
        tasks=(server.run, scanner.run),
    )
