"""MLflow: one run of the experiment, by the client alone, so that nothing of the machine or its code is logged."""

from __future__ import annotations

import json
import os

# Limits of MLflow's own, of one request and of one value.
BATCH = {"metrics": 1000, "params": 100, "tags": 100}
MAX_PARAM = 500


def log(target: dict, folder: str, document: dict) -> tuple[str, str | None]:
    """Logs to the experiment `target["project"]` of the store or server `target["uri"]`."""
    uri = target["uri"]
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    # A server that does not answer is told, not waited for.
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_TIMEOUT", "20")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")
    if uri.startswith("file:"):
        # MLflow asks for this where a folder was named by accident; here it was named.
        os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
    from mlflow import MlflowClient
    from mlflow.entities import Metric, Param, RunTag

    client = MlflowClient(tracking_uri=uri)
    point = document["point"]
    experiment = find_experiment(client, uri, target["project"])
    run = client.create_run(experiment, start_time=point["time"] * 1000, run_name=document["name"])
    run_id = run.info.run_id
    try:
        metrics = [
            Metric(name, value, one["time"] * 1000, one["time"])
            for one in [*document["history"], point]
            for name, value in one["metrics"].items()
        ]
        params = [Param(name, str(value)[:MAX_PARAM]) for name, value in document["config"].items() if value is not None]
        tags = [RunTag(name, text) for name, text in {"sos-bench/series": document["series"], **document["outcomes"]}.items()]
        for kind, values in {"metrics": metrics, "params": params, "tags": tags}.items():
            for start in range(0, len(values), BATCH[kind]):
                client.log_batch(run_id, **{kind: values[start : start + BATCH[kind]]})
        note = leave_table(client, run_id, document["table"])
    except BaseException:
        # Best effort: where the server is gone, this fails as well.
        try:
            client.set_terminated(run_id, "FAILED")
        except Exception:
            pass
        raise
    client.set_terminated(run_id, "FINISHED")
    return f"{uri}/#/experiments/{experiment}/runs/{run_id}" if uri.startswith("http") else f"{uri}, run {run_id}", note


def find_experiment(client, uri: str, name: str) -> str:
    """Its id; made where there is none."""
    from mlflow.exceptions import MlflowException

    found = client.get_experiment_by_name(name)
    if found is None:
        try:
            return client.create_experiment(name, artifact_location=artifacts_beside(uri))
        except MlflowException:
            # Another job may have made it just now.
            found = client.get_experiment_by_name(name)
            if found is None:
                raise
    if found.lifecycle_stage == "deleted":
        raise ValueError(f"the experiment {name} is deleted: restore it, or name another with mlflow:URI#EXPERIMENT")
    return found.experiment_id


def artifacts_beside(uri: str) -> str | None:
    """Of a database file, a folder beside it: MLflow would take one in the folder that it is started in."""
    if not uri.startswith("sqlite:///"):
        return None
    from pathlib import Path

    folder = Path(uri[len("sqlite:///") :]).parent
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / "mlruns" / "sos-bench").as_uri()


def leave_table(client, run_id: str, table: dict) -> str | None:
    """The table as an artifact; why not, where the store of artifacts is out of reach. The numbers of it are metrics too."""
    if not table["rows"]:
        return None
    rows = {"columns": table["columns"], "data": table["rows"]}
    try:
        client.log_text(run_id, json.dumps(rows, indent=1), "sos-bench/benchmarks.json")
        return None
    except Exception as error:
        return f"the table of benchmarks is no artifact of the run: {' '.join(str(error).split())[:200]}"
