"""Loads a model with XGBoost and predicts rows, with MLflow's pyfunc too if the request names its folder."""

import numpy
import xgboost

from answering import answer_all


def train(request, rows):
    types = request.get("types")
    data = xgboost.DMatrix(
        numpy.where(numpy.isfinite(rows), rows, numpy.nan),
        request["target"],
        feature_names=request["features"],
        feature_types=types,
        enable_categorical=types is not None,
    )
    xgboost.train(request["train"], data, request["rounds"]).save_model(request["model"])


def pyfunc_predictions(request, rows):
    import mlflow.pyfunc
    import pandas

    frame = pandas.DataFrame(rows.astype(float), columns=request["features"])
    return mlflow.pyfunc.load_model(request["pyfunc"]).predict(frame).tolist()


def answer(request):
    # JSON has no NaN: a missing value comes as null.
    rows = numpy.array(request["rows"], dtype=numpy.float32)
    if request.get("train"):
        train(request, rows)
    booster = xgboost.Booster()
    booster.load_model(request["model"])
    if request.get("inplace"):
        # A DMatrix refuses infinite values; scoring in place does not.
        predictions = booster.inplace_predict(rows, validate_features=False)
        return {"version": xgboost.__version__, "predictions": predictions.ravel().tolist()}
    data = xgboost.DMatrix(rows, feature_names=request["features"])
    return {
        "pyfunc": pyfunc_predictions(request, rows) if request.get("pyfunc") else None,
        "version": xgboost.__version__,
        "features": booster.feature_names,
        "predictions": booster.predict(data).tolist(),
        "contributions": booster.predict(data, pred_contribs=True).tolist(),
        "gain": booster.get_score(importance_type="total_gain"),
    }


answer_all(answer)
