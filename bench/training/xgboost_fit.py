"""Fits XGBoost's trees on the rows of bench/training/rows.ts with one thread, and prints the result that side.ts describes."""

import json
import sys
import time
from pathlib import Path

import numpy
import xgboost

task = json.loads(sys.argv[1])
folder, train = Path(task["folder"]), task["train"]
rows = train + task["heldOut"]
values = numpy.fromfile(folder / "columns.f32", dtype=numpy.float32).reshape(task["features"], rows)
target = numpy.fromfile(folder / "target.f32", dtype=numpy.float32)
features = numpy.ascontiguousarray(values[:, :train].T)
options = {
    "tree_method": "hist",
    "objective": "reg:squarederror",
    "max_depth": task["depth"],
    "learning_rate": task["learningRate"],
    "min_child_weight": 1,
    "reg_lambda": 1,
    "max_bin": 256,
    "nthread": 1,
    "seed": 0,
}

started, cpu = time.perf_counter(), time.process_time()
data = xgboost.QuantileDMatrix(features, label=target[:train], nthread=1, max_bin=256)
model = xgboost.train(options, data, num_boost_round=task["trees"])
seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu

held_out = xgboost.DMatrix(numpy.ascontiguousarray(values[:, train:].T), nthread=1)
errors = model.predict(held_out).astype(numpy.float64) - target[train:]
print(
    json.dumps(
        {
            "seconds": seconds,
            "cpuSeconds": cpu_seconds,
            "trees": model.num_boosted_rounds(),
            "rmse": float(numpy.sqrt(numpy.mean(errors**2))),
        }
    )
)
