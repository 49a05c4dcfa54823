"""Parts of amounts, in the currency's minor unit: no fraction of it is ever kept, so each rule says how it rounds."""


def platform_fee(amount: int, basis_points: int, step: int = 1) -> int:
    """The platform's part of a price, rounded down to a `step`: what cannot be divided stays with the practice."""
    return amount * basis_points // (10_000 * step) * step


def share_given_back(amount: int, percent: int, step: int = 1) -> int:
    """So many percent of a price, rounded up to a `step`: what cannot be divided goes to whoever paid."""
    return -(-amount * percent // (100 * step)) * step


def left_to_give_back(in_ledger: int, asked: int) -> int:
    """What may still be given back: the money that is there, less what is promised and not yet on its way."""
    return max(0, in_ledger - asked)
