"""The API does what its OpenAPI document says, for whatever anybody sends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from models.accounts import Role
from tests.web.accounts_of import add_token, add_user
from tests.web.sample_site import Site, open_site
from web.api.openapi import document


@schemathesis.serializer("text/x-opml")
def as_text(_context: object, value: object) -> bytes:
    """Send a file as it is."""
    return str(value).encode("utf-8", "replace")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_site(tmp_path_factory.mktemp("site")) as opened:
        yield opened


@pytest.mark.parametrize("examples", [3, pytest.param(25, marks=pytest.mark.slow)])
def test_every_answer_is_as_described(site: Site, examples: int) -> None:
    """But for one check: no schema can say which queries, dates and cursors can be read."""
    check_every_operation(site, {}, examples)


@pytest.mark.slow
def test_every_answer_is_as_described_to_who_may_do_all(tmp_path: Path) -> None:
    with open_site(tmp_path) as site:
        add_user(site.store, "ada", Role.ADMIN)
        token = add_token(site.store, "ada", Role.ADMIN)
        check_every_operation(site, {"Authorization": f"Bearer {token}"}, 25)


def check_every_operation(site: Site, headers: dict[str, str], examples: int) -> None:
    described = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", site.client.application, headers=headers
    )
    results = list(described.get_all_operations())
    operations = [result.ok() for result in results if isinstance(result, Ok)]
    assert len(operations) == len(results)
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
        def answers(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(
                headers=headers, excluded_checks=[positive_data_acceptance, ignored_auth]
            )

        answers()
    assert len(operations) >= 14


def test_the_document_is_openapi_3_1_and_names_every_view_once(site: Site) -> None:
    found: Any = site.client.get("/api/v1/openapi.json").json
    assert found["openapi"].startswith("3.1")
    operations = [each for path in found["paths"].values() for each in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names)) >= 14
    assert all(operation["summary"].endswith((".", ":")) for operation in operations)
    rules = {
        str(rule)
        for rule in site.client.application.url_map.iter_rules()
        if str(rule).startswith("/api/v1/") and rule.endpoint != "api.openapi"
    }
    assert len(rules) == len(found["paths"])


def test_no_two_types_share_a_name(site: Site) -> None:
    with site.client.application.test_request_context():
        schemas = document()["components"]["schemas"]
    refs = {name for name in schemas if "." in name}
    assert not refs
