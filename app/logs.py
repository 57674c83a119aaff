"""Structured logs: one JSON object a line, and no secret in any of them."""

import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path

import msgspec

# A belt beside the braces: code does not log secrets, and if it ever did, these would not pass.
_SECRETS = re.compile(
    r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]*"  # JSON Web Tokens, marketplace tokens among them
    r"|\b(?:rt|st_live|sk_live|sk_test|rk_live|rk_test|whsec)_\w[\w-]*"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"  # user:password in an address
    r"|(?i:bearer) [\w.-]+",
    re.DOTALL,
)
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

_encode = msgspec.json.Encoder(enc_hook=str).encode


def configure(level: str, file: Path | None) -> None:
    """Log to standard error, and to `file` too if there is one."""
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        # Several processes share the file: whoever rotates it does so from outside (logrotate).
        handlers.append(WatchedFileHandler(file))
    for handler in handlers:
        handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=handlers, force=True)
    for chatty in ("arq", "gspread_asyncio", "urllib3", "alembic", "_granian"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


class JsonLines(logging.Formatter):
    """time, level, logger, message, what the call added by `extra`, and the error if any."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; secrets are masked wherever they stand."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{key: value for key, value in vars(record).items() if key not in _PLAIN},
        }
        if record.exc_info and record.exc_info[1]:
            line["error"] = "".join(traceback.format_exception(record.exc_info[1]))
        return masked(_encode(line).decode())


def masked(text: str) -> str:
    """The text with everything that looks like a secret made unreadable."""
    return _SECRETS.sub("***", text)
