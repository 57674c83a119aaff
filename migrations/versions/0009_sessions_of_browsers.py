"""A browser's session is a session like any other; what it sends back is kept as a hash alone.

Revision ID: 0009
"""

from migrations.script import run

revision = "0009"
down_revision = "0008"

SCHEMA = """
-- `token_hash`: of a browser's cookie, null for who signs in by the API. `seen_at`: within an hour.
ALTER TABLE sessions ADD COLUMN token_hash bytea, ADD COLUMN seen_at timestamptz;
CREATE UNIQUE INDEX sessions_of_browsers ON sessions (tenant_id, token_hash)
  WHERE token_hash IS NOT NULL;

-- Who runs the servers may look beyond her own company.
ALTER TABLE people ADD COLUMN staff boolean NOT NULL DEFAULT false;
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run(
        "ALTER TABLE sessions DROP COLUMN token_hash, DROP COLUMN seen_at; "
        "ALTER TABLE people DROP COLUMN staff"
    )
