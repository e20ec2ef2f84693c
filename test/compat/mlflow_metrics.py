"""Logs a hundred thousand points of a metric in batches that arrive out of order, and reads the history back."""

import json
import math
import random
import time

from mlflow import MlflowClient
from mlflow.entities import Metric

points, size = 100_000, 1000
client = MlflowClient()
run_id = client.create_run(client.create_experiment("long")).info.run_id
draw = random.Random(1)
history = [Metric("loss", draw.gauss(0, 1) * 10 ** draw.randint(-300, 300), 1000 + step, step) for step in range(points)]
history[5] = Metric("loss", math.nan, 1005, 5)
batches = [history[at : at + size] for at in range(0, points, size)]
draw.shuffle(batches)
started = time.monotonic()
for batch in batches:
    client.log_batch(run_id, metrics=batch)
logged = time.monotonic()
# A client without a response sends a batch again.
client.log_batch(run_id, metrics=batches[7])
client.log_batch(run_id, metrics=[Metric("other", 1.5, 1, 1)])
read = time.monotonic()
found = client.get_metric_history(run_id, "loss")
ended = time.monotonic()


def facts(metrics):
    return [(one.step, one.timestamp, repr(one.value)) for one in metrics]


wrong = [pair for pair in zip(facts(history), facts(found)) if pair[0] != pair[1]]
data = client.get_run(run_id).data
print(
    json.dumps(
        {
            "points": len(found),
            "wrong": wrong[:5],
            "latest": [data.metrics["loss"] == history[-1].value, data.metrics["other"]],
            "seconds": {"log": logged - started, "read": ended - read},
        }
    )
)
