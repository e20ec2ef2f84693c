"""Uploads and downloads a file in parts, with names that URLs must encode, and prints the results."""

import hashlib
import json
import os
import pathlib
import warnings

import mlflow
import urllib3

warnings.simplefilter("ignore")
megabyte = 1 << 20
asked = []
answer = urllib3.connectionpool.HTTPConnectionPool.urlopen


def listening(pool, method, url, *rest, **named):
    asked.append((method, f"{pool.host}:{pool.port}{url}"))
    return answer(pool, method, url, *rest, **named)


urllib3.connectionpool.HTTPConnectionPool.urlopen = listening

file = pathlib.Path("large späť + (1).bin")
file.write_bytes(os.urandom(13 * megabyte))
with mlflow.start_run() as run:
    mlflow.log_artifact(str(file), "weights")
fetched = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path=f"weights/{file.name}", dst_path="fetched")


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def times(method, *parts):
    return sum(1 for each, url in asked if each == method and all(part in url for part in parts))


server = os.environ["MLFLOW_TRACKING_URI"].removeprefix("http://")
print(
    json.dumps(
        {
            "same": digest(file) == digest(fetched),
            "begun": times("POST", server, "/mpu/create/"),
            "completed": times("POST", server, "/mpu/complete/"),
            "parts through the server": times("PUT", server, "/mpu/part/"),
            "parts past it": times("PUT", "X-Amz-Signature="),
            "pieces past it": times("GET", "X-Amz-Signature="),
            "files through the server": times("PUT", server, "/artifacts/0/"),
        }
    )
)
