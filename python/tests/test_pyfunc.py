import sys
import unittest
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent.parent))

from pyfunc import Model, class_name  # noqa: E402
from refusal import Refusal  # noqa: E402


def model(predict, raw=None, types=None):
    opened = Model.__new__(Model)
    opened.loaded = SimpleNamespace(predict=predict)
    opened.raw = raw
    opened.flavor = "python_function"
    opened.gives_probability = False
    opened.types = types or {"size": "double"}
    opened.features = ["size"]
    return opened


def ask(opened, kind, values=(1.0, 2.0)):
    header = {"features": ["size"], "rows": len(values), "as": kind}
    reply, body = opened.predict(header, np.asarray(values, dtype="<f4").tobytes())
    return reply, np.frombuffer(body, dtype="<f8").tolist()


class PyfuncTest(unittest.TestCase):
    def test_values(self):
        self.assertEqual(ask(model(lambda frame: frame["size"] * 2), "values")[1], [2.0, 4.0])

    def test_probabilities_are_those_of_predict_proba(self):
        raw = SimpleNamespace(
            classes_=np.array([False, True]), predict_proba=lambda rows: np.array([[0.25, 0.75]] * len(rows))
        )
        reply, values = ask(model(None, raw), "classes")
        self.assertEqual(reply, {"kind": "probabilities", "names": ["false", "true"]})
        self.assertEqual(values, [0.25, 0.25, 0.75, 0.75])

    def test_columns_named_for_classes_are_probabilities(self):
        output = pd.DataFrame({"free": [0.5, 1.0], "team": [0.5, 0.0]})
        reply, values = ask(model(lambda frame: output), "classes")
        self.assertEqual(reply["names"], ["free", "team"])
        self.assertEqual(values, [0.5, 1.0, 0.5, 0.0])

    def test_labels_are_not_probabilities(self):
        self.assertEqual(ask(model(lambda frame: np.array([0.0, 1.0])), "classes")[0], {"kind": "labels", "names": []})

    def test_a_missing_value_in_a_whole_number_is_refused(self):
        opened = model(lambda frame: frame["size"], types={"size": "long"})
        self.assertEqual(ask(opened, "values")[1], [1.0, 2.0])
        with self.assertRaises(Refusal):
            ask(opened, "values", (1.0, float("nan")))

    def test_another_number_of_rows_is_refused(self):
        with self.assertRaises(Refusal):
            ask(model(lambda frame: np.array([1.0])), "values")

    def test_names_of_classes(self):
        self.assertEqual([class_name(each) for each in (True, np.bool_(False), 1.0, "a")], ["true", "false", "1", "a"])


if __name__ == "__main__":
    unittest.main()
