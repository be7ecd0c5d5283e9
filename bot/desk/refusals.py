"""Why a page of the desk is not shown. Each becomes a page in plain words (`bot/desk/app.py`)."""


class Refusal(Exception):
    """Nothing was changed. `page` is the template that says so, `status` its HTTP status."""

    status = 400
    page = "refused"


class NotIn(Refusal):
    """Nobody is in on this browser, or no longer."""

    status, page = 401, "enter"


class MayNot(Refusal):
    """Somebody of this role does not do this."""

    status, page = 403, "may_not"


class Absent(Refusal):
    """There is no such thing, or it is of a place that is not theirs: told alike, so that nothing can be probed."""

    status, page = 404, "missing"


class NotOurForm(Refusal):
    """A form that our page did not make for this browser, or that is too old."""

    status, page = 403, "refused"


class CannotBePrinted(Refusal):
    """This machine has not what a page is drawn with."""

    status, page = 503, "no_paper"


class NotFresh(Refusal):
    """This asks for a code again."""

    status, page = 403, "again"
