"""Every take-up of a run is kept: one that ended in waiting is not overwritten by the next.

`attempt` is the fence of its hand-over from now on, which grows with each; `number` is which of its
tries it was, and equal to `attempt` where it is null, as in all older rows. `times`: how many
take-ups that ended in one and the same wait a row stands for. No row is touched, the key stays,
and a worker of the version before can write on while the new ones start.

Revision ID: 0017
"""

from migrations.script import run

revision = "0017"
down_revision = "0016"

SCHEMA = """
ALTER TABLE job_attempts
  ADD COLUMN number int,
  ADD COLUMN times int NOT NULL DEFAULT 1;
"""

# The last take-up of each try stays, as before. The numbers are free once the rest is gone, but for
# each other: so they step aside first.
UNDO = """
DELETE FROM job_attempts a USING job_attempts b
WHERE (a.tenant_id, a.run_id) = (b.tenant_id, b.run_id) AND a.attempt < b.attempt
  AND coalesce(a.number, a.attempt) = coalesce(b.number, b.attempt);
UPDATE job_attempts SET attempt = -number WHERE number IS NOT NULL;
UPDATE job_attempts SET attempt = -attempt WHERE number IS NOT NULL;
ALTER TABLE job_attempts DROP COLUMN number, DROP COLUMN times;
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run(UNDO)
