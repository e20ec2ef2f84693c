"""Fills a tracking server with everything that can be imported, or compares two servers.

It reads one line of JSON: `{"do": "fill"}`, or `{"do": "compare", "theirs": uri}` to compare that server with
MLFLOW_TRACKING_URI, both through MLflow's client. The last line of its output is the result.
"""

import hashlib
import json
import math
import os
import re
import sys
import tempfile
import warnings

import mlflow
import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import LoggedModelInput, LoggedModelOutput, LoggedModelStatus, Metric, Param, RunTag, ViewType
from sklearn.linear_model import LinearRegression

warnings.filterwarnings("ignore")
asked = json.loads(sys.stdin.readline())
POINTS = 10_500
OF_PROMPTS = "tag.`mlflow.prompt.is_prompt` = 'true'"


def fill(client):
    experiment = client.create_experiment("churn, Ω", tags={"team": "growth"})
    client.create_experiment("empty")
    gone = client.create_experiment("gone")
    client.delete_run(client.create_run(gone, run_name="deleted before").info.run_id)
    client.set_terminated(client.create_run(gone, run_name="went along").info.run_id)
    client.delete_experiment(gone)
    mlflow.set_experiment("churn, Ω")
    with mlflow.start_run(run_name="parent", description="the first") as parent:
        model_id = fill_parent(client, parent.info.run_id)
        with mlflow.start_run(run_name="child", nested=True) as child:
            mlflow.log_params({f"p/{n}": str(n) for n in range(150)})
            with mlflow.start_run(run_name="grandchild", nested=True):
                mlflow.log_metric("loss", 0.5)
    with mlflow.start_run(run_name="failed"):
        mlflow.end_run("FAILED")
    client.delete_run(client.create_run(experiment, run_name="thrown away").info.run_id)
    client.create_run(experiment, run_name="still running", tags={"mlflow.user": "bob"})
    fill_registry(client, parent.info, child.info, model_id)
    for number in range(asked.get("runs", 40)):
        run = client.create_run(experiment, start_time=1000 + number, run_name=f"small {number}")
        client.log_batch(run.info.run_id, [Metric("m", number, number, 0)], [Param("n", str(number))], [RunTag("t", "x")])
        client.set_terminated(run.info.run_id, end_time=2000 + number)
    return {"points": POINTS}


def fill_parent(client, run_id):
    mlflow.log_params({"lr": "0.1", "empty": "", "text": "l1\nl2 é\U0001f3cf"})
    for start in range(0, POINTS, 1000):
        points = [Metric("long", math.sin(n), 10 * n, n + 1) for n in range(start, min(start + 1000, POINTS))]
        client.log_batch(run_id, metrics=points)
    client.log_batch(run_id, metrics=[Metric("same step", n, 5, 7) for n in range(4)])
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0], "y": [2.0, 4.0, 6.0]})
    train = mlflow.data.from_pandas(frame, name="train", targets="y")
    mlflow.log_input(train, context="training", tags={"rows": "3"})
    mlflow.log_input(mlflow.data.from_pandas(frame[:2], name="test"), context="eval")
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(f"{folder}/deep/er/still")
        write(f"{folder}/empty.txt", b"")
        write(f"{folder}/deep/big.bin", bytes(range(256)) * 12_000)
        # MLflow's server fails when it is asked for a file of another script.
        write(f"{folder}/deep/er/still/{'a' if asked.get('prompts') else 'ñ Ω'} file (1) 100%.json", b"{}")
        mlflow.log_artifacts(folder, "files")
    mlflow.log_text("at the top", "top.txt")
    fitted = LinearRegression().fit(frame[["x"]], frame["y"])
    logged = mlflow.sklearn.log_model(fitted, name="model", input_example=frame[["x"]])
    mlflow.log_metric("of the model", 0.25, step=3, model_id=logged.model_id, dataset=train)
    # After the model, which logs what its run has once more: MLflow's server takes no NaN twice.
    odd = [float("nan"), float("inf"), float("-inf"), 5e-324, 1e308, -0.0, 0.1 + 0.2]
    client.log_batch(run_id, metrics=[Metric("odd", value, n, n) for n, value in enumerate(odd)])
    failed = mlflow.initialize_logged_model(name="broken", params={"p": "1"}, tags={"t": "u"}, model_type="agent")
    client.finalize_logged_model(failed.model_id, LoggedModelStatus.FAILED)
    mlflow.log_outputs(models=[LoggedModelOutput(failed.model_id, 2)])
    mlflow.log_input(model=LoggedModelInput(failed.model_id))
    return logged.model_id


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)


def fill_registry(client, parent, child, model_id):
    client.create_registered_model("churn", tags={"owner": "ann"}, description="who leaves")
    client.create_model_version("churn", f"runs:/{child.run_id}/nothing", child.run_id, tags={"a": "b"}, description="v1")
    client.create_model_version("churn", f"{parent.artifact_uri}/files", parent.run_id)
    doomed = client.create_model_version("churn", f"runs:/{child.run_id}/nothing", child.run_id)
    client.delete_model_version("churn", doomed.version)
    client.create_model_version("churn", f"models:/{model_id}", parent.run_id, model_id=model_id)
    client.transition_model_version_stage("churn", "2", "Production")
    client.set_registered_model_alias("churn", "champion", "4")
    client.set_registered_model_alias("churn", "challenger", "1")
    client.create_registered_model("nothing yet")
    if asked.get("prompts"):
        mlflow.genai.register_prompt("greeting", "Hello {{name}}", tags={"tone": "warm"})
        mlflow.genai.register_prompt("greeting", "Dear {{name}}")
        mlflow.genai.set_prompt_alias("greeting", "live", 1)


def picture(uri):
    """What MLflow's client tells of a server, with names where numbers may differ."""
    mlflow.set_tracking_uri(uri)
    mlflow.set_registry_uri(uri)
    client = MlflowClient(uri, uri)
    experiments = list(client.search_experiments(view_type=ViewType.ALL))
    names = {experiment.experiment_id: experiment.name for experiment in experiments}
    runs = [
        run
        for experiment in experiments
        for run in pages(lambda token, e=experiment: client.search_runs([e.experiment_id], "", ViewType.ALL, 500, None, token))
    ]
    models = pages(lambda token: client.search_registered_models(page_token=token))
    prompts = pages(lambda token: client.search_registered_models(OF_PROMPTS, page_token=token)) if asked.get("prompts") else []
    return {
        **{f"experiment {e.name}": [e.lifecycle_stage, e.tags, times(e.creation_time, e)] for e in experiments},
        **{f"run {run.info.run_id}": run_picture(client, run, names) for run in runs},
        **{
            f"logged model {model.model_id}": logged_picture(client, model, names)
            for e in experiments
            if e.lifecycle_stage == "active"
            for model in client.search_logged_models([e.experiment_id])
        },
        **{f"registered model {model.name}": model_picture(client, model, False) for model in models},
        **{f"prompt {prompt.name}": model_picture(client, prompt, True) for prompt in prompts},
    }


def times(created, experiment):
    """The default experiment is as old as its server."""
    return created if experiment.experiment_id != "0" else None


def pages(ask):
    items, token = [], None
    while True:
        page = ask(token)
        items += page
        token = page.token
        if not token:
            return items


def run_picture(client, found, names):
    run = client.get_run(found.info.run_id)
    info = run.info
    return {
        "info": [
            names[info.experiment_id],
            info.run_name,
            info.user_id,
            info.status,
            info.start_time,
            info.end_time,
            info.lifecycle_stage,
        ],
        "params": run.data.params,
        "tags": {key: value for key, value in run.data.tags.items()},
        "last": {key: number(value) for key, value in run.data.metrics.items()},
        "points": {
            key: sorted([point.timestamp, point.step, number(point.value)] for point in client.get_metric_history(info.run_id, key))
            for key in run.data.metrics
        },
        "datasets": sorted(
            [i.dataset.name, i.dataset.digest, i.dataset.source_type, i.dataset.source, i.dataset.schema, i.dataset.profile]
            + sorted([tag.key, tag.value] for tag in i.tags)
            for i in run.inputs.dataset_inputs
        ),
        "model inputs": sorted(i.model_id for i in run.inputs.model_inputs),
        "model outputs": sorted([o.model_id, o.step] for o in run.outputs.model_outputs) if run.outputs else [],
        "files": files_below(lambda path: client.list_artifacts(info.run_id, path), f"runs:/{info.run_id}")
        if info.lifecycle_stage == "active"
        else None,
    }


def number(value):
    """MLflow's databases keep the largest doubles for infinities, its files keep them as they are."""
    return "nan" if math.isnan(value) else max(-sys.float_info.max, min(value, sys.float_info.max))


def files_below(listed, uri, folder=None):
    found = {}
    for entry in listed(folder):
        if entry.is_dir:
            found |= files_below(listed, uri, entry.path)
        elif entry.path != "registered_model_meta":  # The client writes it where it loads a model from.
            found[entry.path] = entry.file_size
    if folder is None and found:
        local = mlflow.artifacts.download_artifacts(f"{uri}/")
        return {path: [size, digest(os.path.join(local, path))] for path, size in found.items()}
    return found


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def logged_picture(client, model, names):
    model = client.get_logged_model(model.model_id)
    return {
        "info": [names[model.experiment_id], model.name, model.status, model.model_type, model.source_run_id],
        "times": [model.creation_timestamp, model.last_updated_timestamp],
        "params": model.params,
        "tags": model.tags,
        "metrics": sorted(
            [m.key, number(m.value), m.step, m.timestamp, m.run_id, m.dataset_name, m.dataset_digest] for m in model.metrics or []
        ),
        "files": files_below(lambda path: client.list_logged_model_artifacts(model.model_id, path), f"models:/{model.model_id}"),
    }


def model_picture(client, model, is_prompt):
    versions = client.search_model_versions(f"name='{model.name}'" + (f" AND {OF_PROMPTS}" if is_prompt else ""))
    if not is_prompt:  # The client shows prompts in searches alone.
        model = client.get_registered_model(model.name)
        versions = [client.get_model_version(version.name, version.version) for version in versions]
    return {
        "info": [model.name, model.description or "", model.tags, model.creation_timestamp, model.last_updated_timestamp],
        "aliases": {alias: str(version) for alias, version in model.aliases.items()},
        "versions": {str(version.version): version_picture(client, version, is_prompt) for version in versions},
    }


def version_picture(client, version, is_prompt):
    return [
        version.description or "",
        version.run_id or "",
        version.current_stage,
        version.tags,
        version.status,
        version.run_link or "",
        version.creation_timestamp,
        version.last_updated_timestamp,
        sorted(version.aliases),
        inner(version.source),
        None if is_prompt else inner(client.get_model_version_download_uri(version.name, version.version)),
    ]


def inner(uri):
    """An address without the root of its store and the number of its experiment."""
    return re.sub(r"^(file:|mlflow-artifacts:).*/(\w{32}|models/m-\w+)/artifacts", r"\2", uri)


def compare(theirs_uri):
    theirs, ours = picture(theirs_uri), picture(os.environ["MLFLOW_TRACKING_URI"])
    missing = sorted(set(theirs) - set(ours))
    surplus = sorted(set(ours) - set(theirs))
    differences = [
        [name, part, shown(theirs[name], part), shown(ours[name], part)]
        for name in theirs
        if name in ours and theirs[name] != ours[name]
        for part in (theirs[name] if isinstance(theirs[name], dict) else [None])
        if shown(theirs[name], part) != shown(ours[name], part)
    ]
    predicted = mlflow.pyfunc.load_model("models:/churn@champion").predict(pd.DataFrame({"x": [5.0]}))
    return {
        "missing": missing,
        "surplus": surplus,
        "differences": differences[:20],
        "runs": sum(name.startswith("run ") for name in ours),
        "points": max(len(points) for name in ours if name.startswith("run ") for points in ours[name]["points"].values()),
        "files": sum(len(ours[name]["files"] or {}) for name in ours if "files" in ours[name]),
        "predicted": float(predicted[0]),
    }


def shown(value, part):
    return json.dumps(value if part is None else value[part], sort_keys=True)[:600]


if asked["do"] == "fill":
    answer = fill(MlflowClient())
else:
    answer = compare(asked["theirs"])
print(json.dumps(answer))
