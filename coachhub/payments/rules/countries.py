"""Where a business can take cards with Stripe (https://stripe.com/global), by ISO 3166 codes."""

COUNTRIES = frozenset(
    (
        *("AE", "AT", "AU", "BE", "BG", "BR", "CA", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GI"),
        *("GR", "HK", "HR", "HU", "IE", "IT", "JP", "LI", "LT", "LU", "LV", "MT", "MX", "MY", "NL", "NO", "NZ", "PL"),
        *("PT", "RO", "SE", "SG", "SI", "SK", "TH", "US"),
    )
)


def guessed_country(locale: str) -> str:
    """The country of a locale such as `en_GB`, where Stripe works there; else empty."""
    territory = locale.replace("-", "_").rpartition("_")[2].upper()
    return territory if territory in COUNTRIES else ""
