"""trackio: one run in the group of its series; on this machine, or in the Space that TRACKIO_SPACE_ID names."""

from __future__ import annotations

import os


def log(target: dict, folder: str, document: dict) -> tuple[str, str | None]:
    """Logs to the project `target["project"]`. A Space that trackio makes for it is private."""
    import trackio

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
    space = os.environ.get("TRACKIO_SPACE_ID") or os.environ.get("TRACKIO_SERVER_URL")
    return space or str(trackio.TRACKIO_DIR), None
