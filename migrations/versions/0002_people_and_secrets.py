"""People and secrets: what must be deletable, referenced by id from everywhere else.

Revision ID: 0002
"""

from migrations.script import run

revision = "0002"
down_revision = "0001"

SCHEMA = """
CREATE TABLE people (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  email text NOT NULL,
  full_name text NOT NULL,
  password_hash text NOT NULL,
  registered_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, user_id),
  CHECK (tenant_id = user_id)
);

-- Who signs in with which address, before any tenant is known: hence global, and keyed by a MAC.
CREATE TABLE logins (
  email_key bytea PRIMARY KEY,
  user_id uuid NOT NULL
);

CREATE TABLE labels (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE data_keys (
  tenant_id uuid NOT NULL,
  key_id uuid NOT NULL,
  wrapped bytea NOT NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, key_id)
);

CREATE TABLE secrets (
  tenant_id uuid NOT NULL,
  secret_id uuid NOT NULL,
  field text NOT NULL,
  sealed bytea NOT NULL,
  kept_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, secret_id)
);

CREATE TABLE sessions (
  tenant_id uuid NOT NULL,
  session_id uuid NOT NULL,
  company_id uuid NOT NULL,
  started_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (tenant_id, session_id)
);

CREATE TABLE refresh_tokens (
  tenant_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  session_id uuid NOT NULL,
  issued_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (tenant_id, token_hash),
  FOREIGN KEY (tenant_id, session_id) REFERENCES sessions ON DELETE CASCADE
);
CREATE INDEX refresh_tokens_of_session ON refresh_tokens (tenant_id, session_id);

CREATE TABLE origins (
  tenant_id uuid NOT NULL,
  correlation_id uuid NOT NULL,
  ip inet,
  agent text,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, correlation_id)
);
CREATE INDEX origins_by_age ON origins (at);
"""


def upgrade() -> None:
    run(SCHEMA)


def downgrade() -> None:
    run("DROP TABLE origins, refresh_tokens, sessions, secrets, data_keys, labels, logins, people")
