"""What IPTC's schema of ninjs 3.1 says of the properties that an export has, in our own words.

Where that schema lets a property be left out or be one of many things, this one is stricter: it
lets through only what we write, all of which the standard lets through. Compared by hand with
`specification/ninjs-schema_3.1.json` of github.com/iptc/newsinjson (CC BY 4.0) at 3ace3970.
"""

from __future__ import annotations

from typing import Any

TEXT: dict[str, Any] = {"type": "string"}
URI = TEXT | {"format": "uri"}
TIME = TEXT | {"format": "date-time"}
PERCENT = {"type": "integer", "minimum": 0, "maximum": 100}


def _object(*required: str, **properties: object) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": list(required),
    }


def _list(**kind: Any) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "items": kind}


NAMED = _object("name", "literal", name=TEXT, literal=TEXT, rel=TEXT)
VALUED = _object("value", role=TEXT, contentType=TEXT, value=TEXT)
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_object(
        *("uri", "type", "representationType", "versionCreated", "headlines", "standard"),
        uri=URI,
        type={"const": "text"},
        representationType={"enum": ["full", "partial"]},
        profile=TEXT,
        version=TEXT,
        versionCreated=TIME,
        contentCreated=TIME,
        language=TEXT,
        copyrightHolder=TEXT,
        headlines=_list(**VALUED),
        descriptions=_list(**VALUED),
        bodies=_list(**VALUED),
        people=_list(**NAMED),
        organisations=_list(**NAMED),
        places=_list(**NAMED),
        events=_list(**NAMED),
        infoSources=_list(**_object("name", name=TEXT)),
        altIds=_list(**_object("role", "value", role=TEXT, value=TEXT)),
        subjects=_list(
            **_object(
                *("name", "literal", "creator", "confidence"),
                name=TEXT,
                literal=TEXT,
                uri=URI,
                creator=TEXT,
                confidence=PERCENT,
            )
        ),
        standard=_object("name", "version", "schema", name=TEXT, version=TEXT, schema=URI),
    ),
}
