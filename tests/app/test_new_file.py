"""The file that a command writes: where it cannot be, that is said before anything is read."""

import pytest

from app.new_file import new_file
from domain.errors import Refused


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with (
        pytest.raises(Refused, match=f"there is no folder {tmp_path}/nowhere. Make it"),
        new_file(f"{tmp_path}/nowhere/report.csv"),
    ):
        raise AssertionError
