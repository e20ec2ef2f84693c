"""Calls a server that requires a token with each kind of credentials, and prints the results."""

import json
import os
import pathlib
import sys

from mlflow import MlflowClient
from mlflow.exceptions import RestException

token = json.loads(sys.stdin.readline())["token"]
cases = {
    "bearer": {"MLFLOW_TRACKING_TOKEN": token},
    "password": {"MLFLOW_TRACKING_USERNAME": "anyone", "MLFLOW_TRACKING_PASSWORD": token},
    "wrong bearer": {"MLFLOW_TRACKING_TOKEN": f"{token}x"},
    "wrong password": {"MLFLOW_TRACKING_USERNAME": "admin", "MLFLOW_TRACKING_PASSWORD": "password1234"},
    "none": {},
}


def work(name):
    client = MlflowClient()
    run_id = client.create_run(client.create_experiment(name)).info.run_id
    client.log_metric(run_id, "m", 1)
    client.log_text(run_id, "secret", "note.txt")
    client.create_registered_model(name)
    note = pathlib.Path(client.download_artifacts(run_id, "note.txt")).read_text()
    return [client.get_run(run_id).data.metrics["m"], note]


answers = {}
for name, variables in cases.items():
    os.environ.update(variables)
    try:
        answers[name] = work(name)
    except RestException as error:
        answers[name] = [error.error_code, error.get_http_status_code(), str(error)]
    for variable in variables:
        del os.environ[variable]
os.environ.update(cases["bearer"])
answers["experiments"] = sorted(experiment.name for experiment in MlflowClient().search_experiments())
print(json.dumps(answers))
