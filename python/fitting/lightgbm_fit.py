"""LightGBM: early stopping on the validation rows, then a fit on all rows with as many trees."""

import re
from typing import Any, Callable, Dict, List, Optional

import lightgbm
from lightgbm.basic import _ConfigAliases

from .job import SAMPLE, Job, Rows
from .refused import Refused

# LightGBM only warns of parameters that it does not know.
UNKNOWN = re.compile(r"Unknown parameter: (?P<name>\S+)")


def fit(job: Job) -> Dict[str, Any]:
    rounds = job.take_count(names("num_iterations"), 1000, 1)
    patience = job.take_count(names("early_stopping_round"), 30, 0)
    params = {**defaults(job), **job.options, "verbosity": 1}
    for name in names("verbosity")[1:]:
        params.pop(name, None)
    log = Log()
    lightgbm.register_logger(log)
    try:
        return train(job, params, rounds, patience, log)
    except (lightgbm.basic.LightGBMError, ValueError, TypeError) as error:
        raise Refused(error) from error


def names(option: str) -> List[str]:
    """The names that LightGBM takes for an option, its own first."""
    return [option, *sorted(set(_ConfigAliases.get(option)) - {option})]


def defaults(job: Job) -> Dict[str, Any]:
    # The sums of several threads depend on their number: one gives every machine the same model.
    common = {"seed": 0, "num_threads": 1, "deterministic": True, "force_row_wise": True}
    for option in ("seed", "num_threads", "deterministic"):
        if any(name in job.options for name in names(option)):
            common.pop(option)
    objective = {"number": "regression", "boolean": "binary", "class": "multiclass"}[job.kind]
    if not any(name in job.options for name in names("objective")):
        common["objective"] = objective
    if job.kind == "class":
        common["num_class"] = job.classes
    return common


def train(job: Job, params: Dict[str, Any], rounds: int, patience: int, log: "Log") -> Dict[str, Any]:
    given = dataset(job, params, job.train)
    held_out = dataset(job, params, job.validation, reference=given)
    refuse_unknown(params, given, log)
    history = {}
    callbacks = [lightgbm.record_evaluation(history), progress(job, rounds)]
    if patience:
        callbacks.append(lightgbm.early_stopping(patience, verbose=False))
    stopped = lightgbm.train(
        params,
        given,
        rounds,
        valid_sets=[given, held_out],
        valid_names=["train", "validation"],
        callbacks=callbacks,
    )
    best = stopped.best_iteration if patience and stopped.best_iteration > 0 else stopped.current_iteration()
    early = stopped.predict(job.validation.features, num_iteration=best)
    job.write("held-out.f8", early, "<f8")
    model = stopped
    if job.refits:
        everything = dataset(job, params, job.train.joined(job.validation))
        model = lightgbm.train(params, everything, best, callbacks=[progress(job, best)])
    sample = job.validation.features[:SAMPLE]
    job.write("sample.f8", model.predict(sample, num_iteration=best, raw_score=True), "<f8")
    model.save_model(job.outputs / "model.txt", num_iteration=best)
    metric = list(history["validation"])[-1] if history else ""
    curves = {name: list(values[metric]) for name, values in history.items()}
    return {"rounds": best, "metric": metric, "curves": curves}


def dataset(
    job: Job, params: Dict[str, Any], rows: Rows, reference: Optional[lightgbm.Dataset] = None
) -> lightgbm.Dataset:
    return lightgbm.Dataset(
        rows.features,
        label=rows.target,
        weight=rows.weight,
        reference=reference,
        feature_name=job.features,
        categorical_feature=job.categories,
        params=params,
        free_raw_data=False,
    )


def refuse_unknown(params: Dict[str, Any], given: lightgbm.Dataset, log: "Log") -> None:
    """Names are checked at the first round: a long fit must not end with them."""
    lightgbm.train(params, given, 1)
    for line in log.warnings:
        found = UNKNOWN.search(line)
        if found:
            raise Refused(found.group(0), found.group("name"))


def progress(job: Job, rounds: int) -> Callable[[lightgbm.callback.CallbackEnv], None]:
    def report(env: lightgbm.callback.CallbackEnv) -> None:
        if (env.iteration + 1) % 10 == 0:
            job.progress(env.iteration + 1, rounds)

    return report


class Log:
    """Keeps warnings; what LightGBM says beside them is left out."""

    def __init__(self) -> None:
        self.warnings: List[str] = []

    def info(self, line: str) -> None:
        if "[Warning]" in line:
            self.warnings.append(line)

    def warning(self, line: str) -> None:
        self.warnings.append(line)
