"""Trains with scikit-learn under MLflow's autologging, and prints the expected and actual results."""

import json
import pathlib
import warnings

import mlflow
import numpy
from mlflow import MlflowClient
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, log_loss
from sklearn.model_selection import GridSearchCV

warnings.simplefilter("ignore")
client = MlflowClient()
rows, target = make_classification(n_samples=300, n_features=6, random_state=1)
train, test = slice(0, 200), slice(200, 300)
mlflow.set_experiment("flowers")
mlflow.sklearn.autolog(max_tuning_runs=3)


def texts(values):
    return {key: str(value) for key, value in values.items()}


def subset(values, keys):
    return {key: values.get(key) for key in keys}


def paths(run_id, path=None):
    for entry in client.list_artifacts(run_id, path):
        yield from paths(run_id, entry.path) if entry.is_dir else [entry.path]


def logistic():
    with mlflow.start_run(run_name="logistic", tags={"team": "blue"}, description="a first try") as run:
        model = LogisticRegression(C=0.25, max_iter=50).fit(rows[train], target[train])
        model.score(rows[test], target[test])
        mlflow.log_params({"note": "späť 🎉 = 1", "empty": ""})
        mlflow.log_metrics({"tiny": 5e-324, "huge": 1.7976931348623157e308}, step=3)
        mlflow.log_text("two\nlines", "notes/a b.txt")
        mlflow.log_dict({"x": [1, 2.5, None]}, "notes/facts.json")
    found = client.get_run(run.info.run_id)
    guessed = model.predict(rows[train])
    metrics = {
        "training_accuracy_score": accuracy_score(target[train], guessed),
        "training_f1_score": f1_score(target[train], guessed, average="weighted"),
        "training_log_loss": log_loss(target[train], model.predict_proba(rows[train])),
        "tiny": 5e-324,
        "huge": 1.7976931348623157e308,
    }
    scored = [value for key, value in found.data.metrics.items() if key.startswith("LogisticRegression_score")]
    params = {**texts(model.get_params()), "note": "späť 🎉 = 1", "empty": ""}
    tags = {
        "team": "blue",
        "mlflow.runName": "logistic",
        "mlflow.note.content": "a first try",
        "estimator_name": "LogisticRegression",
        "estimator_class": "sklearn.linear_model._logistic.LogisticRegression",
    }
    loaded = mlflow.sklearn.load_model(f"runs:/{run.info.run_id}/model")
    generic = mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/model")
    names = set(paths(run.info.run_id))
    expected = {"notes/a b.txt", "notes/facts.json", "training_confusion_matrix.png", "estimator.html"}
    return {
        "metrics": (metrics, subset(found.data.metrics, metrics)),
        "score": ([accuracy_score(target[test], model.predict(rows[test]))], scored),
        "params": (params, found.data.params),
        "tags": (tags, subset(found.data.tags, tags)),
        "info": (["logistic", "FINISHED", "active"], [found.info.run_name, found.info.status, found.info.lifecycle_stage]),
        "inputs": (["train"], sorted({tag.value for used in found.inputs.dataset_inputs[:1] for tag in used.tags})),
        "artifacts": (sorted(expected), sorted(expected & names)),
        "text": ("two\nlines", mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/notes/a b.txt")),
        "dict": ({"x": [1, 2.5, None]}, mlflow.artifacts.load_dict(f"runs:/{run.info.run_id}/notes/facts.json")),
        "model": (model.predict_proba(rows).tolist(), loaded.predict_proba(rows).tolist()),
        "pyfunc": (model.predict(rows).tolist(), numpy.asarray(generic.predict(rows)).tolist()),
    }


def grid():
    search = GridSearchCV(
        RandomForestClassifier(n_estimators=5, random_state=1), {"max_depth": [1, 2, 4], "max_features": [2]}, cv=2
    )
    with mlflow.start_run(run_name="grid") as run:
        search.fit(rows[train], target[train])
    parent = client.get_run(run.info.run_id)
    children = client.search_runs(
        [parent.info.experiment_id],
        f"tags.`mlflow.parentRunId` = '{run.info.run_id}'",
        order_by=["params.max_depth"],
    )
    results = search.cv_results_
    trials = [
        [str(depth), score] for depth, score in zip(results["param_max_depth"], results["mean_test_score"])
    ]
    best = {f"best_{key}": str(value) for key, value in search.best_params_.items()}
    loaded = mlflow.sklearn.load_model(f"runs:/{run.info.run_id}/best_estimator")
    return {
        "trials": (trials, [[run.data.params["max_depth"], run.data.metrics["mean_test_score"]] for run in children]),
        "best": ({**best, "cv": "2"}, subset(parent.data.params, [*best, "cv"])),
        "best score": (search.best_score_, parent.data.metrics.get("best_cv_score")),
        "best model": (search.predict(rows).tolist(), loaded.predict(rows).tolist()),
    }


def nested():
    with mlflow.start_run(run_name="outer") as outer:
        with mlflow.start_run(run_name="inner", nested=True) as inner:
            with mlflow.start_run(run_name="innermost", nested=True) as innermost:
                mlflow.log_metric("depth", 3)
            mlflow.log_metric("depth", 2)
    chain = [client.get_parent_run(run.info.run_id) for run in (innermost, inner, outer)]
    folder = pathlib.Path("pictures/small")
    folder.mkdir(parents=True)
    (folder / "one.bin").write_bytes(bytes(range(256)))
    (folder.parent / "empty").write_bytes(b"")
    client.log_artifacts(outer.info.run_id, "pictures", "all")
    fetched = pathlib.Path(client.download_artifacts(outer.info.run_id, "all"))
    return {
        "parents": ([inner.info.run_id, outer.info.run_id, None], [run and run.info.run_id for run in chain]),
        "files": (["all/empty", "all/small/one.bin"], sorted(paths(outer.info.run_id))),
        "bytes": ([list(range(256)), []], [list((fetched / name).read_bytes()) for name in ("small/one.bin", "empty")]),
    }


facts = {**logistic(), **grid(), **nested()}
answer = {
    "version": mlflow.__version__,
    "expected": {name: expected for name, (expected, _found) in facts.items()},
    "found": {name: found for name, (_wanted, found) in facts.items()},
}
print(json.dumps(answer))
