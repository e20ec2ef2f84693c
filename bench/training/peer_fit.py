"""Fits the trees of XGBoost or LightGBM on the rows of rows.ts or tasks.ts, and prints the result that side.ts describes."""

import json
import resource
import sys
import time
from pathlib import Path

import numpy

library, task = sys.argv[1], json.loads(sys.argv[2])
folder, train = Path(task["folder"]), task["train"]
rows = train + task["heldOut"]
is_number = task["kind"] == "number"
values = numpy.fromfile(folder / "columns.f32", dtype=numpy.float32).reshape(task["features"], rows)
target = numpy.fromfile(folder / "target.f32", dtype=numpy.float32)
features = numpy.ascontiguousarray(values[:, :train].T)
fresh = numpy.ascontiguousarray(values[:, train:].T)
threads = task["threads"]

started, cpu = time.perf_counter(), time.process_time()
if library == "xgboost":
    import xgboost

    started, cpu = time.perf_counter(), time.process_time()
    options = {
        "tree_method": "hist",
        "objective": "reg:squarederror" if is_number else "binary:logistic",
        "max_depth": task["depth"],
        "learning_rate": task["learningRate"],
        "min_child_weight": 1,
        "reg_lambda": 1,
        "max_bin": 256,
        "nthread": threads,
        "seed": 0,
    }
    kinds = ["c" if at in task["categories"] else "q" for at in range(task["features"])]
    data = xgboost.QuantileDMatrix(
        features, label=target[:train], nthread=threads, max_bin=256, feature_types=kinds, enable_categorical=True
    )
    model = xgboost.train(options, data, num_boost_round=task["trees"])
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
    trees = model.num_boosted_rounds()
    model.set_param({"nthread": 1})
    predict = model.inplace_predict
else:
    import lightgbm

    started, cpu = time.perf_counter(), time.process_time()
    options = {
        "objective": "regression" if is_number else "binary",
        "max_depth": task["depth"],
        "num_leaves": 2 ** task["depth"],
        "learning_rate": task["learningRate"],
        "min_data_in_leaf": 1,
        "min_sum_hessian_in_leaf": 1,
        "lambda_l2": 1,
        "max_bin": 255,
        "num_threads": threads,
        "verbose": -1,
        "seed": 0,
    }
    data = lightgbm.Dataset(features, target[:train], categorical_feature=task["categories"])
    model = lightgbm.train(options, data, task["trees"])
    seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu
    trees = model.num_trees()
    predict = lambda rows: model.predict(rows, num_threads=1)

predicted, truth = predict(fresh).astype(numpy.float64), target[train:]
if is_number:
    error = float(numpy.sqrt(numpy.mean((predicted - truth) ** 2)))
else:
    yes = numpy.clip(predicted, 1e-7, 1 - 1e-7)
    error = float(-numpy.mean(numpy.where(truth == 1, numpy.log(yes), numpy.log(1 - yes))))


def median_time(given):
    """In milliseconds."""
    times = []
    for _ in range(task["scorings"]):
        start = time.perf_counter()
        predict(given)
        times.append(time.perf_counter() - start)
    return float(numpy.median(times)) * 1000


result = {
    "seconds": seconds,
    "cpuSeconds": cpu_seconds,
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "trees": trees,
    "error": error,
}
if task["scorings"] > 0:
    result["scoring"] = {"rows": median_time(fresh[:1000]), "row": median_time(fresh[:1]) * 1000}
print(json.dumps(result))
