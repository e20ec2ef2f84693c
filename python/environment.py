"""Makes a virtual environment of pinned requirements, once for all processes of this machine.

usage: environment.py FOLDER [UV]

Reads the lines of a requirements file from the variable MODELYARD_REQUIREMENTS. The last line of the output is the path of
a Python that has them: this one, if it has these versions already.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Iterator, List, Optional

from parent import end_with_parent

PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[A-Za-z0-9,._ -]+\])?\s*==\s*([A-Za-z0-9.+!_-]+)$")


def digest_of(requirements: List[str]) -> str:
    """Names an environment: the same requirements for another Python are another environment."""
    machine = f"{sys.implementation.name} {platform.python_version()} {sys.platform} {platform.machine()}"
    text = "\n".join([machine, *requirements])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def has_all(requirements: List[str]) -> bool:
    """Whether this Python has exactly these versions. A line that is not 'name==version' counts as missing."""
    for line in requirements:
        pinned = PINNED.match(line)
        if not pinned:
            return False
        try:
            if metadata.version(pinned[1]) != pinned[2]:
                return False
        except metadata.PackageNotFoundError:
            return False
    return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Waits for other processes. The operating system releases the lock of a process that was killed."""
    with open(path, "a+b") as file:
        if sys.platform == "win32":
            import msvcrt
            import time

            while True:
                try:
                    file.seek(0)
                    msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
                    break
                except OSError:
                    time.sleep(0.2)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def python_in(folder: Path) -> Path:
    return folder / "Scripts" / "python.exe" if sys.platform == "win32" else folder / "bin" / "python"


def run(*command: str) -> None:
    print("$ " + " ".join(command), flush=True)
    code = subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT).returncode
    if code != 0:
        raise SystemExit(code)


def install(folder: Path, requirements: List[str], uv: Optional[str]) -> None:
    listed = folder.with_name(folder.name + ".txt")
    listed.write_text("\n".join(requirements) + "\n")
    python = str(python_in(folder))
    try:
        if uv:
            run(uv, "venv", "--quiet", "--python", sys.executable, str(folder))
            run(uv, "pip", "install", "--python", python, "--requirement", str(listed))
        else:
            run(sys.executable, "-m", "venv", str(folder))
            run(python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off",
                "--requirement", str(listed))
    finally:
        listed.unlink(missing_ok=True)


def make(folder: Path, requirements: List[str], uv: Optional[str]) -> Path:
    """The Python of an environment, which is made under another name and then renamed: half of one is never used."""
    name = digest_of(requirements)
    finished = folder / name
    if python_in(finished).exists():
        return python_in(finished)
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / f"{name}.lock"):
        if python_in(finished).exists():
            return python_in(finished)
        for left in folder.glob(f"{name}.making-*"):
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)
        making = Path(tempfile.mkdtemp(prefix=f"{name}.making-", dir=folder))
        try:
            install(making / "environment", requirements, uv)
            shutil.rmtree(finished, ignore_errors=True)
            os.rename(making / "environment", finished)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    return python_in(finished)


def main() -> None:
    end_with_parent()
    requirements = os.environ.get("MODELYARD_REQUIREMENTS", "").splitlines()
    if has_all(requirements):
        print(sys.executable)
        return
    folder = Path(sys.argv[1])
    print(make(folder, requirements, sys.argv[2] if len(sys.argv) > 2 else None))


if __name__ == "__main__":
    main()
