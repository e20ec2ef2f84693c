import socket
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from frames import receive, send  # noqa: E402


class FramesTest(unittest.TestCase):
    def test_a_message_arrives_as_it_was_sent(self):
        left, right = socket.socketpair()
        with left, right:
            send(left, {"rows": 2}, b"\x00\x01")
            send(left, {"rows": 0})
            self.assertEqual(receive(right), ({"rows": 2}, b"\x00\x01"))
            self.assertEqual(receive(right), ({"rows": 0}, b""))

    def test_a_closed_socket_ends_the_messages(self):
        left, right = socket.socketpair()
        with right:
            left.sendall(b"\x05")
            left.close()
            with self.assertRaises(EOFError):
                receive(right)


if __name__ == "__main__":
    unittest.main()
