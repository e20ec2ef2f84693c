"""Fits a model of XGBoost, LightGBM or scikit-learn.

Reads `job.json` and the rows that it describes; writes `result.json`, the model and its predictions.
"""

import json
import math
import sys
import warnings
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, Dict, Optional

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
    # Another patch release fits the same model.
    python = ".".join(str(part) for part in sys.version_info[:2])
    diverged = divergence_of(result)
    if diverged:
        result = {"diverged": diverged}
    written = json.dumps({**result, "packages": {"python": python, **packages}}, allow_nan=False)
    (outputs / "result.json").write_text(written, encoding="utf-8")


def divergence_of(result: Dict[str, Any]) -> Optional[str]:
    """The first loss that is no finite number."""
    for name, curve in result.get("curves", {}).items():
        for index, value in enumerate(curve):
            if not math.isfinite(value):
                return f"{result.get('metric', 'loss')} of the {name} rows is {value} after round {index + 1}"
    return None


def refusal_of(refused: Refused, job: Job) -> Refusal:
    if refused.option is None:
        return Refusal("PROJECT_INVALID", f"options of {job.title}", job.given, str(refused))
    value = job.given.get(refused.option)
    return Refusal("PROJECT_INVALID", f"option {refused.option} of {job.title}", value, str(refused))
