"""Writes to a server whose mirror has outages, then compares both servers.

It writes `away` and `back` to have the mirror's server killed and started, `crash` to have ours killed and started, and
`sent` to wait until everything is mirrored. After each it continues when it reads a line.
"""

import json
import math
import sys
import tempfile
from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType

theirs = MlflowClient(json.loads(sys.stdin.readline())["theirs"])
ours = MlflowClient()


def ask_for(word):
    print(word, flush=True)
    sys.stdin.readline()


def batch(number, points=400):
    return {
        "metrics": [Metric("loss", 1 / (1 + number * points + at), at, number * points + at) for at in range(points)],
        "params": [Param(f"p{number}.{at}", f"value {at}") for at in range(40)],
        "tags": [RunTag("batch", str(number)), RunTag(f"t{number}", "ü" * 200)],
    }


def write_run(experiment, name, batches):
    run_id = ours.create_run(experiment, run_name=name).info.run_id
    for number in batches:
        ours.log_batch(run_id, **batch(number))
    return run_id


def write_special(run_id):
    for step, value in enumerate([0.1 + 0.2, float("nan"), float("inf"), -0.0, 5e-324, 1e308]):
        ours.log_metric(run_id, "special/one", value, 1_700_000_000_000 + step, step)
    ours.log_metric(run_id, "special/one", 0.1 + 0.2, 1_700_000_000_000, 0)
    ours.set_tag(run_id, "gone", "soon")
    ours.delete_tag(run_id, "gone")
    ours.log_text(run_id, "first", "notes/a b.txt")
    ours.log_text(run_id, "second", "notes/a b.txt")
    ours.log_text(run_id, "", "empty.txt")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "large.bin").write_bytes(bytes(range(256)) * 8192)
        ours.log_artifact(run_id, str(Path(folder, "large.bin")), "files")


def write_model(experiment):
    import numpy
    import pandas
    from sklearn.linear_model import LinearRegression

    rows = numpy.arange(10.0).reshape(-1, 1)
    fitted = LinearRegression().fit(rows, rows[:, 0])
    with mlflow.start_run(experiment_id=experiment, run_name="fits") as run:
        data = mlflow.data.from_pandas(pandas.DataFrame({"x": [1.5, 2.5]}), name="rows")
        mlflow.log_input(data, context="train")
        info = mlflow.sklearn.log_model(fitted, name="line")
        mlflow.log_metric("r2", 0.5, model_id=info.model_id, dataset=data)
    ours.create_registered_model("Line", tags={"team": "a"}, description="a line")
    for source in [info.model_uri, f"runs:/{run.info.run_id}/files"]:
        ours.create_model_version("Line", source, run.info.run_id, tags={"k": "v"})
    ours.update_model_version("Line", 2, description="the second")
    ours.set_registered_model_alias("Line", "prod", 1)
    ours.rename_registered_model("Line", "Straight line")
    ours.set_registered_model_alias("Straight line", "prod", 2)
    ours.set_registered_model_alias("Straight line", "spare", 1)
    ours.delete_registered_model_alias("Straight line", "spare")
    ours.create_model_version("Straight line", "s3://bucket/elsewhere", None)
    ours.delete_model_version("Straight line", 3)
    return info.model_id


experiment = ours.create_experiment("mirrored", tags={"team": "a"})
first = write_run(experiment, "before", range(3))
ask_for("away")
second = write_run(experiment, "while away", range(8))
write_special(second)
child = ours.create_run(experiment, tags={"mlflow.parentRunId": second}, run_name="child").info.run_id
ours.set_terminated(second, "FAILED", 1_800_000_000_000)
ask_for("crash")
model = write_model(experiment)
ask_for("back")
third = write_run(experiment, "while it catches up", range(6))
ask_for("crash")
ask_for("away")
ours.log_batch(first, **batch(3))
deleted = write_run(experiment, "deleted", range(1))
ours.delete_run(deleted)
ours.set_experiment_tag(experiment, "team", "b")
ours.rename_experiment(experiment, "mirrored, renamed")
old = ours.create_experiment("old")
write_run(old, "of the old one", range(1))
ours.delete_experiment(old)
ask_for("back")
ask_for("crash")
ours.set_terminated(first)
ask_for("sent")


def pairs():
    found = {}
    for experiment in theirs.search_experiments(view_type=ViewType.ALL):
        for run in theirs.search_runs([experiment.experiment_id], run_view_type=ViewType.ALL, max_results=1000):
            found.setdefault(run.data.tags.get("modelyard.run_id"), []).append(run)
    return found


def history(client, run_id, key):
    points = client.get_metric_history(run_id, key)
    kept = [(p.timestamp, p.step, "nan" if math.isnan(p.value) else p.value) for p in points]
    return sorted(kept, key=str)


def files(client, run_id, folder=None):
    found = {}
    for item in client.list_artifacts(run_id, folder):
        if item.is_dir:
            found.update(files(client, run_id, item.path))
        else:
            found[item.path] = item.file_size or 0
    return found


def bytes_of(uri, run_id):
    with tempfile.TemporaryDirectory() as folder:
        local = mlflow.artifacts.download_artifacts(run_id=run_id, tracking_uri=uri, dst_path=folder)
        return {str(p.relative_to(local)): p.read_bytes() for p in Path(local).rglob("*") if p.is_file()}


def tags_of(run, names):
    known = {k: v for k, v in run.data.tags.items() if k not in ("modelyard.run_id", "mlflow.log-model.history")}
    if "mlflow.parentRunId" in known:
        known["mlflow.parentRunId"] = names.get(known["mlflow.parentRunId"], known["mlflow.parentRunId"])
    return known


def facts(client, run, names):
    info = run.info
    return {
        "name": info.run_name,
        "status": info.status,
        "start": info.start_time,
        "end": info.end_time,
        "stage": info.lifecycle_stage,
        "params": run.data.params,
        "tags": tags_of(run, names),
        "metrics": {key: history(client, info.run_id, key) for key in run.data.metrics},
        "files": files(client, info.run_id),
        "datasets": [(d.dataset.name, d.dataset.digest, [t.value for t in d.tags]) for d in run.inputs.dataset_inputs],
    }


def registry(client, versions):
    model = client.get_registered_model("Straight line")
    return {
        "tags": model.tags,
        "description": model.description,
        "aliases": model.aliases,
        "versions": {
            v.version: (v.description, {k: t for k, t in v.tags.items() if k != "modelyard.version_id"})
            for v in versions
        },
    }


everywhere = pairs()
names = {run.info.run_id: our_id for our_id, runs in everywhere.items() for run in runs}
differences = []
counted = {"runs": 0, "points": 0, "params": 0, "files": 0}
for our_experiment in ours.search_experiments(view_type=ViewType.ALL):
    for run in ours.search_runs([our_experiment.experiment_id], run_view_type=ViewType.ALL, max_results=1000):
        copies = everywhere.pop(run.info.run_id, [])
        if len(copies) != 1:
            differences.append([run.info.run_name, "copies", len(copies)])
            continue
        mine, other = facts(ours, run, {}), facts(theirs, copies[0], names)
        differences += [[run.info.run_name, k, str(mine[k])[:300], str(other[k])[:300]] for k in mine if mine[k] != other[k]]
        counted["runs"] += 1
        counted["points"] += sum(len(points) for points in mine["metrics"].values())
        counted["params"] += len(mine["params"])
        counted["files"] += len(mine["files"])
if everywhere:
    differences.append(["runs there alone", list(map(str, everywhere))])
our_bytes = bytes_of(mlflow.get_tracking_uri(), second)
if our_bytes != bytes_of(theirs.tracking_uri, names_of := next(r for r, o in names.items() if o == second)):
    differences.append(["bytes of", second, names_of])
our_versions = ours.search_model_versions("name = 'Straight line'")
their_versions = theirs.search_model_versions("name = 'Straight line'")
if registry(ours, our_versions) != registry(theirs, their_versions):
    differences.append(["registry", str(registry(ours, our_versions)), str(registry(theirs, their_versions))])
stages = {e.name: (e.lifecycle_stage, e.tags) for e in theirs.search_experiments(view_type=ViewType.ALL) if e.name != "Default"}
for e in ours.search_experiments(view_type=ViewType.ALL):
    tags = {k: v for k, v in e.tags.items()}
    if e.name != "Default" and stages.pop(e.name, None) != (e.lifecycle_stage, tags):
        differences.append(["experiment", e.name])
if stages:
    differences.append(["experiments there alone", list(stages)])
mlflow.set_tracking_uri(theirs.tracking_uri)
mlflow.set_registry_uri(theirs.tracking_uri)
predicted = mlflow.pyfunc.load_model("models:/Straight line/1").predict([[3.0]]).tolist()
print(json.dumps({"differences": differences, "counted": counted, "bytes": sum(map(len, our_bytes.values())), "predicted": predicted}))
