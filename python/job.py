"""Runs one script of this folder: job.py SCRIPT INPUTS OUTPUTS."""

import importlib
import json
import sys
from pathlib import Path

from parent import end_with_parent, removing
from refusal import Refusal


def main() -> None:
    script, inputs, outputs = sys.argv[1:4]
    end_with_parent(removing(str(Path(inputs).parent)))
    try:
        importlib.import_module(script).main(Path(inputs), Path(outputs))
    except Refusal as refusal:
        (Path(outputs) / "refusal.json").write_text(json.dumps(refusal.body))
        raise SystemExit(3) from None


if __name__ == "__main__":
    main()
