"""Who owes nothing, why, and what proves it (articles L.841-5 and D.841-3; the published guide's list)."""

from enum import StrEnum

from cvec.domain.model import Value


class ExemptionReason(StrEnum):
    """Why a student is exempt."""

    SCHOLAR_CROUS = "scholar_crous"
    REFUGEE = "refugee"
    SUBSIDIARY_PROTECTION = "subsidiary_protection"
    ASYLUM_SEEKER = "asylum_seeker"
    UKRAINE_TEMPORARY_PROTECTION = "ukraine_temporary_protection"
    SCHOLAR_REGIONAL_HEALTH_SOCIAL = "scholar_regional_health_social"
    SCHOLAR_FRENCH_GOVERNMENT = "scholar_french_government"


class ReasonRule(Value):
    """One reason: whether it is recognised by itself, and otherwise what must be shown. Texts in French and English."""

    reason: ExemptionReason
    is_automatic: bool = False
    is_conditional: bool = False
    label_fr: str
    label_en: str
    proof_fr: str
    proof_en: str
    regions: tuple[str, ...] = ()


_R = ExemptionReason
REASONS: tuple[ReasonRule, ...] = (
    ReasonRule(
        reason=_R.SCHOLAR_CROUS,
        is_automatic=True,
        label_fr="Boursier sur critères sociaux (enseignement supérieur, culture, agriculture)",
        label_en="Holder of a scholarship on social criteria (higher education, culture, agriculture)",
        proof_fr="Aucun justificatif : le droit est reconnu automatiquement, même sur notification conditionnelle.",
        proof_en="No proof needed: the right is recognised by itself, even on a conditional notification.",
    ),
    ReasonRule(
        reason=_R.REFUGEE,
        label_fr="Réfugié",
        label_en="Refugee",
        proof_fr="Décision de l'OFPRA ou de la CNDA, ou titre de séjour mention « réfugié » ou son récépissé",
        proof_en="Decision of OFPRA or CNDA, or residence permit marked “réfugié” or its receipt",
    ),
    ReasonRule(
        reason=_R.SUBSIDIARY_PROTECTION,
        label_fr="Bénéficiaire de la protection subsidiaire",
        label_en="Beneficiary of subsidiary protection",
        proof_fr="Décision de l'OFPRA ou titre de séjour mention « protection subsidiaire »",
        proof_en="Decision of OFPRA or residence permit marked “protection subsidiaire”",
    ),
    ReasonRule(
        reason=_R.ASYLUM_SEEKER,
        label_fr="Demandeur d'asile disposant du droit de se maintenir sur le territoire",
        label_en="Asylum seeker with the right to remain in France",
        proof_fr="Attestation de demande d'asile en cours de validité",
        proof_en="Certificate of asylum application (attestation de demande d'asile), still valid",
    ),
    ReasonRule(
        reason=_R.UKRAINE_TEMPORARY_PROTECTION,
        is_conditional=True,
        label_fr="Étudiant déplacé d'Ukraine bénéficiant de la protection temporaire",
        label_en="Student displaced from Ukraine under temporary protection",
        proof_fr="Autorisation provisoire de séjour mention « protection temporaire »",
        proof_en="Provisional residence authorisation marked “protection temporaire”",
    ),
    ReasonRule(
        reason=_R.SCHOLAR_REGIONAL_HEALTH_SOCIAL,
        label_fr="Boursier des formations sanitaires et sociales d'une région",
        label_en="Holder of a regional scholarship for health and social training",
        proof_fr="Notification d'attribution de la bourse régionale",
        proof_en="Award notice of the regional scholarship",
        regions=(
            "Hauts-de-France",
            "Île-de-France",
            "Pays de la Loire",
            "Occitanie",
            "Auvergne-Rhône-Alpes",
            "Grand Est",
        ),
    ),
    ReasonRule(
        reason=_R.SCHOLAR_FRENCH_GOVERNMENT,
        label_fr="Étudiant international boursier du gouvernement français (BGF)",
        label_en="International student holding a French government scholarship (BGF)",
        proof_fr="Attestation de bourse de Campus France",
        proof_en="Scholarship certificate from Campus France",
    ),
)
