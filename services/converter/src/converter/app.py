"""The converter, put together."""

from converter.consumers import Berats, Files, Rejections, Releases, Signed
from converter.settings import ConverterSettings
from converter.working import Converter
from defterhane.house import House
from defterhane.service import Service


def build(house: House, settings: ConverterSettings) -> Service:
    """The service."""
    database = house.database("converter")
    converter = Converter(house, settings, database)
    return Service(
        "converter",
        consumers=(
            Files(database, converter, house.new_id).consumer(),
            Releases(converter).consumer(),
            Signed(house, database).consumer(),
            Rejections(database).consumer(),
            Berats(database, house.new_id).consumer(),
        ),
    )
