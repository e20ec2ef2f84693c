"""scikit-learn: an estimator by its path. Missing values and categories are prepared for those that cannot take them."""

import inspect
import pickle
import re
from importlib import import_module
from typing import Any, Dict, Optional

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, is_classifier, is_regressor
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.utils import get_tags

from .job import SAMPLE, Job, Rows
from .refused import Refused

# How scikit-learn names an option that it refuses.
NAMED = re.compile(r"unexpected keyword argument '(?P<unknown>\w+)'|^The '(?P<wrong>\w+)' parameter of")


def fit(job: Job) -> Dict[str, Any]:
    try:
        estimator = estimator_of(job, job.take(["estimator"], ""))
        return train(job, estimator)
    except (ValueError, TypeError) as error:
        found = NAMED.search(str(error))
        option = found and (found["unknown"] or found["wrong"])
        raise Refused(error, option if option in job.given else None) from error


def estimator_of(job: Job, path: str) -> BaseEstimator:
    module, _, name = f"sklearn.{path}".rpartition(".")
    try:
        kind = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise Refused(f"scikit-learn has no {path}: {error}", "estimator") from error
    given = named_columns(job)
    if "random_state" in inspect.signature(kind).parameters:
        given = {"random_state": 0, **given}
    estimator = kind(**given)
    if job.kind == "number" and not is_regressor(estimator):
        raise Refused(f"{name} is not a regressor: the target is a number", "estimator")
    if job.kind != "number" and not is_classifier(estimator):
        raise Refused(f"{name} is not a classifier: the target is not a number", "estimator")
    if job.kind != "number" and not hasattr(estimator, "predict_proba"):
        raise Refused(f"{name} gives no probabilities: choose an estimator with predict_proba", "estimator")
    return estimator


def named_columns(job: Job) -> Dict[str, Any]:
    """`categorical_features` by their names, which scikit-learn only knows of data frames."""
    given = dict(job.options)
    named = given.get("categorical_features")
    if isinstance(named, list) and all(isinstance(each, str) for each in named):
        unknown = [each for each in named if each not in job.features]
        if unknown:
            raise Refused(f"there is no feature {unknown[0]}", "categorical_features")
        given["categorical_features"] = [job.features.index(each) for each in named]
    return given


def train(job: Job, estimator: BaseEstimator) -> Dict[str, Any]:
    early = prepared(job, stopping(estimator))
    learn(job, early, job.train, job.validation)
    job.write("held-out.f8", predict(job, early, frame(job, job.validation)), "<f8")
    model = early
    if job.refits:
        everything = job.train.joined(job.validation)
        model = learn(job, prepared(job, with_fitted_rounds(estimator, final_of(early))), everything, None)
    job.write("sample.f8", predict(job, model, frame(job, job.validation)[:SAMPLE]), "<f8")
    with open(job.outputs / "model.pkl", "wb") as file:
        pickle.dump(model, file, protocol=5)
    rounds = rounds_of(final_of(model))
    return {"method": "predict" if job.kind == "number" else "predict_proba", **({"rounds": rounds} if rounds else {})}


def prepared(job: Job, estimator: BaseEstimator) -> BaseEstimator:
    """The estimator behind what prepares its features, if it needs that."""
    steps = []
    takes_missing = get_tags(estimator).input_tags.allow_nan
    if job.categories and "categorical_features" in estimator.get_params():
        estimator = estimator.set_params(categorical_features=job.categories)
    elif job.categories:
        encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
        steps.append(make_column_transformer((encoder, job.categories), remainder="passthrough"))
    if not takes_missing:
        steps.append(SimpleImputer(strategy="median", keep_empty_features=True))
    return make_pipeline(*steps, estimator) if steps else estimator


def final_of(model: BaseEstimator) -> BaseEstimator:
    return model.steps[-1][1] if hasattr(model, "steps") else model


def takes_validation(estimator: BaseEstimator) -> bool:
    return "X_val" in inspect.signature(estimator.fit).parameters


def stopping(estimator: BaseEstimator) -> BaseEstimator:
    """An estimator that stops by given rows, unless its options say no."""
    copy = fresh(estimator)
    if takes_validation(copy) and copy.get_params().get("early_stopping") == "auto":
        copy.set_params(early_stopping=True)
    return copy


def with_fitted_rounds(estimator: BaseEstimator, early: BaseEstimator) -> BaseEstimator:
    """The estimator with as many rounds as early stopping found."""
    copy = fresh(estimator)
    if takes_validation(copy) and early.get_params().get("early_stopping") is True:
        copy.set_params(max_iter=early.n_iter_, early_stopping=False)
    return copy


def fresh(estimator: BaseEstimator) -> BaseEstimator:
    return type(estimator)(**estimator.get_params(deep=False))


def learn(job: Job, model: BaseEstimator, rows: Rows, validation: Optional[Rows]) -> BaseEstimator:
    last = final_of(model)
    step = f"{model.steps[-1][0]}__" if hasattr(model, "steps") else ""
    given: Dict[str, Any] = {}
    if rows.weight is not None:
        given[f"{step}sample_weight"] = rows.weight
    if validation is not None and takes_validation(last) and last.get_params().get("early_stopping") is True:
        given[f"{step}X_val"] = frame(job, validation)
        given[f"{step}y_val"] = labels(job, validation)
    return model.fit(frame(job, rows), labels(job, rows), **given)


def frame(job: Job, rows: Rows) -> pd.DataFrame:
    """Features in float64 with their names, as MLflow passes them to the model."""
    return pd.DataFrame(rows.features.astype("float64"), columns=job.features)


def labels(job: Job, rows: Rows) -> np.ndarray:
    """Numbers, 0 and 1, or the names of classes."""
    if job.kind == "number":
        return rows.target
    codes = rows.target.astype("int64")
    return codes if job.kind == "boolean" else np.array(job.target["classes"])[codes]


def predict(job: Job, model: BaseEstimator, features: pd.DataFrame) -> np.ndarray:
    """Numbers, probabilities of yes, or a probability for each class; one that was not learned has none."""
    if job.kind == "number":
        return model.predict(features)
    given = model.predict_proba(features)
    names = [0, 1] if job.kind == "boolean" else job.target["classes"]
    shares = np.zeros((len(given), len(names)))
    shares[:, [names.index(name) for name in final_of(model).classes_.tolist()]] = given
    return shares[:, 1] if job.kind == "boolean" else shares


def rounds_of(estimator: BaseEstimator) -> Optional[int]:
    rounds = getattr(estimator, "n_iter_", None)
    return int(rounds) if isinstance(rounds, (int, np.integer)) else None
