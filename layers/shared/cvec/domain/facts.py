"""What happens, named once: the audit trail, the log line, the metric and the replay share these words."""

from enum import StrEnum


class Fact(StrEnum):
    """Something that happened to a person's account or file, in the past tense."""

    # registration and account
    REGISTRATION_STARTED = "registration_started"
    EMAIL_CONFIRMED = "email_confirmed"
    EMAIL_CHANGED = "email_changed"
    DRAFT_ERASED = "draft_erased"
    REGISTRATION_COMPLETED = "registration_completed"
    PASSWORD_SET = "password_set"
    ACCOUNT_LOCKED = "account_locked"
    ACCOUNT_UNLOCKED = "account_unlocked"
    PROOF_SUBMITTED = "proof_submitted"
    PROOF_ACCEPTED = "proof_accepted"
    PROOF_REFUSED = "proof_refused"
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_ERASED = "account_erased"
    # file
    FILE_OPENED = "file_opened"
    FILE_PREPARED = "file_prepared"
    EXEMPTION_GRANTED = "exemption_granted"
    EXEMPTION_REVOKED = "exemption_revoked"
    LIABILITY_DENIED = "liability_denied"
    # payment
    PAYMENT_STARTED = "payment_started"
    PAYMENT_PAGE_OPENED = "payment_page_opened"
    PAYMENT_APPLIED = "payment_applied"
    PAYMENT_NOT_NEEDED = "payment_not_needed"
    PAYMENT_MISMATCHED = "payment_mismatched"
    PAYMENT_DECLINED = "payment_declined"
    PAYMENT_EXPIRED = "payment_expired"
    PAYMENT_CANCELLED = "payment_cancelled"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"
    SURPLUS_LOST = "surplus_lost"
    # payment link
    LINK_OFFERED = "link_offered"
    LINK_OPENED = "link_opened"
    LINK_ACCEPTED = "link_accepted"
    LINK_DECLINED = "link_declined"
    LINK_EXPIRED = "link_expired"
    LINK_REVOKED = "link_revoked"
    # refund
    REFUND_REQUESTED = "refund_requested"
    REFUND_SUBMITTED = "refund_submitted"
    REFUND_SUCCEEDED = "refund_succeeded"
    REFUND_FAILED = "refund_failed"
    REFUND_RETRIED = "refund_retried"
    REFUND_HANDED_OVER = "refund_handed_over"
    REFUND_DROPPED = "refund_dropped"
    # certificate
    CERTIFICATE_ORDERED = "certificate_ordered"
    CERTIFICATE_ISSUED = "certificate_issued"
    CERTIFICATE_CORRECTED = "certificate_corrected"
    CERTIFICATE_SUSPENDED = "certificate_suspended"
    CERTIFICATE_RESTORED = "certificate_restored"
    CERTIFICATE_REVOKED = "certificate_revoked"
    # document
    DOCUMENT_ASKED = "document_asked"
    DOCUMENT_RECEIVED = "document_received"
    DOCUMENT_CLEARED = "document_cleared"
    DOCUMENT_REFUSED = "document_refused"
    DOCUMENT_DECIDED = "document_decided"
    DOCUMENT_ERASED = "document_erased"
    # mail
    MAIL_WRITTEN = "mail_written"
    MAIL_SENT = "mail_sent"
    MAIL_ABANDONED = "mail_abandoned"
