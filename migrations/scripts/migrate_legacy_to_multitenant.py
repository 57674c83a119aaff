"""`python migrations/scripts/migrate_legacy_to_multitenant.py`: `stock-tracker migrate-legacy`."""

from app.cli import migrate_from_legacy

if __name__ == "__main__":
    migrate_from_legacy()
