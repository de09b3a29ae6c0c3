"""Makes fake packages and the lock files that ask for them: `python fake_wheels.py FOLDER`.

`FOLDER/wheels/` gets a fake `torch` and `tool`, `FOLDER/late/` a package `tiny` (so that a test can bring it later),
`FOLDER/poisoned/` others of the same names and versions, and `FOLDER/locks/` the lock files of the managed Python environment.
"""

from __future__ import annotations

import hashlib
import sys
import zipfile
from pathlib import Path


def write_wheel(folder: Path, name: str, version: str, source: str, extra: dict[str, str] | None = None) -> str:
    """A wheel with one module, and other files where `extra` has some; returns its SHA-256."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": source,
        **(extra or {}),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(path, "w") as wheel:
        for file, content in files.items():
            wheel.writestr(file, content)
        wheel.writestr(f"{info}/RECORD", "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"]))
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(folder: Path) -> None:
    torch = write_wheel(folder / "wheels", "torch", "1.0", "FAKE = True\n")
    tool = write_wheel(folder / "wheels", "tool", "1.0", "FAKE = True\n")
    # Python runs such a line at every start.
    start = {"tiny.pth": "import sys; sys.tiny = 'started'".ljust(80) + "\n"}
    # Read when it is imported, and not before.
    parts = {"tiny_parts/__init__.py": "SCORE = 0.25\n".ljust(200, "#")}
    tiny = write_wheel(folder / "late", "tiny", "1.0", "FAKE = True\n", start | parts)
    # What another index, or a link in a configuration, would offer for the same version.
    write_wheel(folder / "poisoned", "torch", "1.0", "FAKE = 'poisoned'\n")
    write_wheel(folder / "poisoned", "tiny", "1.0", "FAKE = 'poisoned'\n")
    write_wheel(folder / "poisoned", "torch", "1.0+cpu", "FAKE = 'poisoned'\n")
    locks = folder / "locks"
    locks.mkdir()
    (locks / "build.lock").write_text(f"tool==1.0 --hash=sha256:{tool}\n")
    lines = [f"torch==1.0 ; python_version {when} '3.11' --hash=sha256:{torch}\n" for when in ("<", ">=")]
    (locks / "torch.lock").write_text("".join(lines))
    (locks / "requirements.lock").write_text(f"tiny==1.0 --hash=sha256:{tiny}\n")
    (locks / "nltk-data.lock").write_text(f"absent==1.0 --hash=sha256:{tiny}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
