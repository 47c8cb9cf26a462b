"""What an image installs: the needs of its workspace members, at the versions of `requirements.lock`.

    requirements.py needs MEMBER…      third-party requirements, one a line, pinned
    requirements.py members MEMBER…    the members' folders and those of the members that they stand on

A member is its folder, such as `services/ingest`. Only direct needs are listed:
`uv pip install --require-hashes --constraints requirements.lock` finds theirs, and takes nothing whose hash
the lock does not have.
"""

import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

MEMBERS = ("shared", "services/*", "sandbox", "cli")
"""Where the workspace's members lie, below its root."""


def read_lock(lock: Path) -> dict[str, str]:
    """Canonical name → pinned version."""
    versions: dict[str, str] = {}
    for line in lock.read_text("utf-8").splitlines():
        if "==" in line and not line.startswith((" ", "#")):
            requirement = Requirement(line.removesuffix("\\").strip())
            versions[canonicalize_name(requirement.name)] = str(requirement.specifier).removeprefix("==")
    return versions


def read_workspace(root: Path) -> dict[str, tuple[str, list[Requirement]]]:
    """Canonical name → folder below the root, and direct needs, of every member that is there."""
    members: dict[str, tuple[str, list[Requirement]]] = {}
    for pattern in MEMBERS:
        for path in sorted(root.glob(f"{pattern}/pyproject.toml")):
            project = tomllib.loads(path.read_text("utf-8"))["project"]
            needs = [Requirement(text) for text in project.get("dependencies", [])]
            members[canonicalize_name(project["name"])] = (
                path.parent.relative_to(root).as_posix(),
                needs,
            )
    return members


def resolve(root: Path, folders: list[str]) -> tuple[list[str], list[str]]:
    """The members' folders (a member after those that it stands on), and all their pinned needs.

    Raises:
        ValueError: a folder holds no member, or the lock lacks a need.
    """
    workspace, versions = read_workspace(root), read_lock(root / "requirements.lock")
    names = {folder: name for name, (folder, _) in workspace.items()}
    found: list[str] = []
    pinned: set[str] = set()

    def visit(name: str) -> None:
        folder, needs = workspace[name]
        for need in needs:
            key = canonicalize_name(need.name)
            if key in workspace:
                if workspace[key][0] not in found:
                    visit(key)
                continue
            if key not in versions:
                raise ValueError(f"{folder} needs {need.name}, which requirements.lock does not have")
            extras = f"[{','.join(sorted(need.extras))}]" if need.extras else ""
            marker = f" ; {need.marker}" if need.marker else ""
            pinned.add(f"{key}{extras}=={versions[key]}{marker}")
        found.append(folder)

    for folder in folders:
        if folder not in names:
            raise ValueError(f"{folder} is no member of the workspace: {', '.join(sorted(names))}")
        if folder not in found:
            visit(names[folder])
    return found, sorted(pinned)


def main() -> int:
    """The command; 2 where it was called wrongly or the lock lacks something."""
    match sys.argv[1:]:
        case ["needs" | "members" as wanted, _, *_]:
            try:
                folders, needs = resolve(Path.cwd(), sys.argv[2:])
            except ValueError as error:
                print(error, file=sys.stderr)  # noqa: T201
                return 2
            print("\n".join(needs if wanted == "needs" else folders))  # noqa: T201
            return 0
        case _:
            print(__doc__, file=sys.stderr)  # noqa: T201
            return 2


if __name__ == "__main__":
    sys.exit(main())
