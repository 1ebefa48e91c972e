"""The settings of a deployment: the only room that reads the environment. `template.yaml` gives every one of them."""

import os
from collections.abc import Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from cvec.domain.passwords import PasswordPolicy


class Stage(StrEnum):
    """What a deployment is for."""

    TEST = "test"
    PROD = "prod"


class MalwareScan(StrEnum):
    """Who looks for malware in what people send."""

    GUARDDUTY = "guardduty"
    LAPTOP = "laptop"


class Settings(BaseModel):
    """Each field is an environment variable in capitals; README.md has the table."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    stage: Stage = Field(description="`prod` refuses test cards and stand-ins")
    service_name: str = Field(description="the name of this deployment on pages, mails and certificates")
    site_url: str = Field(description="where people reach the service, without a trailing slash")
    records_table: str = Field(description="the table of what lasts")
    tickets_table: str = Field(description="the table of what is short-lived")
    certificates_bucket: str = Field(description="where certificates are kept")
    catalogue_bucket: str = Field(description="where the list of institutions is kept, once one was imported")
    documents_bucket: str = Field(description="where documents come in, and their clean copies are kept")
    upload_base: str = Field(description="empty, or where a stand-in takes uploads in S3's stead")
    malware_scan: MalwareScan = Field(description="`guardduty`, or `laptop`: ClamAV if it is there, else nobody")
    app_secret: str = Field(description="the secret from which codes, links and claims are derived")
    card_secret: str = Field(description="the secret that holds the card provider's key and signing secrets")
    card_api_base: str = Field(description="empty, or where the card provider's stand-in answers")
    card_notifications_queue: str = Field(description="the queue of notifications to look into")
    mail_sender: str = Field(description="the address mails leave from")
    password_policy: PasswordPolicy = Field(description="`modern`, or `guide` to match the original service")
    powertools_metrics_namespace: str = Field(description="the namespace of metrics")
    log_level: str = Field(description="how much is logged")

    @property
    def is_live(self) -> bool:
        """Whether real money moves."""
        return self.stage is Stage.PROD


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the running function. Raises pydantic's ValidationError, naming what is missing."""
    given = {name: environment.get(name.upper()) for name in Settings.model_fields}
    return Settings.model_validate({name: value for name, value in given.items() if value is not None})
