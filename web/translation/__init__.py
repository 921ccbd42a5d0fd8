"""Localisation of the pages: message catalogs, and numbers and dates in the reader's language.

The English texts in templates and views are the message ids. `extract` collects them into the `.po`
catalogs in this directory.
"""
