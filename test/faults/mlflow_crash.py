"""Logs batches from four threads to a server that is killed repeatedly.

It writes `acknowledged` for every batch that the server accepted and `down` when all threads have stopped, and continues
when it reads a line. Then it checks what the server has stored.
"""

import json
import sys
import threading

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
from mlflow.exceptions import MlflowException

asked = json.loads(sys.stdin.readline())
size = asked["points"]
client = MlflowClient()
experiment = client.create_experiment("crash")
write = threading.Lock()


def say(word):
    with write:
        print(word, flush=True)


def batch_of(number):
    return {
        "metrics": [Metric("loss", number + at / size, number * size + at, number * size + at) for at in range(size)],
        "params": [Param(f"p{number}", str(number))],
        "tags": [RunTag(f"t{number}", str(number))],
    }


def log_until_refused(run_id, acknowledged):
    try:
        while True:
            number = len(acknowledged)
            client.log_batch(run_id, **batch_of(number))
            acknowledged.append(number)
            say("acknowledged")
    except MlflowException:
        pass


def kept(run_id):
    """What is there of each batch: how many of its points, its param, its tag."""
    run = client.get_run(run_id)
    found = {}
    for point in client.get_metric_history(run_id, "loss"):
        number, at = divmod(point.step, size)
        right = point.value == number + at / size and point.timestamp == point.step
        found.setdefault(number, [0, 0, 0])[0] += 1 if right else 10**6
    for place, (values, letter) in enumerate([(run.data.params, "p"), (run.data.tags, "t")], 1):
        for key in values:
            if key.startswith(letter) and key[1:].isdigit():
                found.setdefault(int(key[1:]), [0, 0, 0])[place] = 1
    return found


rounds = []
for _round in range(asked["rounds"]):
    runs = {client.create_run(experiment).info.run_id: [] for _thread in range(4)}
    threads = [threading.Thread(target=log_until_refused, args=item) for item in runs.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    say("down")
    sys.stdin.readline()
    whole = [size, 1, 1]
    facts = {"acknowledged": 0, "lost": 0, "in part": 0, "kept unacknowledged": 0}
    for run_id, acknowledged in runs.items():
        found = kept(run_id)
        facts["acknowledged"] += len(acknowledged)
        facts["lost"] += sum(number not in found for number in acknowledged)
        facts["in part"] += sum(parts != whole for parts in found.values())
        facts["kept unacknowledged"] += len(found.keys() - set(acknowledged))
    rounds.append(facts)
print(json.dumps(rounds))
