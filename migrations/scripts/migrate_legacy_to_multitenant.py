"""`python migrations/scripts/migrate_legacy_to_multitenant.py`: `stock-tracker migrate-legacy`."""

import sys

from app.cli import main

if __name__ == "__main__":
    main(["migrate-legacy", *sys.argv[1:]])
