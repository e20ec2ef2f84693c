"""Uploads artifacts of every kind, lists, downloads and deletes them."""

import hashlib
import json
import os
import pathlib
import sys
import time

import mlflow
from mlflow import MlflowClient
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

megabyte = 1 << 20
large = json.loads(sys.stdin.readline())["megabytes"]
client = MlflowClient()
run = client.create_run(client.create_experiment("files"))
run_id = run.info.run_id


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tree(folder):
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(pathlib.Path(folder).rglob("*"))
        if file.is_file()
    }


def listed(path=None):
    return [(entry.path, entry.is_dir, entry.file_size) for entry in client.list_artifacts(run_id, path)]


def refused(call):
    try:
        call()
    except Exception as error:
        return getattr(error, "error_code", None) or error.response.status_code
    return "not refused"


# No two megabytes are equal, so that the check notices swapped ones.
block = bytearray(os.urandom(megabyte))
with open("large.bin", "wb") as file:
    for at in range(large):
        block[:8] = at.to_bytes(8, "big")
        file.write(block)
sent = digest("large.bin")
started = time.monotonic()
client.log_artifact(run_id, "large.bin", "weights")
uploaded = time.monotonic()
os.remove("large.bin")
fetched = client.download_artifacts(run_id, "weights/large.bin", os.getcwd())
downloaded = time.monotonic()
large_facts = [os.path.getsize(fetched), digest(fetched) == sent, listed("weights")]
os.remove(fetched)

folder = pathlib.Path("folder")
for name, content in {
    "plain.txt": b"plain",
    "empty": b"",
    "deep/er/bytes.bin": bytes(range(256)) * 40,
    "100% space & (marks) + more.txt": b"marks",
    "späť/über 🎉.txt": "späť".encode(),
    "MLmodel": b"flavors: {}",
    "a.tar.gz": b"\x1f\x8b not really",
}.items():
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
client.log_artifacts(run_id, str(folder), "all")
all_of_it = tree(client.download_artifacts(run_id, "all"))
one = pathlib.Path(mlflow.artifacts.download_artifacts(f"runs:/{run_id}/all/späť/über 🎉.txt")).read_text(encoding="utf-8")
names = {"top": listed(), "all": listed("all"), "of a file": listed("all/plain.txt"), "of nothing": listed("none")}
(folder / "plain.txt").write_text("plainer")
client.log_artifact(run_id, str(folder / "plain.txt"), "all")
replaced = mlflow.artifacts.load_text(f"runs:/{run_id}/all/plain.txt")

repository = get_artifact_repository(run.info.artifact_uri)
repository.delete_artifacts("all/plain.txt")
repository.delete_artifacts("all/deep")
repository.delete_artifacts("weights")
print(
    json.dumps(
        {
            "large": large_facts,
            "seconds": {"upload": uploaded - started, "download": downloaded - uploaded},
            "folder": [sorted(all_of_it), all_of_it == {**tree(folder), "plain.txt": hashlib.sha256(b"plain").hexdigest()}],
            "one": one,
            "names": names,
            "replaced": replaced,
            "after deletion": [listed(), [path for path, *_rest in listed("all")]],
            "refused": [
                refused(lambda: client.download_artifacts(run_id, "all/plain.txt")),
                refused(lambda: client.list_artifacts(run_id, "../..")),
            ],
        }
    )
)
