"""XGBoost: early stopping on the validation rows, then a fit on all rows with as many trees."""

import re
import warnings
from typing import Any, Dict, List

import numpy as np
import xgboost

from .job import SAMPLE, Job, Rows
from .refused import Refused

# XGBoost only warns of parameters that it does not know.
UNUSED = re.compile(r"Parameters: \{ (?P<names>[^}]*) \} are not used")


def fit(job: Job) -> Dict[str, Any]:
    rounds = job.take_count(["n_estimators", "num_boost_round"], 1000, 1)
    patience = job.take_count(["early_stopping_rounds"], 30, 0)
    params = {**defaults(job), **job.options, "validate_parameters": True, "verbosity": 1}
    try:
        return train(job, params, rounds, patience)
    except (xgboost.core.XGBoostError, ValueError, TypeError) as error:
        raise Refused(first_lines(error)) from error


def defaults(job: Job) -> Dict[str, Any]:
    # The sums of several threads depend on their number: one gives every machine the same model.
    values = {"seed": 0, "nthread": 1}
    aliases = {"seed": "random_state", "nthread": "n_jobs"}
    common = {name: value for name, value in values.items() if aliases[name] not in job.options}
    if job.kind == "class":
        return {**common, "objective": "multi:softprob", "num_class": job.classes}
    return {**common, "objective": "binary:logistic" if job.kind == "boolean" else "reg:squarederror"}


def train(job: Job, params: Dict[str, Any], rounds: int, patience: int) -> Dict[str, Any]:
    given, held_out = matrix(job, job.train), matrix(job, job.validation)
    history = {}
    stopped = boost(
        job,
        params,
        given,
        rounds,
        evals=[(given, "train"), (held_out, "validation")],
        evals_result=history,
        early_stopping_rounds=patience or None,
    )
    best = stopped.best_iteration + 1 if patience else stopped.num_boosted_rounds()
    early = predict(stopped, held_out, best)
    job.write("held-out.f4", early, "<f4")
    metric = list(history["validation"])[-1]
    if job.refits:
        model = boost(job, params, matrix(job, job.train.joined(job.validation)), best)
        job.write("sample.f4", predict(model, held_out, best)[:SAMPLE], "<f4")
    else:
        model = stopped[:best]
        job.write("sample.f4", early[:SAMPLE], "<f4")
    for name, text in job.attributes.items():
        model.set_attr(**{name: text})
    model.save_model(job.outputs / "model.json")
    curves = {name: values[metric] for name, values in history.items()}
    return {"rounds": best, "metric": metric, "curves": curves}


def matrix(job: Job, rows: Rows) -> xgboost.DMatrix:
    return xgboost.DMatrix(
        rows.features,
        label=rows.target,
        weight=rows.weight,
        feature_names=job.features,
        feature_types=["c" if column in job.categories else "q" for column in range(len(job.features))],
        enable_categorical=True,
    )


def boost(
    job: Job, params: Dict[str, Any], data: xgboost.DMatrix, rounds: int, **settings: Any
) -> xgboost.Booster:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        # XGBoost checks the names of parameters at the first round: a long fit must not end with them.
        xgboost.train(params, data, 1)
        refuse_unused(caught)
        model = xgboost.train(params, data, rounds, verbose_eval=False, callbacks=[Progress(job, rounds)], **settings)
    return model


def refuse_unused(caught: List[warnings.WarningMessage]) -> None:
    for warning in caught:
        found = UNUSED.search(str(warning.message))
        if found:
            raise Refused(found.group(0), found.group("names").replace('"', "").split(",")[0].strip())


def predict(model: xgboost.Booster, data: xgboost.DMatrix, rounds: int) -> np.ndarray:
    return model.predict(data, iteration_range=(0, rounds))


def first_lines(error: Exception) -> str:
    """The message of an error without the file and line of C++ and without its stack."""
    text = str(error).split("Stack trace:")[0]
    return re.sub(r"\[\d\d:\d\d:\d\d\] \S+:\d+: ", "", text).strip()


class Progress(xgboost.callback.TrainingCallback):
    def __init__(self, job: Job, rounds: int) -> None:
        super().__init__()
        self.job = job
        self.rounds = rounds

    def after_iteration(self, model: xgboost.Booster, epoch: int, evals_log: Dict[str, Any]) -> bool:
        if (epoch + 1) % 10 == 0:
            self.job.progress(epoch + 1, self.rounds)
        return False
