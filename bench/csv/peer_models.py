"""Fits scikit-learn's boosting and XGBoost to the rows that our model learned from, and scores them on its test rows.

Prints a line of JSON: the metric of each.
"""

import json
import sys

import numpy
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
import xgboost

TRAIN, VALIDATION, TEST = 0, 1, 2
CLOSEST = 2.0**-52

task = json.loads(sys.argv[1])
columns = numpy.fromfile(task["file"]).reshape(-1, task["rows"])
count = task["features"]
features, target, subset = columns[:count].T.astype(numpy.float32), columns[count], columns[count + 1].astype(int)
train, validation, test = (subset == each for each in (TRAIN, VALIDATION, TEST))
is_number = task["kind"] == "number"


def xgboost_model(trees, **options):
    kind = xgboost.XGBRegressor if is_number else xgboost.XGBClassifier
    return kind(n_estimators=trees, learning_rate=0.05, tree_method="hist", n_jobs=1, **options)


def xgboost_predictions():
    stopped = xgboost_model(1000, early_stopping_rounds=30)
    stopped.fit(features[train], learned[train], eval_set=[(features[validation], learned[validation])], verbose=False)
    model = xgboost_model(stopped.best_iteration + 1)
    return fitted(model)


def sklearn_predictions():
    kind = HistGradientBoostingRegressor if is_number else HistGradientBoostingClassifier
    common = {"learning_rate": 0.05, "random_state": 0}
    stopped = kind(max_iter=1000, early_stopping=True, n_iter_no_change=30, **common)
    stopped.fit(features[train], learned[train], X_val=features[validation], y_val=learned[validation])
    trees = int(numpy.argmax(stopped.validation_score_[1:])) + 1
    return fitted(kind(max_iter=trees, early_stopping=False, **common))


def fitted(model):
    model.fit(features[train | validation], learned[train | validation])
    return model.predict(features[test]) if is_number else model.predict_proba(features[test])


def metric(predicted):
    """The mean absolute error, or the log loss; a class that was not learned has no probability."""
    if is_number:
        return float(numpy.mean(abs(predicted - target[test])))
    known = numpy.full((test.sum(), task["classes"]), 0.0)
    known[:, seen] = predicted
    of_truth = known[numpy.arange(len(known)), target[test].astype(int)]
    return float(numpy.mean(-numpy.log(numpy.clip(of_truth, CLOSEST, 1 - CLOSEST))))


# XGBoost wants classes without gaps, and every class in the rows that it fits.
seen = numpy.unique(target[train]).astype(int)
if is_number:
    learned = target
else:
    learned = numpy.searchsorted(seen, numpy.nan_to_num(target)).clip(0, len(seen) - 1)
    known_class = numpy.isin(target, seen)
    train, validation = train & known_class, validation & known_class
print(json.dumps({"scikit-learn": metric(sklearn_predictions()), "xgboost": metric(xgboost_predictions())}))
