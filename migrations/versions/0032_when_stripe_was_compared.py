"""When what Stripe has was last compared with what is known, and its messages fetched.

A worker takes such a chore by moving `due_at` on; nobody else finds it due until then. And an index
for a list of companies that begins with those whose payment failed.

Revision ID: 0032
"""

from migrations.script import run

revision = "0032"
down_revision = "0031"

SCHEMA = """
CREATE TABLE stripe_chores (
  name text NOT NULL PRIMARY KEY,
  due_at timestamptz NOT NULL,
  done_at timestamptz
);
ALTER TABLE stripe_chores ENABLE ROW LEVEL SECURITY;
CREATE INDEX subscriptions_by_trouble
  ON subscriptions (coalesce(grace_until, 'infinity'), tenant_id);
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run("DROP INDEX subscriptions_by_trouble; DROP TABLE stripe_chores;")
