"""The job of a fit: its options, its rows, and where its results go."""

import json
from pathlib import Path
from typing import Any, Dict, List, Optional

import numpy as np

from .refused import Refused

# Rows whose predictions are compared with those of the model as Modelyard opens it.
SAMPLE = 4096

# Codes of categories from here on do not fit a float32.
CODES = 2**24


class Rows:
    """Features as columns in float32, a target in float64 and perhaps weights."""

    def __init__(self, features: np.ndarray, target: np.ndarray, weight: Optional[np.ndarray]) -> None:
        self.features = features
        self.target = target
        self.weight = weight

    def weights(self) -> np.ndarray:
        return np.ones(len(self.target)) if self.weight is None else self.weight

    def joined(self, other: "Rows") -> "Rows":
        is_weighted = self.weight is not None or other.weight is not None
        weight = np.concatenate([self.weights(), other.weights()]) if is_weighted else None
        features = np.asfortranarray(np.concatenate([self.features, other.features]))
        return Rows(features, np.concatenate([self.target, other.target]), weight)


class Job:
    """What `job.json` says. Options that `take` returns are not passed to the library."""

    def __init__(self, given: Dict[str, Any], inputs: Path, outputs: Path) -> None:
        self.library: str = given["library"]
        self.title: str = given["title"]
        self.packages: List[str] = given["packages"]
        self.target: Dict[str, Any] = given["target"]
        self.features: List[str] = given["features"]
        self.categories: List[int] = given["categories"]
        self.attributes: Dict[str, str] = given["attributes"]
        self.refits: bool = given["refits"]
        self.given: Dict[str, Any] = given["options"]
        self.options = dict(self.given)
        self.outputs = outputs
        self.train = self._rows(inputs, "train", given["rows"]["train"])
        self.validation = self._rows(inputs, "validation", given["rows"]["validation"])
        self._check_categories()

    @property
    def kind(self) -> str:
        return self.target["kind"]

    @property
    def classes(self) -> int:
        return len(self.target["classes"])

    def take(self, names: List[str], default: Any) -> Any:
        """The value of an option that may have one of several names."""
        given = [name for name in names if name in self.options]
        if len(given) > 1:
            raise Refused(f"{' and '.join(given)} mean the same: give one of them", given[1])
        return self.options.pop(given[0]) if given else default

    def take_count(self, names: List[str], default: int, least: int) -> int:
        given = next((name for name in names if name in self.options), names[0])
        value = self.take(names, default)
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        raise Refused(f"{given} must be a whole number of at least {least}", given)

    def write(self, name: str, predictions: np.ndarray, kind: str) -> None:
        """Writes predictions row by row. @param kind '<f4' or '<f8'"""
        np.ascontiguousarray(predictions, dtype=kind).tofile(self.outputs / name)

    def progress(self, done: int, total: int) -> None:
        print(json.dumps({"progress": [done, total]}), flush=True)

    def _rows(self, inputs: Path, name: str, given: Dict[str, Any]) -> Rows:
        shape = (len(self.features), given["rows"])
        features = np.fromfile(inputs / f"{name}.features", dtype="<f4").reshape(shape).T
        target = np.fromfile(inputs / f"{name}.target", dtype="<f8")
        weight = np.fromfile(inputs / f"{name}.weight", dtype="<f8") if given["weighted"] else None
        return Rows(features, target, weight)

    def _check_categories(self) -> None:
        for column in self.categories:
            for rows in (self.train, self.validation):
                values = rows.features[:, column]
                codes = (values >= 0) & (values < CODES) & (values == np.floor(values))
                odd = values[~(np.isnan(values) | codes)]
                if odd.size:
                    name = self.features[column]
                    message = f"the feature {name} has the value {odd[0]}: categories are whole numbers from 0"
                    raise Refused(message, "categories")
