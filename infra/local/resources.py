"""How each kind of resource comes to be in moto, with the properties that matter for behaviour.

Each maker takes the cloud, the name to give and the resolved properties, may be called again on what exists already,
and tells the addresses by which the template refers to the resource: `Ref` and the attributes of `GetAtt`.
"""

import json
import secrets
import string
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from infra.local.moto_cloud import REGION, MotoCloud

Properties = dict[str, Any]
Addresses = dict[str, str]
Maker = Callable[[MotoCloud, str, Properties], Addresses]

PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


class UnknownPropertyError(Exception):
    """A resource asks for behaviour that would be silently missing on the laptop."""


def _refuse_unknown(name: str, properties: Properties, known: Iterable[str]) -> None:
    unknown = properties.keys() - set(known) - {"Tags"}
    if unknown:
        raise UnknownPropertyError(f"{name}: teach infra/local/resources.py about {', '.join(sorted(unknown))}")


_TABLE_AS_IT_IS = (
    "BillingMode",
    "AttributeDefinitions",
    "KeySchema",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "ProvisionedThroughput",
    "DeletionProtectionEnabled",
)

_TABLE_TRANSLATED = (
    "TableName",
    "StreamSpecification",
    "SSESpecification",
    "TimeToLiveSpecification",
    "PointInTimeRecoverySpecification",
)


def table(cloud: MotoCloud, name: str, properties: Properties) -> Addresses:
    """A table with its keys, indexes, encryption, stream and time to live."""
    _refuse_unknown(name, properties, _TABLE_AS_IT_IS + _TABLE_TRANSLATED)
    dynamodb = cloud.client("dynamodb")
    try:
        dynamodb.create_table(TableName=name, **_table_arguments(properties))
    except dynamodb.exceptions.ResourceInUseException:
        pass
    else:
        _after_table(dynamodb, name, properties)
    made = dynamodb.describe_table(TableName=name)["Table"]
    return {"Ref": name, "Arn": made["TableArn"], "StreamArn": made.get("LatestStreamArn", "")}


def _table_arguments(properties: Properties) -> Properties:
    arguments = {key: properties[key] for key in _TABLE_AS_IT_IS if key in properties}
    if "StreamSpecification" in properties:
        arguments["StreamSpecification"] = {"StreamEnabled": True, **properties["StreamSpecification"]}
    if "SSESpecification" in properties:
        sealed = dict(properties["SSESpecification"])
        arguments["SSESpecification"] = {"Enabled": sealed.pop("SSEEnabled"), **sealed}
    return arguments


def _after_table(dynamodb: Any, name: str, properties: Properties) -> None:
    if "TimeToLiveSpecification" in properties:
        wanted = properties["TimeToLiveSpecification"]
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=wanted)
    if "PointInTimeRecoverySpecification" in properties:
        wanted = properties["PointInTimeRecoverySpecification"]
        dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=wanted)


def bucket(cloud: MotoCloud, name: str, properties: Properties) -> Addresses:
    """A bucket with its versions, lifecycle, encryption, CORS and public access block; uploads.py plays its notices."""
    wishes = _bucket_wishes(cloud.client("s3"))
    _refuse_unknown(name, properties, ["BucketName", "NotificationConfiguration", *wishes])
    s3 = cloud.client("s3")
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    for wish in properties.keys() & wishes.keys():
        put, argument, translate = wishes[wish]
        put(**{"Bucket": name, argument: translate(properties[wish])})
    return {"Ref": name, "Arn": f"arn:aws:s3:::{name}", "DomainName": f"{name}.s3.amazonaws.com"}


def _bucket_wishes(s3: Any) -> dict[str, tuple[Callable[..., Any], str, Callable[[Any], Any]]]:
    """Property of the template to: the call that grants it, its argument, and the API's words for it."""
    return {
        "VersioningConfiguration": (s3.put_bucket_versioning, "VersioningConfiguration", dict),
        "PublicAccessBlockConfiguration": (s3.put_public_access_block, "PublicAccessBlockConfiguration", dict),
        "LifecycleConfiguration": (
            s3.put_bucket_lifecycle_configuration,
            "LifecycleConfiguration",
            lambda wish: {"Rules": [_lifecycle_rule(rule) for rule in wish["Rules"]]},
        ),
        "BucketEncryption": (s3.put_bucket_encryption, "ServerSideEncryptionConfiguration", _encryption),
        "CorsConfiguration": (s3.put_bucket_cors, "CORSConfiguration", _cors),
    }


def _encryption(wish: Properties) -> Properties:
    """CloudFormation's encryption in the S3 API's words."""
    rules = [dict(rule) for rule in wish["ServerSideEncryptionConfiguration"]]
    for rule in rules:
        rule["ApplyServerSideEncryptionByDefault"] = rule.pop("ServerSideEncryptionByDefault")
    return {"Rules": rules}


def _cors(wish: Properties) -> Properties:
    """CloudFormation's CORS rules in the S3 API's words."""
    renamed = {"ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds", "Id": "ID"}
    return {"CORSRules": [{renamed.get(word, word): said for word, said in rule.items()} for rule in wish["CorsRules"]]}


def _lifecycle_rule(declared: Properties) -> Properties:
    """CloudFormation's rule in the S3 API's words."""
    rule = {"ID": declared.get("Id", "rule"), "Status": declared["Status"]}
    rule["Filter"] = {"Prefix": declared.get("Prefix", "")}
    if "ExpirationInDays" in declared:
        rule["Expiration"] = {"Days": declared["ExpirationInDays"]}
    for same in ("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"):
        if same in declared:
            rule[same] = declared[same]
    return rule


def queue(cloud: MotoCloud, name: str, properties: Properties) -> Addresses:
    """A queue with its timing and where its messages go after too many tries."""
    sqs = cloud.client("sqs")
    attributes = {key: _attribute(value) for key, value in properties.items() if key not in {"QueueName", "Tags"}}
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return {"Ref": url, "Arn": arn, "QueueName": name, "QueueUrl": url}


def _attribute(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def secret(cloud: MotoCloud, name: str, properties: Properties) -> Addresses:
    """A secret, given or generated as the template says."""
    client = cloud.client("secretsmanager")
    value = properties.get("SecretString") or _generated(properties.get("GenerateSecretString", {}))
    try:
        arn = client.create_secret(Name=name, SecretString=value)["ARN"]
    except client.exceptions.ResourceExistsException:
        arn = client.describe_secret(SecretId=name)["ARN"]
    return {"Ref": arn, "Id": arn}


def _generated(wanted: Properties) -> str:
    """What GenerateSecretString makes: a password, alone or as one key of a JSON template."""
    punctuation = "" if wanted.get("ExcludePunctuation") else PUNCTUATION
    allowed = set(string.ascii_letters + string.digits + punctuation) - set(wanted.get("ExcludeCharacters", ""))
    letters = sorted(allowed)
    password = "".join(secrets.choice(letters) for _ in range(int(wanted.get("PasswordLength", 32))))
    if "SecretStringTemplate" not in wanted:
        return password
    return json.dumps({**json.loads(wanted["SecretStringTemplate"]), wanted["GenerateStringKey"]: password})


def key(cloud: MotoCloud, name: str, properties: Properties) -> Addresses:
    """A key of KMS, found again by its alias."""
    kms, alias = cloud.client("kms"), f"alias/{name}"
    try:
        made = kms.describe_key(KeyId=alias)["KeyMetadata"]
    except kms.exceptions.NotFoundException:
        kinds = {word: properties[word] for word in ("Description", "KeySpec", "KeyUsage") if word in properties}
        made = kms.create_key(**kinds)["KeyMetadata"]
        kms.create_alias(AliasName=alias, TargetKeyId=made["KeyId"])
    return {"Ref": made["KeyId"], "KeyId": made["KeyId"], "Arn": made["Arn"]}


def mail_identity(cloud: MotoCloud, name: str, properties: Properties) -> Addresses:
    """A domain or an address from which mail may leave; mail_events.py plays the events of its configuration set."""
    _refuse_unknown(name, properties, ["EmailIdentity", "ConfigurationSetAttributes"])
    identity, ses = properties.get("EmailIdentity", name), cloud.client("sesv2")
    with suppress(ses.exceptions.AlreadyExistsException):
        ses.create_email_identity(EmailIdentity=identity)
    return {"Ref": identity}
