"""The tab a seller opens each morning: its words, columns and cells, and what changed in them.

words, text, numbers    how a sentence is said twice; what of a text or number may enter a cell
columns, place_columns  the nine columns of every product, the three of a place; their tags
figures                 what a tab shows: cells by tag and key
layout                  which columns a tab got from us, and which of them she took away
header, freshness       the two rows on top, and the cell that turns red by itself
causes, gaps            why figures are old, why they are blank, and what she can do about it
refusals, notices       what a run says about a tab
report                  the table whole, for a file
look                    its colours, heights and number formats
order                   where a product stands: her order, and ours for what is new
cells                   the figures of a snapshot, addressed by tag and product
difference              what to write, and what to clear
segments, rectangles, blocks   the same, packed into few requests
keyed, tracker          a tab whose rows are products, as a definition; «Stock Tracker»
replenishment           «Пополнение»: what to ship, as formulas over terms of hers
listing                 a tab that is ours entirely, as a definition
data                    «Данные»: one row per product and place
check                   «Сверка»: what the cabinet shows otherwise
link                    which spreadsheet a person means
"""
