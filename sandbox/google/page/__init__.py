"""Each sheet as a page to look at and to work in, as its owner sees it at Google."""
