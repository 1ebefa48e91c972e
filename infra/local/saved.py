"""What is worth keeping of each AWS service, as JSON, and how it comes back into an empty cloud.

Each part is read and written on moto's own objects while the cloud's lock is held, because AWS's own calls cannot give
back what must survive: a message's number of tries, an object's version. Resources are called by their logical names,
so that a state fits any account. Keys of KMS are not kept: they seal nothing that is read back outside moto.
"""

from collections.abc import Callable
from dataclasses import dataclass

from moto.dynamodb.models import dynamodb_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.ses.models import Message as PlainMail
from moto.ses.models import RawMessage, ses_backends
from moto.sqs.models import Message, sqs_backends

from infra.local import saved_objects
from infra.local.place import Json, Place


@dataclass(frozen=True)
class Part:
    """One service: how its content is taken and put back."""

    service: str
    take: Callable[[Place], Json]
    put: Callable[[Place, Json], None]


def _take_rows(place: Place) -> Json:
    tables = place.backend(dynamodb_backends).tables
    return {
        logical: [row.to_json()["Attributes"] for row in tables[name].all_items()]
        for logical, name in place.named("AWS::DynamoDB::Table")
    }


def _put_rows(place: Place, kept: Json) -> None:
    """Write the rows again: each becomes an INSERT in its stream, so what is still work is worked on.

    Nobody knows which records were consumed before a hard stop; the filters drop the rows that are no work any more,
    and consumers are idempotent. At least once, as on AWS.
    """
    for logical, name in place.named("AWS::DynamoDB::Table"):
        for row in kept.get(logical, []):
            place.backend(dynamodb_backends).put_item(name, row)


_MESSAGE = (
    "message_attributes",
    "sent_timestamp",
    "approximate_first_receive_timestamp",
    "approximate_receive_count",
    "delayed_until",
    "group_id",
    "deduplication_id",
    "sequence_number",
)
"""What a message keeps besides its text. Not its visibility: whoever was working on it is gone."""


def _take_messages(place: Place) -> Json:
    queues = place.backend(sqs_backends).queues
    return {
        logical: [
            {"id": one.id, "body": one.body, **{word: getattr(one, word) for word in _MESSAGE}}
            for one in queues[name]._messages
        ]
        for logical, name in place.named("AWS::SQS::Queue")
    }


def _put_messages(place: Place, kept: Json) -> None:
    for logical, name in place.named("AWS::SQS::Queue"):
        for one in kept.get(logical, []):
            message = Message(one["id"], one["body"])
            for word in _MESSAGE:
                setattr(message, word, one[word])
            place.backend(sqs_backends).queues[name].add_message(message)


def _take_mails(place: Place) -> Json:
    return [vars(mail) for mail in place.backend(ses_backends).sent_messages]


def _put_mails(place: Place, kept: Json) -> None:
    taken = place.backend(ses_backends).sent_messages
    for one in kept:
        mail = {**one, "message_id": one["id"]}
        del mail["id"]
        taken.append(RawMessage(**mail) if "raw_data" in one else PlainMail(**mail))


def _take_secrets(place: Place) -> Json:
    secrets = place.backend(secretsmanager_backends).secrets
    kept = {}
    for logical, name in place.named("AWS::SecretsManager::Secret"):
        secret = secrets[name]
        kept[logical] = secret.versions[secret.default_version_id]["secret_string"]
    return kept


def _put_secrets(place: Place, kept: Json) -> None:
    secrets = place.backend(secretsmanager_backends).secrets
    for logical, name in place.named("AWS::SecretsManager::Secret"):
        if logical in kept:
            secret = secrets[name]
            secret.versions[secret.default_version_id]["secret_string"] = kept[logical]


PARTS = (
    Part("secretsmanager", _take_secrets, _put_secrets),
    Part("s3", saved_objects.take, saved_objects.put),
    Part("ses", _take_mails, _put_mails),
    Part("dynamodb", _take_rows, _put_rows),
    Part("sqs", _take_messages, _put_messages),
)
"""In the order in which they are written: what a row refers to is on the disk before the row."""
