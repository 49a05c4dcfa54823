"""Payments: what people pay to a practice, and what a practice pays to the platform.

A *purchase* is what one person pays for at once: a booking or a package. A *ledger entry* is money that moved at
Stripe. A *holding* is a package bought; its *credits* are entries, too, and their sum is what is left. The *inbox*
keeps what Stripe told. A *plan* is what the practice has of the platform.
"""
