"""The GraphQL schema: what the features offer, as one."""

import strawberry
from strawberry.tools import merge_types

from app.accounts import graphql as accounts
from app.audit import graphql as audit
from app.billing import asked as billing_asked
from app.billing import graphql as billing
from app.billing.operate import graphql as billing_operate
from app.graphql.scalars import CONFIG
from app.notices import graphql as notices
from app.runs import graphql as runs
from app.runs.acts import graphql as acts
from app.runs.fleet import graphql as operate
from app.runs.overview import graphql as overview
from app.stock import accepted, arranged, handover_graphql, terms_asked
from app.stock import graphql as stock

schema = strawberry.Schema(
    query=merge_types(
        "Query",
        (
            accounts.Query,
            stock.Query,
            runs.Query,
            operate.Query,
            overview.Query,
            audit.Query,
            billing.Query,
            billing_operate.Query,
            notices.Query,
        ),
    ),
    mutation=merge_types(
        "Mutation",
        (
            accounts.Mutation,
            stock.Mutation,
            arranged.Mutation,
            terms_asked.Mutation,
            handover_graphql.Mutation,
            accepted.Mutation,
            runs.Mutation,
            acts.Mutation,
            operate.Mutation,
            notices.Mutation,
            billing_asked.Mutation,
            billing_operate.Mutation,
        ),
    ),
    config=CONFIG,
)
