"""Google Sheets: one read, one write, her row order.

principals, principal       in whose name · credentials, own_key: keys · sign_in: people's consents
sheets                      the port · writing: one write, from the first look to the last answer
client, visit, quota, faults   calls: threads, paces, refusals in both languages
finding, lookups, answers, tab   looking: which tab is ours, and what stands in it
marker, believing, trail    judging: which of our writes the tab holds
create, chunks              planning a first write
update, rows, growth, merges, marks, fences, restoring, head, telling   planning any later one
formulas, terms, handing    what a tab holds beside values: formulas, terms, what changes hands
beside, listing, listing_rows, listing_looks   the tabs that are ours entirely, in the same call
changes, looks, rules, sending   requests as JSON · verifying: did she sort meanwhile?
"""
