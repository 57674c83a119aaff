"""Messages of nobody here: they are looked for again less and less often, and let go in the end.

`stripe_unclaimed` are those that were let go. Of what waits, what was tried least is read first;
since when the oldest waits is known without those of nobody.

Revision ID: 0035
"""

from migrations.script import run

revision = "0035"
down_revision = "0034"

SCHEMA = """
CREATE TABLE stripe_unclaimed (
  account text NOT NULL,
  livemode boolean NOT NULL,
  event_id text NOT NULL,
  PRIMARY KEY (account, livemode, event_id)
);
ALTER TABLE stripe_unclaimed ENABLE ROW LEVEL SECURITY;

DROP INDEX stripe_pending_about, stripe_pending_since;
CREATE INDEX stripe_pending_about ON stripe_pending (about, tries, seq);
CREATE INDEX stripe_pending_since ON stripe_pending (since)
  WHERE due_at IS NOT NULL AND (tenant_id IS NOT NULL OR tries = 0);

-- They were given up; none is any more.
UPDATE stripe_pending SET due_at = now() WHERE tenant_id IS NULL AND due_at IS NULL;
"""

FORMER = """
DROP TABLE stripe_unclaimed;
DROP INDEX stripe_pending_about, stripe_pending_since;
CREATE INDEX stripe_pending_about ON stripe_pending (about, seq);
CREATE INDEX stripe_pending_since ON stripe_pending (since) WHERE due_at IS NOT NULL;
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run(FORMER)
