"""Calls everything that the client of the model registry offers, and prints the expected and actual results."""

import json
import pathlib
import time
import warnings

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

warnings.simplefilter("ignore")
client = MlflowClient()
mlflow.set_experiment("registry")
facts = {}


def note(name, expected, found):
    facts[name] = (expected, found)


def refused(call):
    try:
        call()
    except MlflowException as error:
        return error.error_code
    return "not refused"


def versions(filter_string, **options):
    return [f"{found.name} {found.version}" for found in client.search_model_versions(filter_string, **options)]


class Doubling(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input * 2


with mlflow.start_run() as run:
    info = mlflow.pyfunc.log_model("model", python_model=Doubling(), pip_requirements=["mlflow"])
    run_id = run.info.run_id

begin = int(time.time() * 1000) - 1000
first = mlflow.register_model(info.model_uri, "doubling", tags={"from": "run"})
second = mlflow.register_model(f"runs:/{run_id}/model", "doubling")
end = int(time.time() * 1000) + 1000
note(
    "registered",
    [["doubling", "1", "READY", run_id, True], ["doubling", "2", "READY", run_id, True]],
    [
        [made.name, str(made.version), made.status, made.run_id, begin <= made.creation_timestamp <= end]
        for made in (first, second)
    ],
)
note("loaded", 42, int(mlflow.pyfunc.load_model("models:/doubling/1").predict(21)))
note("latest", 42, int(mlflow.pyfunc.load_model("models:/doubling/latest").predict(21)))

client.update_registered_model("doubling", description="späť × 2")
client.update_model_version("doubling", "1", description="the first\nof two")
client.set_registered_model_tag("doubling", "team", "blue")
client.set_registered_model_tag("doubling", "gone", "soon")
client.delete_registered_model_tag("doubling", "gone")
client.set_model_version_tag("doubling", "1", "checked", "yes; really")
client.set_model_version_tag("doubling", "1", "gone", "soon")
client.delete_model_version_tag("doubling", "1", "gone")
model, version = client.get_registered_model("doubling"), client.get_model_version("doubling", "1")
note("model", ["späť × 2", {"team": "blue"}], [model.description, model.tags])
note(
    "version",
    ["the first\nof two", {"from": "run", "checked": "yes; really"}],
    [version.description, version.tags],
)

client.transition_model_version_stage("doubling", "1", "Production")
client.transition_model_version_stage("doubling", "2", "Production", archive_existing_versions=True)
stages = {str(found.version): found.current_stage for found in client.search_model_versions("name='doubling'")}
note("stages", {"1": "Archived", "2": "Production"}, stages)
latest = client.get_latest_versions("doubling", ["Production", "Archived"])
note("latest of stages", {"Production": "2", "Archived": "1"}, {found.current_stage: str(found.version) for found in latest})
note("loaded by stage", 42, int(mlflow.pyfunc.load_model("models:/doubling/Production").predict(21)))
note("no such stage", "INVALID_PARAMETER_VALUE", refused(lambda: client.transition_model_version_stage("doubling", "1", "Live")))

client.set_registered_model_alias("doubling", "champion", "1")
client.set_registered_model_alias("doubling", "challenger", "2")
client.set_registered_model_alias("doubling", "champion", "2")
client.set_registered_model_alias("doubling", "old", "1")
client.delete_registered_model_alias("doubling", "old")
aliased = client.get_registered_model("doubling").aliases
note("aliases", {"champion": "2", "challenger": "2"}, {alias: str(version) for alias, version in aliased.items()})
note("by alias", ["2", ["challenger", "champion"]], [str(client.get_model_version_by_alias("doubling", "champion").version), sorted(client.get_model_version_by_alias("doubling", "champion").aliases)])
note("loaded by alias", 42, int(mlflow.pyfunc.load_model("models:/doubling@champion").predict(21)))
note("no such alias", "INVALID_PARAMETER_VALUE", refused(lambda: client.get_model_version_by_alias("doubling", "old")))
note("alias that is a version", "INVALID_PARAMETER_VALUE", refused(lambda: client.set_registered_model_alias("doubling", "v3", "1")))

client.create_registered_model("tripling", tags={"team": "red"}, description="three")
note("made twice", "RESOURCE_ALREADY_EXISTS", refused(lambda: client.create_registered_model("tripling")))
note("bad name", "INVALID_PARAMETER_VALUE", refused(lambda: client.create_registered_model("a/b")))
note("not there", "RESOURCE_DOES_NOT_EXIST", refused(lambda: client.get_registered_model("nothing")))
copied = client.copy_model_version("models:/doubling@champion", "tripling")
note("copied", ["tripling", "1", run_id], [copied.name, str(copied.version), copied.run_id])
note("copy loaded", 42, int(mlflow.pyfunc.load_model("models:/tripling/1").predict(21)))
again = client.copy_model_version("models:/tripling/1", "quadrupling")
note("copy of a copy", ["quadrupling", "1"], [again.name, str(again.version)])
note("copy of a copy loaded", 42, int(mlflow.pyfunc.load_model("models:/quadrupling/1").predict(21)))

note("models by name", ["quadrupling", "tripling"], [found.name for found in client.search_registered_models("name LIKE '%pling'")])
note("models by any case", ["doubling"], [found.name for found in client.search_registered_models("name ILIKE 'DOUB%'")])
note("models by tag", ["tripling"], [found.name for found in client.search_registered_models("tags.team = 'red'")])
note("models in order", ["tripling", "quadrupling", "doubling"], [found.name for found in client.search_registered_models(order_by=["name DESC"])])
pages, token = [], None
while token or not pages:
    page = client.search_registered_models(max_results=1, order_by=["name ASC"], page_token=token)
    pages.append([found.name for found in page])
    token = page.token
note("models by pages", [["doubling"], ["quadrupling"], ["tripling"]], [page for page in pages if page])
note("versions by run", ["doubling 1", "doubling 2", "quadrupling 1", "tripling 1"], sorted(versions(f"run_id = '{run_id}'")))
note("versions by tag", ["doubling 1"], versions("tags.checked = 'yes; really'"))
note("versions in order", ["doubling 2", "doubling 1"], versions("name = 'doubling'", order_by=["version_number DESC"]))
note("versions in order of age", ["doubling 1", "doubling 2"], versions("name = 'doubling'", order_by=["creation_timestamp ASC"]))
note("versions by pages", ["doubling 1"], versions("name = 'doubling'", order_by=["version_number ASC"], max_results=1))
note("versions of runs", ["tripling 1"], versions(f"run_id IN ('{run_id}', 'x') AND name = 'tripling'"))

client.rename_registered_model("doubling", "twice")
renamed = client.get_registered_model("twice")
note("renamed", [["twice 1", "twice 2"], {"challenger": "2", "champion": "2"}, {"team": "blue"}, "späť × 2"], [sorted(versions("name = 'twice'")), {alias: str(version) for alias, version in renamed.aliases.items()}, renamed.tags, renamed.description])
note("old name", "RESOURCE_DOES_NOT_EXIST", refused(lambda: client.get_registered_model("doubling")))
note("renamed onto another", "RESOURCE_ALREADY_EXISTS", refused(lambda: client.rename_registered_model("twice", "tripling")))
note("renamed and loaded", 42, int(mlflow.pyfunc.load_model("models:/twice@champion").predict(21)))
folder = pathlib.Path(mlflow.artifacts.download_artifacts("models:/twice/1"))
note("downloaded", True, (folder / "MLmodel").exists())

client.delete_model_version("twice", "2")
note("deleted version", "RESOURCE_DOES_NOT_EXIST", refused(lambda: client.get_model_version("twice", "2")))
note("aliases of it", {}, client.get_registered_model("twice").aliases)
third = mlflow.register_model(f"runs:/{run_id}/model", "twice")
note("next number", 3, int(third.version))
client.delete_registered_model("twice")
client.delete_registered_model("tripling")
client.delete_registered_model("quadrupling")
note("all deleted", [[], []], [list(client.search_registered_models()), versions("")])

print(
    json.dumps(
        {
            "expected": {name: expected for name, (expected, _found) in facts.items()},
            "found": {name: found for name, (_wanted, found) in facts.items()},
        }
    )
)
