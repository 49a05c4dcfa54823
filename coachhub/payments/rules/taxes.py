"""The tax that is in a price."""

_ALL = 10_000


def tax_in(gross: int, basis_points: int) -> int:
    """How much of a price is tax, in the minor unit: 2000 is a tax of 20 % on what is left without it.

    It is rounded to the nearest unit, half of one up; net and tax always add up to the price.
    """
    whole = _ALL + basis_points
    return (2 * gross * basis_points + whole) // (2 * whole)
