"""How the installation stands."""

from coachhub.operations.views.pages import pages, the_page
from coachhub.platform.guards import for_operator, outside


@pages.get("/operations")
@outside
@for_operator
def glance() -> str:
    return the_page()
