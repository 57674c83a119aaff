"""The event store, the ledger of runs, snapshots, people and secrets in PostgreSQL."""
