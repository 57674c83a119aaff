"""Notices by mail: who wants which, who was told of what, how many were sent to her in a day.

`kinds` is null for who has not chosen. `mail_failed_at`: when a mail server said that there is
nobody at her address.

Revision ID: 0021
"""

from alembic import op

from migrations.script import run

revision = "0021"
down_revision = "0020"

SCHEMA = """
CREATE TABLE notice_choices (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  kinds text,
  at_night boolean,
  PRIMARY KEY (tenant_id, user_id)
);
INSERT INTO notice_choices (tenant_id, user_id) SELECT tenant_id, user_id FROM members;

CREATE TABLE notices_told (
  tenant_id uuid NOT NULL,
  shop_id uuid NOT NULL,
  user_id uuid NOT NULL,
  cause text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, shop_id, user_id, cause)
);

CREATE TABLE mail_days (
  tenant_id uuid NOT NULL,
  day date NOT NULL,
  sent int NOT NULL,
  held int NOT NULL,
  PRIMARY KEY (tenant_id, day)
);
ALTER TABLE mail_days ENABLE ROW LEVEL SECURITY;

ALTER TABLE people
  ADD COLUMN language text NOT NULL DEFAULT 'ru' CHECK (language IN ('ru', 'en')),
  ADD COLUMN mail_failed_at timestamptz;
"""

UNDO = """
ALTER TABLE people DROP COLUMN language, DROP COLUMN mail_failed_at;
DROP TABLE mail_days, notices_told, notice_choices;
"""

READABLE = ("notice_choices", "notices_told")
MINE = "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid"


def upgrade() -> None:
    run(SCHEMA)
    database = op.get_bind().exec_driver_sql("SELECT current_database()").scalar_one()
    role = f'"app_tenant_{database}"'
    for table in READABLE:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY mine ON {table} FOR SELECT TO {role} USING ({MINE})")
        op.execute(f"GRANT SELECT ON {table} TO {role}")
    op.execute(f"GRANT SELECT (language, mail_failed_at) ON people TO {role}")


def downgrade() -> None:
    run(UNDO)
