"""The full addresses of our pages, for links that leave this site: in mails, or copied and sent by hand."""

from coachhub.platform.ports import ports


def address_of(path: str) -> str:
    """The address that people use for a path of ours, such as `/month`, whichever host this request came by."""
    return f"{ports().settings.base_url.rstrip('/')}{path}"
