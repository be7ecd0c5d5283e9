"""Staff in a browser: let in by a code as it is typed, with something that waits for them."""

from datetime import timedelta

from scheduler.clock import now
from storage import residents, staff, tickets, windows
from storage.database import Database
from storage.staff import Role, code_of
from storage.windows import Entered, Timing
from tests.pages.visitor import Arrive, Visitor

VILLAGE, TOWNSHIP, BANNER = "150621106201", "150621106", "150621"


async def invited(database: Database, role: Role, *places: str, name: str) -> str:
    """An invitation's token, as the operator makes it."""
    async with database.begin() as conn:
        return await staff.invite(conn, role=role, places=places, name=name, made_by="operator", now=now())


async def something_waits(database: Database) -> None:
    """A question that nobody answered for four days, a window as a draft, and one that closes soon."""
    moment = now()
    async with database.begin() as conn:
        who = await residents.meet(conn, channel="telegram", account="bot", address="herder", now=moment)
        asked = moment - timedelta(days=4)
        await tickets.hand_over(conn, who.id, place=VILLAGE, question="化肥补贴的表在哪交？", now=asked)
        for days, published in ((6, True), (40, False)):
            closes = (moment + timedelta(days=days)).date()
            entered = Entered(
                place=VILLAGE,
                programme=None,
                matter=f"第{days}批种子登记",
                timing=Timing.DATED,
                opens_on=moment.date(),
                closes_on=closes,
                where_to_go="村委会一楼",
                what_to_bring="身份证",
                source="村委会通知",
            )
            kept = await windows.enter(conn, entered, author="staff:1", reason="新", now=moment)
            if published:
                await windows.publish(conn, kept.id, confirmer="staff:1", reason="核对过", now=moment)


async def sit_down(
    arrive: Arrive, database: Database, role: Role, *places: str, name: str = "王主任", **context: object
) -> Visitor:
    """Let somebody enter with a typed code, in a browser of their own made with what `new_context` takes."""
    token = await invited(database, role, *places, name=name)
    visitor = await arrive(**context)
    await visitor.goto("/desk/enter")
    await visitor.page.fill("#code", " ".join(code_of(token)[at : at + 4] for at in (0, 4, 8)))
    await visitor.page.get_by_role("button", name="登录").click()
    await visitor.page.get_by_role("heading", name="今天").wait_for()
    return visitor
