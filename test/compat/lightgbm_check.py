"""Trains a model with LightGBM, saves it as text and predicts rows."""

import lightgbm
import numpy

from answering import answer_all


def answer(request):
    # JSON has no NaN and no Infinity: they come as null and as text.
    rows = numpy.array([[float("nan") if x is None else float(x) for x in row] for row in request["rows"]])
    rows = rows.astype(numpy.float32).astype(float)
    data = lightgbm.Dataset(
        numpy.where(numpy.isfinite(rows), rows, numpy.nan), request["target"], categorical_feature=request["categories"]
    )
    params = {"verbose": -1, "num_threads": 1, "max_cat_to_onehot": 1, "min_data_per_group": 5, **request["train"]}
    booster = lightgbm.train(params, data, 20)
    booster.save_model(request["model"])
    return {"scores": booster.predict(rows, raw_score=True).ravel().tolist()}


answer_all(answer)
