"""Brings data sets from the Hub into its cache, at their pinned revisions.

`python -m sosbench_worker.fetch_data MANIFESTS [--offline]` reads one JSON document on stdin, [{"id": data set, "revision": commit or
null}], and prints one line per data set: {"id", "path", "revision", "replaced": files} or
{"id", "error": gated | missing | unreachable | changed | failed, "message"}.
The only part that holds a token; workers load the folders it prints, offline.

What lies in the cache is hashed whole and compared with what the Hub says the revision holds; that is noted in the folder
MANIFESTS, for times without a network. A file that differs is fetched again and put in its stead in one step, since others
may be reading it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sosbench_worker.hub_files import Changed, check_files, is_no_connection, note_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def fetch_all(wanted: list[dict[str, Any]], manifests: Path, *, cache_only: bool) -> Iterator[dict[str, Any]]:
    """One answer per data set. Each attempt to connect takes half a minute: after one that failed only the
    cache is asked."""
    for dataset in wanted:
        answer = fetch(dataset["id"], dataset["revision"], manifests, cache_only=cache_only)
        cache_only = cache_only or answer.get("error") == "unreachable"
        yield answer


def fetch(dataset: str, revision: str | None, manifests: Path, *, cache_only: bool) -> dict[str, Any]:
    from huggingface_hub import errors, snapshot_download

    kept = kept_copy(dataset, revision, manifests)
    if kept is not None:
        return {"id": dataset, "path": str(kept), "revision": kept.name, "replaced": []}
    try:
        path = snapshot_download(dataset, repo_type="dataset", revision=revision, local_files_only=cache_only)
        replaced = check_files(dataset, Path(path), manifests, cache_only=cache_only)
        return {"id": dataset, "path": path, "revision": Path(path).name, "replaced": replaced}
    except Changed as error:
        return failure(dataset, "changed", error)
    except errors.GatedRepoError as error:
        return failure(dataset, "gated", error)
    except (errors.RepositoryNotFoundError, errors.RevisionNotFoundError) as error:
        return failure(dataset, "missing", error)
    except Exception as error:  # noqa: BLE001 - whatever happens to one data set must not take the others along
        return failure(dataset, "unreachable" if cache_only or is_no_connection(error) else "failed", error)


def kept_copy(dataset: str, revision: str | None, manifests: Path) -> Path | None:
    """The folder of a pinned revision that was fetched before and is what it was: the Hub need not be asked for it."""
    from huggingface_hub import snapshot_download

    if revision is None or not note_of(dataset, revision, manifests).is_file():
        return None
    try:
        path = Path(snapshot_download(dataset, repo_type="dataset", revision=revision, local_files_only=True))
        check_files(dataset, path, manifests, cache_only=True)
    except Exception:  # noqa: BLE001 - then the Hub is asked, and says what is wrong
        return None
    return path


def failure(dataset: str, kind: str, error: Exception) -> dict[str, Any]:
    return {"id": dataset, "error": kind, "message": f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"}


if __name__ == "__main__":
    for answer in fetch_all(json.load(sys.stdin), Path(sys.argv[1]), cache_only="--offline" in sys.argv[2:]):
        print(json.dumps(answer), flush=True)
