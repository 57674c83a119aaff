"""Which tables no tenant owns, and why: every other key is led by `tenant_id`.

A row then says by its key alone whose it is, so the tables distribute by tenant (Citus: "Choosing
Distribution Column") and a join or a reference never leaves one. A test holds the catalog to this.
"""

from collections.abc import Mapping

GLOBAL_TABLES: Mapping[str, str] = {
    "alembic_version": "Alembic's own: which schema this database has.",
    "billing_customers": "Whom Stripe speaks of is looked up before any tenant is known.",
    "consumers": "A reader of the feed follows positions, and those are counted for all tenants.",
    "deadlines": "How many shops of all tenants are promised one hour: they share the budgets.",
    "fleet_minutes": "What all tenants' runs came to in a minute: the sum of `run_minutes`.",
    "fleet_quarters": "The same in quarters of an hour, of which a day is drawn.",
    "keyring": "Keys of the installation; the data keys of tenants are wrapped under them.",
    "logins": "Who signs in is looked up by her address, before any tenant is known.",
    "novelties": "What Wildberries says to all tenants alike; a row names no one of them.",
    "queue_epoch": "Which life of Redis the handed-out runs belong to.",
    "stripe_chores": "When Stripe was last compared with what is known of all tenants.",
    "stripe_inbox": "A message of Stripe's is kept before anybody knows whose it is.",
    "stripe_keys": "So is its key, which may outlive the knowledge whose it was.",
    "stripe_pending": "What is to be made of it; whose it is may be found out later.",
    "stripe_unclaimed": "What nobody was found for, so it is nobody's.",
    "workers": "A worker serves all tenants.",
}
