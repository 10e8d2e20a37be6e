from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml

from tools.kubernetes.crds.check import Checked, check
from tools.kubernetes.crds.definitions import Definition, Kind, read
from tools.kubernetes.crds.rules import Answer

GROUP = "haat.example/v1"
CRD = dedent("""\
    apiVersion: apiextensions.k8s.io/v1
    kind: CustomResourceDefinition
    metadata: {name: stalls.haat.example}
    spec:
      group: haat.example
      names: {kind: Stall}
      versions:
        - name: v1
          served: true
          schema:
            openAPIV3Schema:
              type: object
              required: [spec]
              properties:
                spec:
                  type: object
                  required: [days]
                  properties:
                    days: {type: integer, minimum: 1}
                    open: {type: boolean, default: true}
                    width: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}
                    note: {type: string, nullable: true, enum: [खाद्य, कपड़ा]}
                    goods:
                      type: array
                      items:
                        type: object
                        properties:
                          line: {type: string}
                          first-day: {type: integer, default: 1}
                        x-kubernetes-validations:
                          - {rule: self.__dash__ == 1, message: nobody says so}
                          - {rule: self.first__dash__day < 8, message: the first day is within a week}
                    anything: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {a: {}}}
                    labels: {type: object, additionalProperties: {type: string}}
                  oneOf:
                    - required: [goods]
                    - required: [labels]
                  x-kubernetes-validations:
                    - {rule: self.open || self.days == 1, message: a closed stall has one day}
                    - {rule: self.days >= oldSelf.days, message: days are never taken away}
        - name: v0
          served: false
          schema: {openAPIV3Schema: {type: object}}
    """)


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dict[Kind, Definition]:
    folder = tmp_path_factory.mktemp("crds")
    (folder / "stalls.yaml").write_text(CRD, encoding="utf-8")
    return read(folder)


def checked(definitions: dict[Kind, Definition], **spec: Any) -> Checked:
    document = {"apiVersion": GROUP, "kind": "Stall", "metadata": {"name": "s"}, "spec": {"days": 2, **spec}}
    return check([document], definitions)


def test_versions_that_are_not_served_are_unknown(definitions: dict[Kind, Definition]) -> None:
    assert set(definitions) == {(GROUP, "Stall")}


def test_what_a_cluster_lists_is_read_too(definitions: dict[Kind, Definition], tmp_path: Path) -> None:
    whole = {"apiVersion": "v1", "kind": "List", "items": [yaml.safe_load(CRD)]}
    (tmp_path / "cluster.yaml").write_text(yaml.safe_dump(whole), encoding="utf-8")
    assert read(tmp_path) == definitions


def test_a_sound_resource_has_no_fault(definitions: dict[Kind, Definition]) -> None:
    done = checked(definitions, width="2m", note=None, labels={"a": "b"}, anything={"b": 1})
    assert done.faults == []
    assert done.answers == {Answer.HOLDS: 1, Answer.OF_CHANGES: 1}


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        ({"labels": {}, "dyas": 3}, "'dyas' was unexpected"),
        ({"labels": {}, "days": 0}, "less than the minimum"),
        ({"labels": {}, "width": True}, "is not of type 'integer', 'string'"),
        ({"labels": {}, "note": "माती"}, "is not one of"),
        ({"labels": {"a": 1}}, "$.spec.labels.a"),
        ({"goods": [{"colour": "red"}]}, "$.spec.goods[0]"),
        ({}, "is not valid under any of the given schemas"),
        ({"labels": {}, "open": False}, "$.spec: a closed stall has one day"),
        ({"goods": [{"first-day": 9}]}, "$.spec.goods[0]: the first day is within a week"),
    ],
)
def test_a_fault_is_named_with_its_place(
    definitions: dict[Kind, Definition], spec: dict[str, Any], complaint: str
) -> None:
    assert any(complaint in fault for fault in checked(definitions, **spec).faults)


def test_rules_see_the_defaults(definitions: dict[Kind, Definition]) -> None:
    assert checked(definitions, labels={}).faults == []


def test_a_rule_that_cannot_be_evaluated_is_listed_and_not_counted_as_held(definitions: dict[Kind, Definition]) -> None:
    done = checked(definitions, goods=[{"line": "लोणचे"}])
    assert done.faults == []
    assert (done.answers[Answer.NOT_EVALUATED], done.answers[Answer.HOLDS]) == (1, 2)
    assert any(line.startswith("  not evaluated (1×): self.__dash__ == 1") for line in done.lines())


def test_a_kind_without_a_definition_is_told(definitions: dict[Kind, Definition]) -> None:
    stall = {"apiVersion": GROUP, "kind": "Stall", "metadata": {"name": "s"}, "spec": {"days": 1, "labels": {}}}
    done = check([stall, {"apiVersion": GROUP, "kind": "Fair", "metadata": {"name": "f"}}], definitions)
    assert "  NOT CHECKED, no CRD here: Fair of haat.example/v1 (1)" in done.lines()
