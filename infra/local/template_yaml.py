"""Reads a template's YAML: short tags become the long intrinsic functions, anchors and merges are followed."""

from pathlib import Path
from typing import Any

import yaml


class TemplateLoader(yaml.SafeLoader):
    """A safe loader that also knows CloudFormation's short tags."""


def _construct(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    raise yaml.constructor.ConstructorError(None, None, f"unreadable node {node.tag}", node.start_mark)


def _short_tag(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    """`!Ref x` is `{"Ref": x}`, `!GetAtt a.B` is `{"Fn::GetAtt": ["a", "B"]}`, any other `!X y` is `{"Fn::X": y}`."""
    value = _construct(loader, node)
    if suffix in {"Ref", "Condition"}:
        return {suffix: value}
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{suffix}": value}


TemplateLoader.add_multi_constructor("!", _short_tag)


def read(path: Path) -> dict[str, Any]:
    """The document as plain dicts and lists. Raises ``yaml.YAMLError`` when it is not YAML."""
    document = yaml.load(path.read_text(encoding="utf-8"), Loader=TemplateLoader)  # noqa: S506  # a SafeLoader
    if not isinstance(document, dict) or "Resources" not in document:
        raise yaml.YAMLError(f"{path.name} holds no Resources")
    return document
