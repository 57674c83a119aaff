"""Row-level security: a caller reads as a role that sees one tenant, whatever the query says.

Roles belong to the whole cluster, so the name carries the database's.

Revision ID: 0006
"""

from alembic import op

from domain.errors import Refused

revision = "0006"
down_revision = "0005"

READABLE = (
    "events",
    "labels",
    "origins",
    "job_runs",
    "job_attempts",
    "job_history",
    "schedules",
    "cards",
    "orders",
    "places",
    "snapshots",
    "sheet_tabs",
    "stock_current",
    "stock_daily",
    "tenants",
    "members",
    "shops",
    "subscriptions",
)
SEALED = (
    "heads",
    "commands",
    "data_keys",
    "secrets",
    "sessions",
    "refresh_tokens",
    "run_steps",
    "bookmarks",
)

MINE = "tenant_id = nullif(current_setting('app.tenant', true), '')::uuid"


def upgrade() -> None:
    database = op.get_bind().exec_driver_sql("SELECT current_database()").scalar_one()
    role = f'"app_tenant_{database}"'
    if not _exists(f"app_tenant_{database}"):
        _demand_create_role(role)
        op.execute(f"CREATE ROLE {role} NOLOGIN")
        op.execute(f"GRANT {role} TO CURRENT_USER")
    else:
        _demand_membership(f"app_tenant_{database}")
    op.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
    for table in READABLE:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY mine ON {table} FOR SELECT TO {role} USING ({MINE})")
        op.execute(f"GRANT SELECT ON {table} TO {role}")
    for table in SEALED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE people ENABLE ROW LEVEL SECURITY")
    colleagues = f"SELECT user_id FROM members WHERE {MINE}"  # noqa: S608 - constants only
    op.execute(
        f"CREATE POLICY mine ON people FOR SELECT TO {role} USING (user_id IN ({colleagues}))"
    )
    op.execute(f"GRANT SELECT (tenant_id, user_id, email, full_name) ON people TO {role}")


def _exists(role: str) -> bool:
    found = op.get_bind().exec_driver_sql("SELECT 1 FROM pg_roles WHERE rolname = $1", (role,))
    return found.scalar() is not None


def _demand_create_role(role: str) -> None:
    """Raise Refused, with what an administrator has to run, where we may not make roles."""
    me, may = (
        op.get_bind()
        .exec_driver_sql(
            "SELECT current_user, rolcreaterole OR rolsuper FROM pg_roles "
            "WHERE rolname = current_user"
        )
        .one()
    )
    if not may:
        _ask_an_administrator(f'CREATE ROLE {role} NOLOGIN; GRANT {role} TO "{me}";')


def _demand_membership(role: str) -> None:
    """The same where the role is there already, but not ours to step into."""
    statement = "SELECT current_user, pg_has_role(current_user, $1, 'MEMBER')"
    me, member = op.get_bind().exec_driver_sql(statement, (role,)).one()
    if not member:
        _ask_an_administrator(f'GRANT "{role}" TO "{me}";')


def _ask_an_administrator(statements: str) -> None:
    message = f"Let an administrator run, once, in psql:  {statements}  Then migrate again."
    raise Refused(message)


def downgrade() -> None:
    database = op.get_bind().exec_driver_sql("SELECT current_database()").scalar_one()
    for table in (*READABLE, "people"):
        op.execute(f"DROP POLICY mine ON {table}")
    for table in (*READABLE, *SEALED, "people"):
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute(f'DROP OWNED BY "app_tenant_{database}"')
    op.execute(f'DROP ROLE "app_tenant_{database}"')
