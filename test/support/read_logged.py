"""Reads back what was logged, by each library's own reader, and prints it as JSON: `read_logged.py LOGGER WHERE NAME`."""

from __future__ import annotations

import json
import os
import struct
import sys
import zlib


def wandb(folder: str, _name: str) -> dict:
    """All records of the run file of an offline run's folder, by wandb's own messages."""
    from wandb.proto.wandb_internal_pb2 import Record

    (file,) = [one for one in os.listdir(folder) if one.endswith(".wandb")]
    found = {"run": {}, "config": {}, "summary": {}, "history": [], "environment": [], "exit": None}
    for data in records_of(os.path.join(folder, file)):
        record = Record()
        record.ParseFromString(data)
        kind = record.WhichOneof("record_type")
        if kind == "run":
            run = record.run
            found["run"] = {"project": run.project, "entity": run.entity, "name": run.display_name, "group": run.run_group, "job": run.job_type}
            found["config"].update(values_of(run.config.update))
        elif kind == "history":
            found["history"].append(values_of(record.history.item))
        elif kind == "summary":
            found["summary"].update(values_of(record.summary.update))
        elif kind == "environment":
            found["environment"].append(str(record.environment))
        elif kind == "exit":
            found["exit"] = record.exit.exit_code
    return found


def values_of(items) -> dict:
    return {"/".join(one.nested_key) or one.key: json.loads(one.value_json) for one in items if one.value_json}


def records_of(path: str):
    """Records of a log in LevelDB's format: blocks of 32 KiB, of records with CRC, length and kind (whole, first, middle, last)."""
    with open(path, "rb") as file:
        content = file.read()
    assert content[:4] == b":W&B", content[:7]
    at, parts = 7, []
    while at + 7 <= len(content):
        left = 32768 - at % 32768
        if left < 7:
            at += left
            continue
        crc, length, kind = struct.unpack("<IHB", content[at : at + 7])
        data = content[at + 7 : at + 7 + length]
        assert zlib.crc32(data, zlib.crc32(bytes([kind]))) == crc, f"damaged at {at}"
        at += 7 + length
        parts.append(data)
        if kind in (1, 4):
            yield b"".join(parts)
            parts = []


def trackio(_folder: str, project: str) -> dict:
    from trackio.sqlite_storage import SQLiteStorage

    runs = SQLiteStorage.get_runs(project)
    return {
        "runs": runs,
        "logs": [SQLiteStorage.get_logs(project, run) for run in runs],
        "config": SQLiteStorage.get_run_config(project, runs[-1]),
    }


def mlflow(uri: str, name: str) -> dict:
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=uri)
    experiment = client.get_experiment_by_name(name)
    runs = []
    for run in client.search_runs([experiment.experiment_id]):
        score = client.get_metric_history(run.info.run_id, "sos-bench/safety/score")
        artifacts = [one.path for one in client.list_artifacts(run.info.run_id, "sos-bench")]
        runs.append(
            {
                "name": run.info.run_name,
                "status": run.info.status,
                "metrics": run.data.metrics,
                "params": run.data.params,
                "tags": run.data.tags,
                "history": [[one.step, one.timestamp, one.value] for one in score],
                "artifacts": artifacts,
            }
        )
    return {"runs": runs}


def tensorboard(folder: str, _name: str) -> dict:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    found = EventAccumulator(folder, size_guidance={"scalars": 0, "tensors": 0})
    found.Reload()
    tags = found.Tags()
    return {
        "scalars": {tag: [[one.step, one.wall_time, one.value] for one in found.Scalars(tag)] for tag in tags["scalars"]},
        "texts": {tag: found.Tensors(tag)[-1].tensor_proto.string_val[0].decode() for tag in tags["tensors"]},
    }


if __name__ == "__main__":
    logger, where, name = sys.argv[1:]
    out = os.dup(1)
    os.dup2(2, 1)
    found = {"wandb": wandb, "trackio": trackio, "mlflow": mlflow, "tensorboard": tensorboard}[logger](where, name)
    os.write(out, json.dumps(found).encode())
