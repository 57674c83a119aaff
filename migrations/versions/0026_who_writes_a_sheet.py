"""Who writes a sheet: an account of our pool, a service account of hers, or she herself.

Every column may be null, and a version before neither knows nor needs one: without a `robot` the
first account of the pool writes, as the only one did.

Revision ID: 0026
"""

from migrations.script import run

revision = "0026"
down_revision = "0025"

SCHEMA = """
ALTER TABLE shops
  ADD COLUMN robot text,
  ADD COLUMN key_address text,
  ADD COLUMN key_id uuid,
  ADD COLUMN consent_id uuid,
  ADD COLUMN herself boolean;
"""

UNDO = """
ALTER TABLE shops
  DROP COLUMN robot,
  DROP COLUMN key_address,
  DROP COLUMN key_id,
  DROP COLUMN consent_id,
  DROP COLUMN herself;
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run(UNDO)
