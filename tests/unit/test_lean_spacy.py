"""spaCy is imported without its command line, which can still be imported."""

import subprocess
import sys

PROGRAM = """
import sys
from streams.lean_spacy import import_spacy
import_spacy()
import_spacy()
import spacy
assert "weasel" not in sys.modules and "spacy.cli" not in sys.modules
assert len(spacy.blank("en")("Two shells fell.")) == 4
from spacy.cli import info
assert callable(info)
"""


def test_the_command_line_stays_out_until_asked_for() -> None:
    subprocess.run([sys.executable, "-c", PROGRAM], check=True)
