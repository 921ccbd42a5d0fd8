"""Corrections by people, from forms and from the API.

A request is checked in `wanted`, carried out by `store/corrections.py` and recorded in the journal,
where it can be undone. `doubtful` proposes entities that may need a correction.
"""
