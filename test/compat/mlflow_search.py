"""Searches runs with every operator and order of MLflow's grammar, and compares with the same searches in Python."""

import json
import math
import random
import re

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, RunTag, ViewType
from mlflow.exceptions import RestException

client = MlflowClient()
draw = random.Random(3)
experiment = client.create_experiment("search")
elsewhere = client.create_experiment("elsewhere")
words = ["adam", "Adam", "sgd", "rms_prop", "rms%prop", "rmsXprop", "añb", "ab c", "", "it's"]
statuses = ["FINISHED", "FAILED", "KILLED", "RUNNING", "SCHEDULED"]


def make(at):
    run = {
        "name": f"{draw.choice(['Run', 'run', 'try'])} {at:02}",
        "start_time": 1000 + draw.randrange(30),
        "end_time": 5000 + draw.randrange(20),
        "status": statuses[at % len(statuses)],
        "user_id": draw.choice(["ann", "Bob"]),
        "metrics": {},
        "params": {},
        "tags": {},
        "dataset": draw.choice([None, ("houses", f"d{at % 3}", "training"), ("cars", "d0", "test")]),
        "deleted": at % 11 == 5,
        "experiment": elsewhere if at % 13 == 7 else experiment,
    }
    for key in ("loss", "a b/c.d-e"):
        if draw.random() < 0.8:
            run["metrics"][key] = draw.choice([-1.5, 0.0, 0.1, 0.1 + 1e-12, 2.0, 1e300, math.nan, math.inf, -math.inf])
    for key in ("optimizer", "my param"):
        if draw.random() < 0.8:
            run["params"][key] = draw.choice(words)
    for key in ("team", "dotted.key"):
        if draw.random() < 0.8:
            run["tags"][key] = draw.choice(words)
    return run


def log(run):
    made = client.create_run(run["experiment"], run["start_time"], {"mlflow.user": run["user_id"]}, run["name"])
    run["run_id"], run["artifact_uri"] = made.info.run_id, made.info.artifact_uri
    # Searches use the latest point.
    points = [Metric(key, -77.0, 1, 0) for key in run["metrics"]]
    points += [Metric(key, value, 2, 1) for key, value in run["metrics"].items()]
    client.log_batch(
        run["run_id"],
        points,
        [Param(*item) for item in run["params"].items()],
        [RunTag(*item) for item in run["tags"].items()],
    )
    if run["dataset"]:
        name, digest, context = run["dataset"]
        used = DatasetInput(Dataset(name, digest, "local", "{}"), [InputTag("mlflow.data.context", context)])
        client.log_inputs(run["run_id"], [used])
    if run["status"] in ("FINISHED", "FAILED", "KILLED"):
        client.set_terminated(run["run_id"], run["status"], run["end_time"])
    else:
        client.update_run(run["run_id"], run["status"])
        run["end_time"] = None
    if run["deleted"]:
        client.delete_run(run["run_id"])
    # An infinity is stored as the largest number.
    for key, value in run["metrics"].items():
        if math.isinf(value):
            run["metrics"][key] = math.copysign(1.7976931348623157e308, value)


runs = [make(at) for at in range(60)]
for run in runs:
    log(run)


def like(pattern, flags=0):
    expression = re.compile("".join({"%": ".*", "_": "."}.get(char, re.escape(char)) for char in pattern), flags | re.DOTALL)
    return lambda value: expression.fullmatch(value) is not None


def cases_of_texts(name, value_of, samples):
    """Every operator of texts on a name whose value `value_of` takes from a run: None where it has none."""

    def case(written, holds):
        return f"{name} {written}", lambda run: value_of(run) is not None and holds(value_of(run))

    for sample in samples:
        quoted = f'"{sample}"' if "'" in sample else f"'{sample}'"
        yield case(f"= {quoted}", lambda value, sample=sample: value == sample)
        yield case(f"!= {quoted}", lambda value, sample=sample: value != sample)
    for pattern in ("%d%", "A%", "rms_prop", "%a", "r%", "%", "ADAM", "%ñ%"):
        yield case(f"LIKE '{pattern}'", like(pattern))
        yield case(f"ILIKE '{pattern}'", like(pattern, re.IGNORECASE))


def cases_of_numbers(name, value_of, samples):
    compare = {
        "=": lambda a, b: a == b,
        "!=": lambda a, b: a != b and not math.isnan(a),
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
    }
    for sample in samples:
        for sign, holds in compare.items():
            yield (
                f"{name} {sign} {sample}",
                lambda run, sample=sample, holds=holds: value_of(run) is not None and holds(value_of(run), sample),
            )


def cases_of_lists(name, value_of, listed):
    quoted = ", ".join(f"'{item}'" for item in listed)
    yield f"{name} IN ({quoted})", lambda run: value_of(run) in listed
    yield f"{name} NOT IN ({quoted})", lambda run: value_of(run) is not None and value_of(run) not in listed


def part(kind, key):
    return lambda run: run[kind].get(key)


def dataset(place):
    return lambda run: run["dataset"] and run["dataset"][place]


def cases():
    for name in ("metrics.loss", "metric.loss", "metrics.`loss`"):
        yield from cases_of_numbers(name, part("metrics", "loss"), [0.1, -1.5, 1e300, 2])
    for name in ("metrics.`a b/c.d-e`", 'metrics."a b/c.d-e"'):
        yield from cases_of_numbers(name, part("metrics", "a b/c.d-e"), [0])
    for kind, names, key in (
        ("params", ("params.optimizer", "param.optimizer", "parameters.`optimizer`"), "optimizer"),
        ("params", ("params.`my param`", 'params."my param"'), "my param"),
        ("tags", ("tags.team", "tag.team"), "team"),
        ("tags", ("tags.dotted.key", "tags.`dotted.key`"), "dotted.key"),
    ):
        for name in names:
            yield from cases_of_texts(name, part(kind, key), words)
            yield f"{name} IS NULL", lambda run, kind=kind, key=key: key not in run[kind]
            yield f"{name} is not null", lambda run, kind=kind, key=key: key in run[kind]
    for names, key, samples in (
        (("run_name", "attributes.run_name", "attributes.`Run name`", "run.`run name`"), "name", ["Run 03", "try 04"]),
        (("status", "attr.status"), "status", ["FINISHED", "SCHEDULED"]),
        (("user_id", "attribute.user_id"), "user_id", ["ann", "Ann"]),
        (("run_id", "attributes.run_id"), "run_id", [runs[3]["run_id"]]),
        (("artifact_uri",), "artifact_uri", [runs[3]["artifact_uri"]]),
    ):
        for name in names:
            yield from cases_of_texts(name, lambda run, key=key: run[key], samples)
            yield from cases_of_lists(name, lambda run, key=key: run[key], [*samples, "x", runs[0][key]])
    for name in ("start_time", "attributes.start_time", "created", "attributes.Created"):
        yield from cases_of_numbers(name, lambda run: run["start_time"], [1010])
    yield from cases_of_numbers("end_time", lambda run: run["end_time"], [5010])
    for place, key in enumerate(("name", "digest", "context")):
        for name in (f"dataset.{key}", f"datasets.{key}"):
            samples = [("houses", "cars"), ("d0", "d1"), ("training", "test")][place]
            yield from cases_of_texts(name, dataset(place), samples)
            yield from cases_of_lists(name, dataset(place), [samples[0], "x"])
    yield "", lambda run: True
    yield (
        "metrics.loss >= 0 and params.optimizer = 'adam' AND tags.team != 'sgd' And status = 'FINISHED'",
        lambda run: run["metrics"].get("loss", math.nan) >= 0
        and run["params"].get("optimizer") == "adam"
        and run["tags"].get("team", "sgd") != "sgd"
        and run["status"] == "FINISHED",
    )
    yield "metrics.loss > 0 AND metrics.loss < 1", lambda run: 0 < run["metrics"].get("loss", -1) < 1
    yield "params.nothing = 'x'", lambda run: False


views = {
    ViewType.ACTIVE_ONLY: lambda run: not run["deleted"],
    ViewType.DELETED_ONLY: lambda run: run["deleted"],
    ViewType.ALL: lambda run: True,
}
by_id = {run["run_id"]: run for run in runs}


def last_order(run):
    return (-run["start_time"], run["run_id"])


def expected(holds, experiments, view, key=last_order):
    found = [run for run in runs if run["experiment"] in experiments and views[view](run) and holds(run)]
    return [run["name"] for run in sorted(found, key=key)]


def searched(experiments, page=50_000, **options):
    found, token = [], None
    while True:
        part = client.search_runs(experiments, max_results=page, page_token=token, **options)
        found += [by_id[run.info.run_id]["name"] for run in part]
        token = part.token
        if not token:
            return found


wrong, counts = [], {"filters": 0, "orders": 0, "empty": 0, "refused": 0}


def compare(what, reference, call):
    try:
        found = call()
    except Exception as error:
        found = str(error)
    counts["empty"] += reference == []
    if found != reference:
        wrong.append([what, reference, found])


for filter_string, holds in cases():
    counts["filters"] += 1
    compare(filter_string, expected(holds, [experiment], ViewType.ACTIVE_ONLY), lambda: searched([experiment], filter_string=filter_string))
for view in views:
    both = [experiment, elsewhere]
    options = {"filter_string": "metrics.loss > 0", "run_view_type": view}
    compare(f"view {view}", expected(lambda run: run["metrics"].get("loss", math.nan) > 0, both, view), lambda: searched(both, **options))


def keyed(value, descending):
    """Numbers first, then NaN, then missing values, in either direction."""
    if value is None:
        return (2,)
    if isinstance(value, float) and math.isnan(value):
        return (1,)
    return (0, value if not descending else Reversed(value))


class Reversed:
    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        return other.value < self.value

    def __eq__(self, other):
        return other.value == self.value


orders = {
    "metrics.loss": part("metrics", "loss"),
    "metric.`a b/c.d-e`": part("metrics", "a b/c.d-e"),
    "params.optimizer": part("params", "optimizer"),
    "params.`my param`": part("params", "my param"),
    "tags.team": part("tags", "team"),
    "tag.`dotted.key`": part("tags", "dotted.key"),
    "start_time": lambda run: run["start_time"],
    "attributes.created": lambda run: run["start_time"],
    "end_time": lambda run: run["end_time"],
    "attribute.status": lambda run: run["status"],
    "run_name": lambda run: run["name"],
    "attributes.run_id": lambda run: run["run_id"],
    "artifact_uri": lambda run: run["artifact_uri"],
    "user_id": lambda run: run["user_id"],
}
for name, value_of in orders.items():
    for direction, page in (("", 50_000), (" ASC", 7), (" DESC", 50_000), (" desc", 13)):
        counts["orders"] += 1
        descending = direction.strip().upper() == "DESC"
        key = lambda run: (keyed(value_of(run), descending), last_order(run))
        reference = expected(lambda run: True, [experiment], ViewType.ACTIVE_ONLY, key)
        compare(f"{name}{direction} by {page}", reference, lambda: searched([experiment], page, order_by=[f"{name}{direction}"]))
several = ["params.optimizer DESC", "metrics.loss ASC", "attributes.end_time DESC"]
key = lambda run: (
    keyed(run["params"].get("optimizer"), True),
    keyed(run["metrics"].get("loss"), False),
    keyed(run["end_time"], True),
    last_order(run),
)
compare("several orders", expected(lambda run: True, [experiment], ViewType.ACTIVE_ONLY, key), lambda: searched([experiment], 5, order_by=several))

for filter_string in (
    "metrics.loss > 0 OR metrics.loss < 1",
    "metrics.loss = '1'",
    "params.optimizer = adam",
    "params.optimizer > 'a'",
    "metrics.loss LIKE '%'",
    "wrong.key = 'x'",
    "attributes.nothing = 'x'",
    "metrics.loss >",
    "run_id IN ()",
    "metrics.loss IS NULL",
    "(metrics.loss > 0)",
):
    try:
        client.search_runs([experiment], filter_string)
        wrong.append([filter_string, "INVALID_PARAMETER_VALUE", "not refused"])
    except RestException as error:
        counts["refused"] += 1
        if error.error_code != "INVALID_PARAMETER_VALUE":
            wrong.append([filter_string, "INVALID_PARAMETER_VALUE", error.error_code])

print(json.dumps({"version": mlflow.__version__, "counts": counts, "wrong": wrong}))
