import sys
import unittest
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from environment import digest_of  # noqa: E402
from installed import has_all  # noqa: E402


class EnvironmentTest(unittest.TestCase):
    def test_exact_versions_are_found(self):
        pip = metadata.version("pip")
        self.assertTrue(has_all([f"pip=={pip}"]))
        self.assertFalse(has_all([f"pip=={pip}.1"]))

    def test_other_lines_need_an_environment(self):
        for line in ("pip", "pip>=1", "no-such-package==1.0", "./a.whl"):
            self.assertFalse(has_all([line]), line)

    def test_a_marker_that_is_false_needs_nothing(self):
        self.assertTrue(has_all(["no-such-package==1.0; python_version < '3'"]))

    def test_other_requirements_are_another_environment(self):
        self.assertEqual(digest_of(["a==1"]), digest_of(["a==1"]))
        self.assertNotEqual(digest_of(["a==1"]), digest_of(["a==2"]))


if __name__ == "__main__":
    unittest.main()
