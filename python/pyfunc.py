"""An MLflow model as Modelyard uses it: numbers by feature in, numbers or probabilities out."""

from typing import Any, Dict, List, Optional, Tuple

import mlflow.pyfunc
import numpy as np
import pandas as pd

from refusal import Refusal

INTEGERS = {"integer": "int32", "long": "int64"}
FLOATS = {"float": "float32", "double": "float64"}


def open_model(folder: str) -> "Model":
    return Model(mlflow.pyfunc.load_model(folder))


class Model:
    def __init__(self, loaded: Any) -> None:
        self.loaded = loaded
        self.raw = raw_of(loaded)
        self.flavor = flavor_of(loaded.metadata.flavors)
        self.gives_probability = gives_probability(self.flavor, self.raw)
        self.types = input_types(loaded.metadata)
        self.features = list(self.types) if self.types else features_of(self.raw)

    def predict(self, header: Dict[str, Any], body: bytes) -> Tuple[Dict[str, Any], bytes]:
        values = np.frombuffer(body, dtype="<f4").reshape(len(header["features"]), header["rows"])
        frame = pd.DataFrame({name: self.column(name, values[at]) for at, name in enumerate(header["features"])})
        kind, output = (self.classes if header["as"] == "classes" else self.values)(frame)
        if kind == "labels":
            return {"kind": kind, "names": []}, b""
        if len(output) != header["rows"]:
            raise Refusal("MODEL_UNSUPPORTED", "predictions", len(output), f"The model must return {header['rows']}, one for each row.")
        columns = [np.asarray(output[name], dtype="<f8") for name in output.columns]
        names = [class_name(name) for name in output.columns]
        return {"kind": kind, "names": names}, b"".join(column.tobytes() for column in columns)

    def column(self, name: str, values: np.ndarray) -> np.ndarray:
        """In the type of the signature, which MLflow enforces."""
        kind = self.types.get(name, "double")
        if kind in FLOATS:
            return values.astype(FLOATS[kind])
        if kind in INTEGERS or kind == "boolean":
            if np.isnan(values).any() or (values != np.round(values)).any():
                raise Refusal(
                    "MODEL_UNSUPPORTED",
                    f"input {name}",
                    kind,
                    "The signature takes whole numbers and the feature has others: log the model with an input example of floats.",
                )
            return values.astype("bool" if kind == "boolean" else INTEGERS[kind])
        raise Refusal("MODEL_UNSUPPORTED", f"input {name}", kind, "Features are numbers: log a model that takes numbers.")

    def values(self, frame: pd.DataFrame) -> Tuple[str, pd.DataFrame]:
        output = as_frame(self.loaded.predict(frame))
        if output.shape[1] != 1:
            names = ", ".join(map(str, output.columns))
            raise Refusal("MODEL_UNSUPPORTED", "output columns", names, "A model of a number must return one column.")
        return "values", output

    def classes(self, frame: pd.DataFrame) -> Tuple[str, pd.DataFrame]:
        """`predict_proba` where the model has it, else columns named for classes, else what is a probability for certain."""
        classes = getattr(self.raw, "classes_", None)
        if hasattr(self.raw, "predict_proba") and classes is not None:
            named = frame[list(self.features)]
            given = named if hasattr(self.raw, "feature_names_in_") else named.to_numpy()
            if isinstance(classes, list):
                raise Refusal("MODEL_UNSUPPORTED", "outputs", len(classes), "The model must predict one target.")
            return "probabilities", pd.DataFrame(self.raw.predict_proba(given), columns=list(classes))
        output = self.loaded.predict(frame)
        if isinstance(output, pd.DataFrame) and output.shape[1] > 1:
            return "probabilities", output
        if self.gives_probability:
            values = np.asarray(output, dtype="float64")
            if values.ndim == 1 or values.shape[1] == 1:
                return "yes", as_frame(values)
            return "probabilities", pd.DataFrame(values)
        return "labels", pd.DataFrame()


def as_frame(output: Any) -> pd.DataFrame:
    if isinstance(output, pd.DataFrame):
        return output
    if isinstance(output, pd.Series):
        return output.to_frame()
    values = np.asarray(output, dtype="float64")
    return pd.DataFrame(values.reshape(len(values), -1))


def raw_of(loaded: Any) -> Any:
    """The library's own model; the pyfunc wrapper of a Python function has none that helps."""
    try:
        return loaded.get_raw_model()
    except Exception:
        return None


def flavor_of(flavors: Dict[str, Any]) -> str:
    return next((name for name in flavors if name != "python_function"), "python_function")


def input_types(metadata: Any) -> Dict[str, str]:
    """Types by the names of the signature; empty without one, or for one of tensors without names."""
    schema = metadata.get_input_schema()
    if schema is None or not schema.has_input_names():
        return {}
    if schema.is_tensor_spec():
        return {}
    return {spec.name: getattr(spec.type, "name", "object") for spec in schema.inputs}


def features_of(raw: Any) -> List[str]:
    for read in (
        lambda: raw.feature_names_in_,
        lambda: raw.feature_names,
        lambda: raw.feature_name(),
        lambda: [name for name in raw.model.exog_names],
    ):
        try:
            names: Optional[List[str]] = list(read())
        except Exception:
            continue
        if names:
            return [str(name) for name in names]
    raise Refusal(
        "MODEL_UNSUPPORTED",
        "input names",
        None,
        "The model does not name its inputs: log it with input_example=X.head(), where X is a DataFrame.",
    )


def gives_probability(flavor: str, raw: Any) -> bool:
    """Whether the predictions of a model without `predict_proba` are probabilities."""
    try:
        if flavor == "xgboost":
            import json

            objective = json.loads(raw.save_config())["learner"]["objective"]["name"]
            return objective in ("binary:logistic", "multi:softprob")
        if flavor == "lightgbm":
            return str(raw.params.get("objective", raw.dump_model().get("objective", ""))).split()[0] in (
                "binary",
                "multiclass",
                "cross_entropy",
            )
        if flavor == "statsmodels":
            return type(raw.model).__name__ in ("Logit", "Probit", "MNLogit") or "Binomial" in type(
                getattr(raw.model, "family", None)
            ).__name__
    except Exception:
        return False
    return False


def class_name(label: Any) -> str:
    if isinstance(label, (bool, np.bool_)):
        return "true" if label else "false"
    if isinstance(label, (float, np.floating)) and float(label).is_integer():
        return str(int(label))
    return str(label)
