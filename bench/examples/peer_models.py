"""Fits XGBoost and scikit-learn's boosting to the rows that our model learned from, and scores them on those it was tested on.

Prints a line of JSON: for each peer, metrics over the test rows of all periods together.
"""

import json
import sys

import numpy
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import roc_auc_score
import xgboost

TRAIN, VALIDATION, TEST = 0, 1, 2

task = json.loads(sys.argv[1])
columns = numpy.fromfile(task["file"]).reshape(-1, task["rows"])
count = len(task["features"])
features, truth, ratio, offset = columns[:count].T.astype(numpy.float32), columns[count], columns[count + 1], columns[count + 2]
subsets = columns[count + 3 :].astype(int)
is_number = task["kind"] == "number"
learned = (truth - offset) / ratio


def xgboost_predictions(train, validation, test):
    """Stops early on the validation rows, and fits as many trees to all rows."""
    common = {"learning_rate": 0.05, "max_depth": 5 if is_number else 3, "tree_method": "hist", "n_jobs": 1}
    kind = xgboost.XGBRegressor if is_number else xgboost.XGBClassifier
    stopped = kind(n_estimators=1000, early_stopping_rounds=30, **common)
    stopped.fit(
        features[train], learned[train], eval_set=[(features[validation], learned[validation])], verbose=False
    )
    model = kind(n_estimators=stopped.best_iteration + 1, **common)
    model.fit(features[train | validation], learned[train | validation])
    return model.predict(features[test]) if is_number else model.predict_proba(features[test])[:, 1]


def sklearn_predictions(train, validation, test):
    kind = HistGradientBoostingRegressor if is_number else HistGradientBoostingClassifier
    common = {"learning_rate": 0.05, "random_state": 0, **({} if is_number else {"max_depth": 3})}
    stopped = kind(max_iter=1000, early_stopping=True, n_iter_no_change=30, **common)
    stopped.fit(features[train], learned[train], X_val=features[validation], y_val=learned[validation])
    trees = int(numpy.argmax(stopped.validation_score_[1:])) + 1
    model = kind(max_iter=trees, early_stopping=False, **common)
    model.fit(features[train | validation], learned[train | validation])
    return model.predict(features[test]) if is_number else model.predict_proba(features[test])[:, 1]


def metrics(known, predicted, is_counted):
    errors = predicted - known
    if not is_number:
        return {
            "accuracy": numpy.mean((predicted > 0.5) == known),
            "brier": numpy.mean(errors**2),
            "auc": roc_auc_score(known, predicted),
        }
    return {
        "mae": numpy.mean(abs(errors)),
        "r2": 1 - numpy.sum(errors**2) / numpy.sum((known - known.mean()) ** 2),
        **({task["where"]["metric"]: numpy.mean(abs(errors[is_counted]))} if "where" in task else {}),
    }


def counted():
    """The rows of a measure over some rows: those with at most so much of a feature."""
    where = task.get("where")
    return features[:, task["features"].index(where["feature"])] <= where["most"] if where else truth == truth


def scored(fit):
    tested, predictions = [], []
    for subset in subsets:
        test = numpy.flatnonzero(subset == TEST)
        tested.append(test)
        predictions.append(fit(subset == TRAIN, subset == VALIDATION, test) * ratio[test] + offset[test])
    rows = numpy.concatenate(tested)
    found = metrics(truth[rows], numpy.concatenate(predictions), counted()[rows])
    return {name: float(value) for name, value in found.items()}


print(json.dumps({"xgboost": scored(xgboost_predictions), "scikit-learn": scored(sklearn_predictions)}))
