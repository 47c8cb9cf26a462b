"""`python -m converter`: the converter as a process of its own."""

from converter.app import build
from converter.settings import ConverterSettings
from defterhane.host import run_service

if __name__ == "__main__":
    run_service("converter", build, ConverterSettings)
