"""Croissant 1.1: machine-readable metadata of the dataset (https://docs.mlcommons.org/croissant)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from export.columns import COLUMNS
from export.description.facts import DataFile, Facts

CONFORMS_TO = "http://mlcommons.org/croissant/1.1"
_OURS = (
    *("arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field"),
    *("fileObject", "fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset"),
    *("jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex"),
    *("repeated", "replace", "samplingRate", "separator", "source", "subField", "transform"),
)
"""Terms that the context gives to Croissant's own vocabulary; it is the same in every file."""
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "name": {"@container": "@language"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    **{term: f"cr:{term}" for term in _OURS},
}
_DATA_TYPES = {"text": "sc:Text", "time": "sc:DateTime", "integer": "sc:Integer"}
_WITH_FIELDS = {"csv", "jsonl", "parquet", "hf"}


def croissant(facts: Facts) -> dict[str, Any]:
    """Return the metadata of an export; rows are described where they are a table."""
    found: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": facts.name,
        "description": f"{facts.title}. {facts.rights}",
        "version": facts.moment[:10].replace("-", "."),
        "datePublished": facts.moment,
        "license": facts.rights,
        "citeAs": facts.citation,
        "url": f"urn:slugline:{facts.store}",
        "creator": {"@type": "sc:Organization", "name": f"Slugline {facts.version}"},
        "inLanguage": sorted(code for code in facts.tally.languages if code != "und"),
        "keywords": sorted(facts.tally.topics),
        "rai:dataCollection": "; ".join(f"{name}: {value}" for name, value in facts.asked.items()),
        "rai:dataAnnotationPlatform": ", ".join(sorted(facts.tally.models)),
        "distribution": [_file_object(file, facts) for file in facts.files],
    }
    if facts.format in _WITH_FIELDS:
        found["recordSet"] = [_record_set(number, facts) for number in range(len(facts.files))]
    return {key: value for key, value in found.items() if value not in ("", [])}


def _file_object(file: DataFile, facts: Facts) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": _id(file),
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.size} B",
        "encodingFormat": {
            "jsonl": "application/jsonlines",
            "parquet": "application/x-parquet",
            "hf": "application/x-parquet",
        }.get(facts.format, facts.media_type or "application/octet-stream"),
        "sha256": file.sha256,
    }


def _id(file: DataFile) -> str:
    """Return an id that an IRI can be made of, whatever the file is called."""
    return quote(file.path, safe="/.-_").replace("%", "_")


def _record_set(number: int, facts: Facts) -> dict[str, Any]:
    file = facts.files[number]
    name = f"articles-{number}" if len(facts.files) > 1 else "articles"
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"The articles in {file.path}.",
        "field": list(_fields(name, file, facts)),
    }


def _fields(record_set: str, file: DataFile, facts: Facts) -> Iterator[dict[str, Any]]:
    """Yield the columns that are one value an article; datapackage.json and the card have all."""
    meanings = {column.name: column for column in COLUMNS}
    for name in facts.columns:
        column = meanings.get(name)
        kind = column.kind if column else "text"
        if kind not in _DATA_TYPES:
            continue
        yield {
            "@type": "cr:Field",
            "@id": f"{record_set}/{name}",
            "name": name,
            "description": column.meaning if column else name,
            "dataType": _DATA_TYPES[kind],
            "source": {"fileObject": {"@id": _id(file)}, "extract": {"column": name}},
        }
