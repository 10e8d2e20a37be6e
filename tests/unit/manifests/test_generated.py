from pathlib import Path

import pytest
import yaml

from deploy.local.gateway.routes import READ, Route
from shared.contracts import TOPICS
from tools.manifests.files import MANIFESTS, ROOT, stale
from tools.manifests.objects import made, written
from tools.manifests.routes import MOST_RULES, routes
from tools.manifests.watching import dashboards


def test_what_is_made_says_what_the_code_says_now() -> None:
    old = [str(path.relative_to(ROOT)) for path in stale()]

    assert not old, f"{', '.join(old)}: `make manifests` writes them anew"


def test_every_topic_of_the_contracts_is_made_for_three_brokers_and_kept_for_ever() -> None:
    topics = list(yaml.safe_load_all((MANIFESTS / "components/kafka-strimzi/topics.yaml").read_text(encoding="utf-8")))

    assert [topic["metadata"]["name"] for topic in topics] == list(TOPICS)
    for topic in topics:
        assert (topic["spec"]["partitions"], topic["spec"]["replicas"]) == (48, 3)
        assert topic["spec"]["config"]["retention.ms"] == -1
        assert topic["spec"]["config"]["min.insync.replicas"] == 2


def test_a_route_of_more_rules_than_gateway_api_takes_is_refused() -> None:
    rows = [Route(f"/v1/wares-{n}", (), "catalog", "required", READ, 10) for n in range(MOST_RULES + 1)]

    with pytest.raises(ValueError, match="catalog-read has 17 rules"):
        routes(rows)


def test_marathi_stays_readable_and_long_texts_are_blocks(tmp_path: Path) -> None:
    (tmp_path / "haat.json").write_text('{\n  "title": "बचत हाट: ऑर्डर"\n}\n', encoding="utf-8")

    text = written("deploy/ops/dashboards", dashboards(tmp_path))

    assert "बचत हाट: ऑर्डर" in text
    assert yaml.safe_load(text)["data"]["haat.json"] == '{\n  "title": "बचत हाट: ऑर्डर"\n}\n'


def test_a_made_file_names_its_source_and_how_it_is_made() -> None:
    first = written("shared/contracts", [made("v1", "ConfigMap", "haat")]).splitlines()[0]

    assert first == "# Made by `make manifests` from shared/contracts; change that."
