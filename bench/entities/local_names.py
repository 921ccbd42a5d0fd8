"""Writes models/local_names.tsv: what Polish calls entities that have another name elsewhere.

    python -m bench.entities.local_names

The names are those of nlp/entities/gazetteers/polish.toml, and CLDR's of countries.
"""

from __future__ import annotations

from models.local_names import TABLE
from nlp.entities.polish.lexicon import local_names

if __name__ == "__main__":
    TABLE.write_text(local_names(), encoding="utf-8")
