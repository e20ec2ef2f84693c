"""Acts as people with several roles, each with a token of an OpenID provider, and prints the results."""

import json
import os
import sys

from mlflow import MlflowClient
from mlflow.exceptions import RestException

tokens = json.loads(sys.stdin.readline())


def answer_of(work):
    try:
        return work()
    except RestException as error:
        return [error.error_code, error.get_http_status_code()]


def log(name):
    client = MlflowClient()
    run_id = client.create_run(client.create_experiment(name)).info.run_id
    client.log_metric(run_id, "m", 1)
    client.log_text(run_id, "secret", "note.txt")
    return "logged"


def promote(name):
    MlflowClient().set_registered_model_alias("model", "prod", "1")
    return MlflowClient().get_model_version_by_alias("model", "prod").version


def read(_name):
    return len(MlflowClient().search_experiments()) > 0


os.environ["MLFLOW_TRACKING_TOKEN"] = tokens["maintainer"]
MlflowClient().create_registered_model("model")
MlflowClient().create_model_version("model", "s3://bucket/model")
answers = {}
for name, token in tokens.items():
    os.environ["MLFLOW_TRACKING_TOKEN"] = token
    answers[name] = {work.__name__: answer_of(lambda: work(name)) for work in (read, log, promote)}
print(json.dumps(answers))
