"""What a form of the page says."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.requests import ClientDisconnect

LONGEST_VALUE = 64
"""Characters of what our own pages write into a form; only a question may be longer."""

MOST_FIELDS = 20


@dataclass(frozen=True)
class AskForm:
    """What a form says: words or an option. `message_id` makes it count once; `about` is the card that it stood under,
    taken in hand before the words are read, so that 补多少钱 is asked of it.
    """

    text: str = ""
    action: str = ""
    message_id: str = ""
    about: str = ""


async def form_of(request: Request) -> AskForm:
    """Read a form as browsers send it. RequestValidationError for one that is none of ours.

    Not by FastAPI's `Form`, which takes five times as long as all else that the framework does for a question.
    """
    try:
        body = (await request.body()).decode(errors="replace")
        said = dict(parse_qsl(body, keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS))
    except (ValueError, ClientDisconnect):  # too many fields; a browser that was closed while it sent
        raise RequestValidationError([]) from None
    form = AskForm(**{name: said[name] for name in AskForm.__dataclass_fields__ if name in said})
    if max(map(len, (form.action, form.message_id, form.about))) > LONGEST_VALUE:
        raise RequestValidationError([])
    return form
