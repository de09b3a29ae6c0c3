"""trackio: one run in the group of its series; on this machine, or in the Space that TRACKIO_SPACE_ID names."""

from __future__ import annotations

import os
import re
import warnings

NOT_SENT = re.compile("could not (be sent|flush)", re.IGNORECASE)


def log(target: dict, folder: str, document: dict) -> tuple[str, str | None]:
    """Logs to the project `target["project"]`. A Space that trackio makes for it is private."""
    import trackio

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        trackio.init(
            project=target["project"],
            name=document["name"],
            group=document["series"],
            config={**document["config"], **document["outcomes"]},
            private=True,
            embed=False,
            auto_log_cpu=False,
            auto_log_gpu=False,
        )
        for point in document["history"]:
            trackio.log(point["metrics"], step=point["time"])
        metrics, table = dict(document["point"]["metrics"]), document["table"]
        if table["rows"]:
            metrics["sos-bench/benchmarks"] = trackio.Table(columns=table["columns"], data=table["rows"])
        trackio.log(metrics, step=document["point"]["time"])
        trackio.finish()
    remote = os.environ.get("TRACKIO_SPACE_ID") or os.environ.get("TRACKIO_SERVER_URL")
    # It keeps here what a server did not take, for a next time that an empty machine does not have.
    lost = [str(one.message) for one in said if NOT_SENT.search(str(one.message))]
    if remote and lost:
        raise RuntimeError(lost[-1])
    return remote or str(trackio.TRACKIO_DIR), None
