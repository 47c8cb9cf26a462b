"""The authority's own files (schema and Schematron, put into a folder by an operator) as a second opinion."""

from validator.authority.errors import NoAnswer, PackageBroken
from validator.authority.folder import FolderJudge
from validator.authority.opinion import Disagreement, Opinion

__all__ = ["Disagreement", "FolderJudge", "NoAnswer", "Opinion", "PackageBroken"]
