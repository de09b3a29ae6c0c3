"""Weights & Biases: one run of job type `sos-bench`, in the group of its series."""

from __future__ import annotations

import os

# Seconds for what a server does not answer: beyond them it is told, not waited for.
PATIENCE = 60
TIME = "sos-bench/time"


def log(target: dict, folder: str, document: dict) -> tuple[str, str | None]:
    """Logs to the project `target["project"]` of the server and account that the WANDB_ variables name."""
    # An offline run is synced later, with all that belongs to it.
    os.environ.setdefault("WANDB_DATA_DIR", os.path.join(folder, "wandb", "data"))
    import wandb

    *entity, project = target["project"].split("/")
    run = wandb.init(
        entity=entity[0] if entity else None,
        project=project,
        name=document["name"],
        group=document["series"],
        job_type="sos-bench",
        config=document["config"],
        dir=os.environ.get("WANDB_DIR") or folder,
        settings=wandb.Settings(**quiet(wandb)),
    )
    if getattr(run, "disabled", False) is True:
        raise RuntimeError("W&B is switched off here (WANDB_MODE=disabled): nothing is sent or kept")
    run.define_metric(TIME)
    run.define_metric("sos-bench/*", step_metric=TIME)
    columns, rows = document["table"]["columns"], document["table"]["rows"]
    own = {"sos-bench/benchmarks": wandb.Table(columns=columns, data=rows)} if rows else {}
    for point, more in [*((one, {}) for one in document["history"]), (document["point"], own)]:
        run.log({**point["metrics"], **more, TIME: point["time"], "_timestamp": point["time"]})
    for name, text in document["outcomes"].items():
        run.summary[name] = text
    where = run.url or f"{os.path.dirname(run.dir)} (offline: wandb sync sends it)"
    run.finish()
    wandb.teardown()
    return where, None


def quiet(wandb) -> dict:
    """Settings that this version knows, so that nothing of the machine, its code or its output is logged."""
    wanted = {
        "console": "off",
        "disable_code": True,
        "disable_git": True,
        "disable_job_creation": True,
        "finish_timeout": PATIENCE,
        "finish_timeout_raises": True,
        "init_timeout": PATIENCE,
        "save_code": False,
        "silent": True,
        "x_disable_machine_info": True,
        "x_disable_meta": True,
        "x_disable_stats": True,
        "x_save_requirements": False,
    }
    known = getattr(wandb.Settings, "model_fields", wanted)
    return {name: value for name, value in wanted.items() if name in known}
