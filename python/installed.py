"""Whether this Python has the packages of requirements."""

import re
from importlib import metadata
from typing import Any, List, Optional, Set, Tuple

PINNED = re.compile(r"^([A-Za-z0-9._-]+)\s*==\s*([A-Za-z0-9.+!_-]+)$")


def has_all(requirements: List[str]) -> bool:
    """Whether this Python has exactly these versions. A line without '==' counts as missing."""
    return all(has(line) for line in requirements)


def has(line: str) -> bool:
    pinned = PINNED.match(line)
    if pinned:
        return version_of(pinned[1]) == pinned[2]
    requirement = parse(line)
    if requirement is None:
        return False
    if requirement.marker and not requirement.marker.evaluate():
        return True
    specifiers = list(requirement.specifier)
    if len(specifiers) != 1 or specifiers[0].operator not in ("==", "===") or specifiers[0].version.endswith("*"):
        return False
    return meets(requirement, set())


def meets(requirement: Any, seen: Set[Tuple[str, str]]) -> bool:
    """Whether a package of these versions is there, with what its extras need."""
    version = version_of(requirement.name)
    if version is None or not requirement.specifier.contains(version, prereleases=True):
        return False
    for extra in requirement.extras:
        if (requirement.name, extra) in seen:
            continue
        seen.add((requirement.name, extra))
        for text in metadata.requires(requirement.name) or []:
            needed = parse(text)
            if needed is None or not needed.marker:
                continue
            is_of_extra = needed.marker.evaluate({"extra": extra}) and not needed.marker.evaluate({"extra": ""})
            if is_of_extra and not meets(needed, seen):
                return False
    return True


def version_of(name: str) -> Optional[str]:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def parse(line: str) -> Any:
    """None without the package that reads requirements, or for a line that is none."""
    try:
        from packaging.requirements import InvalidRequirement, Requirement
    except ImportError:
        try:
            from pip._vendor.packaging.requirements import InvalidRequirement, Requirement
        except ImportError:
            return None
    try:
        return Requirement(line)
    except InvalidRequirement:
        return None
