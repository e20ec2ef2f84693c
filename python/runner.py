"""Serves one MLflow model over a Unix socket: runner.py SOCKET MODEL_FOLDER predictions|forecasts."""

import os
import socket
import sys
import traceback

from frames import receive, send
from parent import end_with_parent, removing
from refusal import Refusal


def main() -> None:
    address, folder, kind = sys.argv[1:4]
    end_with_parent(removing(folder, os.path.dirname(address)))
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(address)
    try:
        if kind == "forecasts":
            from forecaster import open_forecaster as open_model
        else:
            from pyfunc import open_model

        model = open_model(folder)
    except Exception as error:
        send(connection, {"error": body_of(error, "The model does not load")})
        raise
    send(connection, {"flavor": model.flavor, "features": model.features})
    while True:
        try:
            header, body = receive(connection)
        except EOFError:
            return
        try:
            reply, values = model.predict(header, body)
        except Exception as error:
            reply, values = {"error": body_of(error, "The model does not predict")}, b""
        send(connection, reply, values)


def body_of(error: Exception, what: str) -> dict:
    if isinstance(error, Refusal):
        return error.body
    traceback.print_exc()
    text = f"{type(error).__name__}: {error}".strip()
    return Refusal("MODEL_UNSUPPORTED", "Python model", text[:1000], f"{what}: see its error.").body


if __name__ == "__main__":
    main()
