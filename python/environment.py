"""Makes a virtual environment of pinned requirements, once for all processes of this machine.

usage: environment.py FOLDER [UV]

Reads the lines of a requirements file from the variable MODELYARD_REQUIREMENTS. The last line of the output is the path of
a Python that has them: this one, if it has these versions already.
"""

import hashlib
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import Dict, Iterator, List, Optional

from installed import has_all
from parent import end_with_parent


def digest_of(requirements: List[str]) -> str:
    """Names an environment: the same requirements for another Python are another environment."""
    machine = f"{sys.implementation.name} {platform.python_version()} {sys.platform} {platform.machine()}"
    text = "\n".join([machine, *requirements])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


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


class Installer:
    """Runs pip or uv in an empty folder, which is also their HOME. They read the configuration files that PIP_CONFIG_FILE and
    UV_CONFIG_FILE name, which may be the user's, and pip the machine's; uv looks for no others in the folders above."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.cleaned = threading.Event()
        self.making: Optional[Path] = None
        self.process: Optional[subprocess.Popen] = None

    def run(self, *command: str, cwd: Path, env: Dict[str, str]) -> None:
        if self.stopped.is_set():
            raise SystemExit(1)
        print("$ " + " ".join(command), flush=True)
        self.process = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT
        )
        code = self.process.wait()
        if code != 0 or self.stopped.is_set():
            raise SystemExit(code or 1)

    def stop(self) -> None:
        """Ends the installer and what it started, and waits until the folder is removed."""
        self.stopped.set()
        if self.making is None:
            return
        if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGTERM)
        elif self.process:
            self.process.terminate()
        self.cleaned.wait(10)

    def install(self, folder: Path, requirements: List[str], uv: Optional[str]) -> None:
        home = folder.with_name("home")
        home.mkdir()
        listed = folder.with_name("requirements.txt")
        listed.write_text("\n".join(requirements) + "\n", encoding="utf-8")
        env = {name: value for name, value in os.environ.items() if not name.startswith("MODELYARD_")}
        env.update(HOME=str(home), USERPROFILE=str(home))
        python = str(python_in(folder))
        # Building a package from source runs its code.
        wheels = [] if os.environ.get("MODELYARD_PYTHON_BUILD") == "allow" else ["--only-binary", ":all:"]
        if uv:
            config = [] if env.get("UV_CONFIG_FILE") else ["--no-config"]
            self.run(uv, *config, "venv", "--quiet", "--python", sys.executable, str(folder), cwd=home, env=env)
            self.run(uv, *config, "pip", "install", "--python", python, *wheels, "--requirement", str(listed),
                     cwd=home, env=env)
        else:
            self.run(sys.executable, "-I", "-m", "venv", str(folder), cwd=home, env=env)
            self.run(python, "-I", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar",
                     "off", *wheels, "--requirement", str(listed), cwd=home, env=env)


def make(folder: Path, requirements: List[str], uv: Optional[str], installer: Installer) -> Path:
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
        installer.making = making
        try:
            installer.install(making / "environment", requirements, uv)
            shutil.rmtree(finished, ignore_errors=True)
            os.rename(making / "environment", finished)
        finally:
            shutil.rmtree(making, ignore_errors=True)
            installer.cleaned.set()
    return python_in(finished)


def main() -> None:
    installer = Installer()
    # The signal that stops the installer and its children must not stop this process, which removes their folder.
    signal.signal(signal.SIGTERM, lambda *_: None)
    end_with_parent(installer.stop)
    requirements = os.environ.get("MODELYARD_REQUIREMENTS", "").splitlines()
    if has_all(requirements):
        print(sys.executable)
        return
    folder = Path(sys.argv[1])
    print(make(folder, requirements, sys.argv[2] if len(sys.argv) > 2 else None, installer))


if __name__ == "__main__":
    main()
