"""WeChat as it behaves: the interfaces, what calls our address, and the people. Written from its documents alone."""

from tests.fakes.wechat.people import Person
from tests.fakes.wechat.server import FakeWeChat

__all__ = ["FakeWeChat", "Person"]
