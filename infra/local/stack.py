"""Everything the template declares besides functions, made in moto in the order in which it depends on itself."""

from infra.local import resources
from infra.local.intrinsics import nominal
from infra.local.moto_cloud import MotoCloud
from infra.local.resources import Addresses, Maker
from infra.local.template import API, FUNCTION, Template

MAKERS: dict[str, Maker] = {
    "AWS::DynamoDB::Table": resources.table,
    "AWS::S3::Bucket": resources.bucket,
    "AWS::SQS::Queue": resources.queue,
    "AWS::SecretsManager::Secret": resources.secret,
    "AWS::KMS::Key": resources.key,
    "AWS::SES::EmailIdentity": resources.mail_identity,
}

NOTHING_TO_MAKE = {
    FUNCTION: "functions.py loads it",
    API: "gateway.py is the API",
    "AWS::Serverless::LayerVersion": "the layer is on the path already",
    "AWS::CloudWatch::Alarm": "nobody is woken up",
    "AWS::CloudWatch::Dashboard": "nobody is looking",
    "AWS::Logs::LogGroup": "logs go to a file or to the terminal",
    "AWS::Logs::MetricFilter": "no metrics here",
    "AWS::S3::BucketPolicy": "moto would refuse our own plain http",
    "AWS::SQS::QueuePolicy": "one account, no policy",
    "AWS::IAM::Role": "least privilege is checked by a house test",
    "AWS::IAM::ManagedPolicy": "least privilege is checked by a house test",
    "AWS::KMS::Alias": "keys are found by their id",
    "AWS::SES::ConfigurationSet": "mail_events.py plays its events",
    "AWS::SES::ConfigurationSetEventDestination": "mail_events.py plays its events",
    "AWS::GuardDuty::MalwareProtectionPlan": "no GuardDuty here: MALWARE_SCAN=laptop says so",
    "AWS::Events::Rule": "GuardDuty is not here, and mail_events.py brings SES's events to their queue",
    "AWS::SNS::Topic": "nobody is woken up",
    "AWS::SNS::Subscription": "nobody is woken up",
}
"""Types that need nothing on a laptop, and why."""

_NAMED_BY = ("TableName", "BucketName", "QueueName", "Name")


class UnknownResourceError(Exception):
    """The template declares a type that the laptop's cloud neither makes nor may leave out."""


class CircularTemplateError(Exception):
    """A resource needs itself to exist."""


class Stack:
    """The resources of one template in one cloud. ``create`` may be repeated: what exists is left as it is."""

    def __init__(self, template: Template, cloud: MotoCloud) -> None:
        self._refuse_unknown_types(template)
        self._cloud = cloud
        self._made: dict[str, Addresses] = {}
        self._being_made: list[str] = []
        self.template = template.at(self.address, **{"AWS::AccountId": cloud.account})
        """The template whose functions and settings hold real addresses."""

    @staticmethod
    def _refuse_unknown_types(template: Template) -> None:
        for logical, declared in template.resources.items():
            if declared["Type"] not in MAKERS and declared["Type"] not in NOTHING_TO_MAKE:
                raise UnknownResourceError(
                    f"{logical} is of type {declared['Type']}: teach infra/local/resources.py to make it,"
                    " or say in infra/local/stack.py why a laptop does not need it"
                )

    def create(self) -> None:
        """Make every resource that is not there yet."""
        for logical in self.template.resources:
            self._make(logical)

    def address(self, logical: str, attribute: str) -> str:
        """A resource's name or attribute; makes the resource first when it does not exist yet."""
        self._make(logical)
        return self._made[logical].get(attribute) or nominal(logical, attribute)

    def name(self, logical: str) -> str:
        """The physical name of a resource: the template's, or one unique to this cloud's account."""
        properties = self.template.resources[logical].get("Properties", {})
        given = next((properties[word] for word in _NAMED_BY if isinstance(properties.get(word), str)), None)
        return given or f"cvec-{logical.lower()}-{self._cloud.account}"

    def _make(self, logical: str) -> None:
        if logical in self._made:
            return
        if logical in self._being_made:
            raise CircularTemplateError(" needs ".join([*self._being_made, logical]))
        kind = self.template.resources[logical]["Type"]
        if kind not in MAKERS:
            self._made[logical] = {}
            return
        self._being_made.append(logical)
        self._made[logical] = MAKERS[kind](self._cloud, self.name(logical), self.template.properties(logical))
        self._being_made.pop()
