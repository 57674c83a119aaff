"""The tab a seller opens each morning: its words, columns and cells, and what changed in them.

words      how one sentence is said in two languages, and how a moment is written
columns    the nine columns of every product, the three of a place; their tags and widths
layout     which columns a tab got from us, and which of them she took away
header     the two rows on top · freshness  the cell that turns red by itself
causes     why figures are old or blank · refusals, notices  what a run says about a tab
order      where a product stands: her order, and ours for what is new
cells      the figures of a snapshot, addressed by tag and product
difference what to write, and what to clear · blocks  the same, packed into few requests
text, numbers, link   what may enter a cell, and what names a spreadsheet
"""
