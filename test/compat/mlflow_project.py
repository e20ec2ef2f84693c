"""Loads the model of a project by its alias, predicts rows and reads the record of its training."""

import json
import pathlib
import sys
import warnings

import mlflow
import numpy
import pandas
import xgboost
from mlflow import MlflowClient

warnings.simplefilter("ignore")
asked = json.loads(sys.stdin.readline())
name, alias, rows = asked["model"], asked["alias"], asked["rows"]
client = MlflowClient()
version = client.get_model_version_by_alias(name, alias)
model = mlflow.pyfunc.load_model(f"models:/{name}@{alias}")
frame = pandas.DataFrame(rows, dtype="float64")
folder = pathlib.Path(mlflow.artifacts.download_artifacts(f"models:/{name}@{alias}"))
booster = xgboost.Booster(model_file=str(folder / "model.xgb.json"))
experiment = client.get_experiment_by_name(asked["experiment"])
filter_string = f"tags.`modelyard.model` = '{name}' AND params.trees = '{asked['trees']}' AND metrics.r2 > 0"
runs = client.search_runs([experiment.experiment_id], filter_string)
parent = client.get_parent_run(runs[0].info.run_id)
named = client.search_registered_models(f"name = '{name}'")


def numbers(values):
    return numpy.asarray(values, dtype=numpy.float32).tolist()


if "copy" in asked:
    copied = client.copy_model_version(f"models:/{name}/{asked['copy']}", name)
    client.set_registered_model_alias(name, alias, copied.version)
if "moveTo" in asked:
    client.set_registered_model_alias(name, alias, str(asked["moveTo"]))

print(
    json.dumps(
        {
            "version": int(version.version),
            "runs": [[run.info.run_id == version.run_id, run.info.status] for run in runs],
            "params": runs[0].data.params,
            "metrics": runs[0].data.metrics,
            "parent": [parent.info.status, parent.data.tags["modelyard.project"]],
            "predictions": numbers(model.predict(frame)),
            "booster": numbers(booster.predict(xgboost.DMatrix(frame[booster.feature_names]))),
            "features": model.metadata.get_input_schema().input_names(),
            "files": sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()),
            "aliases": [{alias: int(version) for alias, version in found.aliases.items()} for found in named],
        }
    )
)
