"""In and out."""

from tests.desk.conftest import Come, Sit


async def test_who_is_in_sees_today(sit: Sit, come: Come) -> None:
    seat = await sit("cadre")
    assert "今天" in await seat.see("/")
    stranger = await come().get("/")
    assert stranger.status_code == 401
    assert "进门码" in stranger.text
