"""The template as CloudFormation will see it: SAM's transform, without AWS."""

import json
from functools import cache
from typing import Any

from boto3.session import Session
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from infra.local import template_yaml
from infra.local.moto_cloud import REGION
from tests.house.building import TEMPLATE

_PLACES = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}


@cache
def transformed() -> dict[str, Any]:
    """The CloudFormation of template.yaml, its code uploaded somewhere. AWS's own policies are not needed for it."""
    document = json.loads(json.dumps(template_yaml.read(TEMPLATE)))  # anchors become copies: the transform writes
    for resource in document["Resources"].values():
        if place := _PLACES.get(resource["Type"]):
            resource["Properties"][place] = "s3://artefacts/one.zip"
    translator = Translator({}, Parser(), boto_session=Session(region_name=REGION))
    found: dict[str, Any] = translator.translate(document, {}, get_managed_policy_map=dict)
    return found
