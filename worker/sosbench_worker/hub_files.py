"""Whether the files of a revision in the Hub's cache are those that it has on the Hub."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from pathlib import Path


BLOCK = 1 << 20


class Changed(Exception):
    """A file in the cache is not the revision's, and the Hub cannot be asked for another."""


def check_files(dataset: str, folder: Path, manifests: Path, *, cache_only: bool) -> list[str]:
    """Compares all files of a revision with their hashes, and mends what differs.

    The hashes are the Hub's: the SHA-256 of a large file, the git blob id of another. They are noted in the folder
    `manifests`. Without note and network the names of the cache's own files, which are such hashes, have to do.

    Returns the names of the files that were replaced or removed. Raises `Changed` where one differs and `cache_only` is set.
    """
    note = note_of(dataset, folder.name, manifests)
    known = read_note(note)
    listed = known or (hashes_by_name(folder) if cache_only else hashes_on_hub(dataset, folder.name))
    odd = [name for name in files_of(folder) if listed.get(name) != hash_like(folder / name, listed.get(name))]
    missing = [name for name in listed if not (folder / name).is_file()]
    if (odd or missing) and cache_only:
        what = ", ".join(sorted({*odd, *missing})[:3])
        raise Changed(f"{what} of revision {folder.name[:7]} is not as it was fetched")
    for name in sorted({*odd, *missing}):
        replace(dataset, folder, name, listed)
    if known is None:
        write_note(note, {name: hash_like(folder / name, listed.get(name)) for name in files_of(folder)})
    return sorted(odd)


def note_of(dataset: str, revision: str, manifests: Path) -> Path:
    return manifests / f"{dataset.replace('/', '--')}@{revision}.json"


def files_of(folder: Path) -> list[str]:
    """All names below a folder that are not folders; a link counts as what it is."""
    return sorted(
        (Path(path) / name).relative_to(folder).as_posix()
        for path, folders, names in os.walk(folder)
        for name in [*names, *(one for one in folders if (Path(path) / one).is_symlink())]
    )


def hashes_on_hub(dataset: str, revision: str) -> dict[str, str]:
    from huggingface_hub import HfApi
    from huggingface_hub.hf_api import RepoFile

    tree = HfApi().list_repo_tree(dataset, repo_type="dataset", revision=revision, recursive=True)
    return {
        entry.path: entry.lfs.sha256 if entry.lfs is not None else entry.blob_id
        for entry in tree
        if isinstance(entry, RepoFile)
    }


def hashes_by_name(folder: Path) -> dict[str, str]:
    """By the files that the cache's links lead to; a file that is no such link is as it is found."""
    hashes = {}
    for name in files_of(folder):
        target = (folder / name).resolve().name
        is_hash = re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", target)
        hashes[name] = target if is_hash else hash_like(folder / name, None)
    return hashes


def hash_like(path: Path, wanted: str | None) -> str | None:
    """A file's SHA-256, or its git blob id where `wanted` is one; None for what is no readable file."""
    # A pipe would be waited for.
    if not path.is_file():
        return None
    try:
        size = path.stat().st_size
        digest = hashlib.sha256() if wanted is None or len(wanted) != 40 else hashlib.sha1(b"blob %d\0" % size)
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
        return digest.hexdigest()
    except OSError:
        return None


def replace(dataset: str, folder: Path, name: str, listed: dict[str, str]) -> None:
    """Puts the Hub's file in place of another in one step; one that the revision does not have is removed."""
    from huggingface_hub import hf_hub_download

    if name not in listed:
        (folder / name).unlink()
        return
    own = Path(tempfile.mkdtemp(prefix=".fetching-", dir=folder.parent.parent))
    try:
        try:
            fresh = hf_hub_download(
                dataset, name, repo_type="dataset", revision=folder.name, cache_dir=own / "cache", force_download=True
            )
        except Exception as error:
            if not is_no_connection(error):
                raise
            raise Changed(f"{name} of revision {folder.name[:7]} is not as it was fetched") from error
        content = shutil.copyfile(fresh, own / "content")
        found = hash_like(content, listed[name])
        # A mirror may number small files its own way. The connection vouches for what has just come over it.
        if found != listed[name] and len(listed[name]) == 64:
            raise Changed(f"{name} of revision {folder.name[:7]} is not what the Hub says it is")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(content, folder / name)
    finally:
        shutil.rmtree(own, ignore_errors=True)


def is_no_connection(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is a connection that could not be made or broke."""
    while error is not None:
        if any(word in type(error).__name__ for word in ("Connect", "Timeout", "Offline", "NetworkError", "Proxy")):
            return True
        error = error.__cause__ or error.__context__
    return False


def read_note(note: Path) -> dict[str, str] | None:
    if not note.is_file():
        return None
    try:
        listed = json.loads(note.read_text())["files"]
        return listed if isinstance(listed, dict) and all(isinstance(value, str) for value in listed.values()) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_note(note: Path, files: dict[str, str | None]) -> None:
    note.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=note.parent, delete=False) as file:
        json.dump({"files": files}, file, indent=1, sort_keys=True)
    os.replace(file.name, note)
