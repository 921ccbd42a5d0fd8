"""Daily archives in the JSON and Markdown formats of RSS-Link-Database.

`reader` pairs the .json and .md files of a directory or ZIP; the two format modules turn each file
into raw entries, which go to `ingest.intake`.
"""
