"""What happens to practices and their people, told to the domains above in the same transaction."""

from uuid import UUID

from coachhub.platform.news import News

OPENED: News[[UUID, UUID]] = News()
"""This practice was opened by this owner; the transaction is bound to both."""
JOINED: News[[UUID]] = News()
"""This person has joined the bound practice as a coach or an owner."""
