"""Logs say what happened, in one JSON object a line, and keep every secret."""

import json
import logging

import pytest

from app.logs import configure, masked


@pytest.mark.parametrize(
    "secret",
    [
        "eyJhbGciOiJFUzI1NiJ9.eyJpZCI6IjEifQ.c2lnbmF0dXJl",
        "rt_0193_abcDEF-123",
        "st_live_12_abcdef",
        "sk_test_4eC39HqLyjWDarjtT1zdp7dc",
        "whsec_abc123",
        "-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----",
        "postgresql://user:hunter2@db/stock",
        "Bearer abc.def",
    ],
)
def test_what_looks_like_a_secret_is_masked(secret):
    line = masked(f"before {secret} after")

    assert "***" in line
    assert secret not in line
    assert line.startswith("before ")
    assert line.endswith(" after")


def test_a_line_is_one_json_object_with_what_the_call_added(tmp_path):
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    file = tmp_path / "logs" / "stock_tracker.log"
    configure("info", file)
    try:
        error = ValueError("rt_0193_abcDEF-123 в запросе")
        logging.getLogger("x").error("сломалось", extra={"run_id": "r-1"}, exc_info=error)
    finally:
        for handler in root.handlers:
            handler.close()
        logging.basicConfig(level=level, handlers=before, force=True)

    (line,) = file.read_text().splitlines()
    entry = json.loads(line)
    assert (entry["level"], entry["message"], entry["run_id"]) == ("error", "сломалось", "r-1")
    assert "abcDEF" not in line
