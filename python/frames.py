"""Messages over a socket: the length of a JSON header, the length of its bytes, the header, the bytes."""

import json
import socket
import struct
from typing import Any, Dict, Tuple

LENGTHS = struct.Struct("<II")


def send(connection: socket.socket, header: Dict[str, Any], body: bytes = b"") -> None:
    text = json.dumps(header).encode()
    connection.sendall(LENGTHS.pack(len(text), len(body)) + text + body)


def receive(connection: socket.socket) -> Tuple[Dict[str, Any], bytes]:
    """Raises EOFError when the other side has closed."""
    header, body = LENGTHS.unpack(_exactly(connection, LENGTHS.size))
    return json.loads(_exactly(connection, header)), _exactly(connection, body)


def _exactly(connection: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = connection.recv(min(size - len(parts), 1 << 20))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)
