"""What may go wrong on the way, one call at a time."""

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["lose_answer", "late", "drip", "hang", "reset", "error", "html", "garbled"]


@dataclass
class Fault:
    """Befalls the next `times` calls of `method` (every method if empty), in one chat if `chat` is set.

    `lose_answer`: done, and the connection closed without a word. `late`: done at once, told after `seconds`; `drip`:
    done, and told a few letters at a time over `seconds`. `hang`: nothing done, and nothing said for `seconds`; then
    the connection is closed. `reset`: the connection closed, nothing done. `error`: nothing done, answered with `code`
    and `description` (`retry_after` with it, if set). `html`: nothing done, a page of a broken proxy with `code`;
    `garbled`: one in GBK that is called UTF-8.
    """

    kind: Kind
    method: str = ""
    times: int = 1
    chat: int | None = None
    seconds: float = 0.0
    code: int = 500
    description: str = "Internal Server Error"
    retry_after: int | None = None


@dataclass
class Faults:
    """The faults that are still to come, in order."""

    coming: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Let it happen at the next call that it fits."""
        self.coming.append(fault)

    def take(self, method: str, chat: int | None) -> Fault | None:
        """The fault of this call, if it has one."""
        for fault in self.coming:
            if fault.method.lower() in ("", method) and fault.chat in (None, chat):
                fault.times -= 1
                if fault.times <= 0:
                    self.coming.remove(fault)
                return fault
        return None
