"""Loads a model with XGBoost and predicts rows: a JSON request on stdin, a JSON response on stdout."""

import json
import sys

import numpy
import xgboost

request = json.load(sys.stdin)
# JSON has no NaN: a missing value comes as null.
rows = numpy.array(request["rows"], dtype=numpy.float32)
if request.get("train"):
    types = request.get("types")
    finite = numpy.where(numpy.isfinite(rows), rows, numpy.nan)
    data = xgboost.DMatrix(
        finite,
        request["target"],
        feature_names=request["features"],
        feature_types=types,
        enable_categorical=types is not None,
    )
    xgboost.train(request["train"], data, request["rounds"]).save_model(request["model"])

booster = xgboost.Booster()
booster.load_model(request["model"])
if request.get("inplace"):
    # A DMatrix refuses infinite values; scoring in place does not.
    predictions = booster.inplace_predict(rows, validate_features=False)
    json.dump({"version": xgboost.__version__, "predictions": predictions.ravel().tolist()}, sys.stdout)
    sys.exit()

data = xgboost.DMatrix(rows, feature_names=request["features"])
pyfunc = None
if request.get("pyfunc"):
    import mlflow.pyfunc
    import pandas

    frame = pandas.DataFrame(rows.astype(float), columns=request["features"])
    pyfunc = mlflow.pyfunc.load_model(request["pyfunc"]).predict(frame).tolist()

json.dump(
    {
        "pyfunc": pyfunc,
        "version": xgboost.__version__,
        "features": booster.feature_names,
        "predictions": booster.predict(data).tolist(),
        "contributions": booster.predict(data, pred_contribs=True).tolist(),
        "gain": booster.get_score(importance_type="total_gain"),
    },
    sys.stdout,
)
