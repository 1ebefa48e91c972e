"""What the specimen student types on the screens of the registration."""

IDENTITY = {
    "marital_status": "single",
    "civility": "M",
    "birth_name": "N'DIAYE",
    "first_name": "François",
    "birth_date": "1998-05-23",
    "birth_country": "SN",
    "birth_place": "Saint-Louis",
    "nationality": "SN",
}
CONTACT = {
    "mobile_phone": "+33639980001",
    "address_line1": "12 rue des Lilas",
    "postal_code": "69001",
    "city": "Lyon",
    "country": "FR",
}
