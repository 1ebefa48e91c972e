"""The words of the two pages, in French and in English."""

from typing import Literal

from infra.local.card_provider.declines import AUTHENTICATION_FAILURE

Language = Literal["fr", "en"]
NARROW, NO_BREAK = "\u202f", "\u00a0"

FRENCH = {
    "title": "Paiement par carte",
    "stand_in": "Page de démonstration",
    "stand_in_more": "Ceci n’est pas une banque. Aucune carte réelle n’est débitée : utilisez une carte d’essai.",
    "to_pay": "À payer",
    "email": "Adresse électronique",
    "email_hint": "Par exemple prenom.nom@exemple.fr",
    "number": "Numéro de carte",
    "number_hint": "Les chiffres, avec ou sans espaces",
    "expiry": "Expiration",
    "expiry_hint": "Mois et année, comme 12/29",
    "cvc": "Code de sécurité",
    "cvc_hint": "3 chiffres au dos de la carte",
    "name": "Nom du titulaire",
    "name_hint": "Tel qu’il figure sur la carte",
    "pay": "Payer",
    "back": "Annuler et revenir",
    "error_title": "Le paiement n’a pas eu lieu",
    "form_title": "Des informations sont à corriger",
    "error": "Erreur",
    "error_is": "Erreur : ",
    "test_cards": "Cartes d’essai",
    "test_cards_more": "Avec une date d’expiration à venir et trois chiffres au choix.",
    "bank_title": "Confirmez votre paiement",
    "bank_stand_in_more": "Votre vraie banque n’est pas contactée : choisissez vous-même sa réponse.",
    "bank_more": "Votre banque vous demande de confirmer que vous êtes à l’origine de ce paiement.",
    "card": "Carte",
    "merchant": "Objet",
    "approve": "Confirmer le paiement",
    "refuse": "Refuser",
    "paid_title": "Le paiement est fait",
    "paid_more": "Cette page a déjà servi : rien de plus ne sera débité.",
    "expired_title": "Cette page de paiement n’est plus valable",
    "expired_more": "Rien n’a été débité ici. Revenez au site pour ouvrir une nouvelle page.",
    "unknown_title": "Page de paiement inconnue",
    "unknown_more": "Vérifiez l’adresse, ou revenez au site d’où vous venez.",
    "continue": "Continuer",
    "return": "Revenir au site",
    "example_ok": "acceptée",
    "example_cb": "acceptée, réseau CB",
    "example_challenge": "demande la confirmation de la banque",
    "example_challenge_declined": "confirmée, puis refusée",
    "example_funds": "provision insuffisante",
    "example_declined": "refusée",
    "example_dispute": "acceptée, puis contestée",
    "example_refund_slow": "acceptée ; son remboursement prend du temps",
    "example_refund_fails": "acceptée ; son remboursement échoue",
}

ENGLISH = {
    "title": "Card payment",
    "stand_in": "Demonstration page",
    "stand_in_more": "This is not a bank. No real card is charged: use a test card.",
    "to_pay": "To pay",
    "email": "Email address",
    "email_hint": "For example first.last@example.org",
    "number": "Card number",
    "number_hint": "The digits, with or without spaces",
    "expiry": "Expiry date",
    "expiry_hint": "Month and year, like 12/29",
    "cvc": "Security code",
    "cvc_hint": "3 digits on the back of the card",
    "name": "Name on the card",
    "name_hint": "As it appears on the card",
    "pay": "Pay",
    "back": "Cancel and go back",
    "error_title": "The payment did not go through",
    "form_title": "Some details need correcting",
    "error": "Error",
    "error_is": "Error: ",
    "test_cards": "Test cards",
    "test_cards_more": "With any future expiry date and any three digits.",
    "bank_title": "Confirm your payment",
    "bank_stand_in_more": "Your real bank is not contacted: choose its answer yourself.",
    "bank_more": "Your bank asks you to confirm that you are making this payment.",
    "card": "Card",
    "merchant": "For",
    "approve": "Confirm the payment",
    "refuse": "Refuse",
    "paid_title": "The payment is done",
    "paid_more": "This page has already been used: nothing more will be charged.",
    "expired_title": "This payment page is no longer valid",
    "expired_more": "Nothing was charged here. Go back to the site to open a new page.",
    "unknown_title": "Unknown payment page",
    "unknown_more": "Check the address, or go back to the site you came from.",
    "continue": "Continue",
    "return": "Back to the site",
    "example_ok": "accepted",
    "example_cb": "accepted, CB network",
    "example_challenge": "asks for the bank’s confirmation",
    "example_challenge_declined": "confirmed, then declined",
    "example_funds": "insufficient funds",
    "example_declined": "declined",
    "example_dispute": "accepted, then disputed",
    "example_refund_slow": "accepted; its refund takes time",
    "example_refund_fails": "accepted; its refund fails",
}

FRENCH_FAULTS = {
    "email": "Indiquez une adresse électronique, comme prenom.nom@exemple.fr.",
    "number_incomplete": "Le numéro de carte est incomplet.",
    "number_false": "Ce numéro de carte n’est pas valide.",
    "brand_blocked": "Cette marque de carte n’est pas acceptée ici.",
    "expiry_unreadable": "Indiquez le mois et l’année, comme 12/29.",
    "expiry_past": "La date d’expiration de la carte est passée.",
    "cvc": "Le code de sécurité est incomplet.",
    "name": "Indiquez le nom qui figure sur la carte.",
    "generic_decline": "Votre carte a été refusée. Rien n’a été débité. Essayez une autre carte.",
    "insufficient_funds": "La provision de votre carte est insuffisante. Rien n’a été débité.",
    "expired_card": "Votre carte a expiré. Rien n’a été débité. Essayez une autre carte.",
    "incorrect_cvc": "Le code de sécurité est incorrect. Rien n’a été débité.",
    "processing_error": "La banque n’a pas pu répondre. Rien n’a été débité. Réessayez dans un instant.",
    "test_mode_live_card": "Cette page n’accepte que les cartes d’essai. Rien n’a été débité.",
    AUTHENTICATION_FAILURE: "Votre banque n’a pas confirmé le paiement. Rien n’a été débité. Réessayez.",
}

ENGLISH_FAULTS = {
    "email": "Enter an email address, like first.last@example.org.",
    "number_incomplete": "The card number is incomplete.",
    "number_false": "This card number is not valid.",
    "brand_blocked": "This brand of card is not accepted here.",
    "expiry_unreadable": "Enter the month and the year, like 12/29.",
    "expiry_past": "The expiry date of the card has passed.",
    "cvc": "The security code is incomplete.",
    "name": "Enter the name on the card.",
    "generic_decline": "Your card was declined. Nothing was charged. Try another card.",
    "insufficient_funds": "Your card has insufficient funds. Nothing was charged.",
    "expired_card": "Your card has expired. Nothing was charged. Try another card.",
    "incorrect_cvc": "The security code is incorrect. Nothing was charged.",
    "processing_error": "The bank could not answer. Nothing was charged. Try again in a moment.",
    "test_mode_live_card": "This page only takes test cards. Nothing was charged.",
    AUTHENTICATION_FAILURE: "Your bank did not confirm the payment. Nothing was charged. Try again.",
}

WORDS: dict[Language, dict[str, str]] = {"fr": FRENCH, "en": ENGLISH}
FAULTS: dict[Language, dict[str, str]] = {"fr": FRENCH_FAULTS, "en": ENGLISH_FAULTS}


def language(locale: str | None, accepted: str | None) -> Language:
    """The language of a page: the Session's, or the browser's when the Session leaves it open.

    >>> language("fr", "en"), language("auto", "fr"), language("de", None)
    ('fr', 'fr', 'en')
    """
    wanted = accepted if locale in {None, "auto"} else locale
    return "fr" if (wanted or "en").startswith("fr") else "en"


def fault(code: str, spoken: Language) -> str:
    """What to tell the payer; a bank does not say that a card is reported lost or stolen."""
    return FAULTS[spoken].get(code, FAULTS[spoken]["generic_decline"])


def money(cents: int, spoken: Language) -> str:
    r"""An amount in euros.

    >>> money(10500, "en"), money(123456, "fr") == "1\u202f234,56\xa0€"
    ('€105.00', True)
    """
    euros, rest = f"{cents // 100:,}", f"{cents % 100:02d}"
    return f"€{euros}.{rest}" if spoken == "en" else f"{euros.replace(',', NARROW)},{rest}{NO_BREAK}€"
