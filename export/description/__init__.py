"""The files that describe an export: data card, citation, checksums, Croissant, Data Package.

While the data files are written, `facts` counts what is in them. The other modules turn these facts
into the descriptions.
"""
