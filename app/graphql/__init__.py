"""GraphQL over HTTP: one schema, a thin handler of our own, and limits that hold.

routes      the addresses: POST /graphql, and the explorer for people
handler     one request: document, caller, execution, answer
documents   parsed and validated once · limits  depth and cost, measured in one pass
fields      how a root field declares who may use it and what it costs
connection  pages by keyset · scalars  numbers that JSON holds and GraphQL's Int does not
errors      what may be said about an error · context  what a resolver is given
"""
