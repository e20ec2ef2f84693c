"""Fits a model of XGBoost, LightGBM or scikit-learn.

Reads `job.json` and the rows that it describes; writes `result.json`, the model and its predictions.
"""

import json
import sys
import warnings
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from fitting.job import Job
from fitting.refused import Refused
from refusal import Refusal


def main(inputs: Path, outputs: Path) -> None:
    warnings.simplefilter("always")
    job = Job(json.loads((inputs / "job.json").read_text(encoding="utf-8")), inputs, outputs)
    try:
        result = import_module(f"fitting.{job.library}_fit").fit(job)
    except Refused as refused:
        raise refusal_of(refused, job) from None
    packages = {name: version(name) for name in job.packages}
    python = ".".join(str(part) for part in sys.version_info[:3])
    written = json.dumps({**result, "packages": {"python": python, **packages}}, allow_nan=False)
    (outputs / "result.json").write_text(written, encoding="utf-8")


def refusal_of(refused: Refused, job: Job) -> Refusal:
    if refused.option is None:
        return Refusal("PROJECT_INVALID", f"options of {job.title}", job.given, str(refused))
    value = job.given.get(refused.option)
    return Refusal("PROJECT_INVALID", f"option {refused.option} of {job.title}", value, str(refused))
