"""Whatever is typed, there is a sensible reply and nothing breaks."""

import json
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dialogue.core import ACTIONS, BARE, reply
from bot.dialogue.reply import PAGE
from bot.dialogue.state import Person, State
from bot.dialogue.turn import Asked, Knowledge
from content.message import Message
from content.render import as_text

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
NASTY = st.sampled_from([
    "", " ", "\x00\x07\x1b[31m", "😀😀😀", "\u202e保险\u202c", "\ud800", "玉米" * 5000, "<script>alert(1)</script>",
    "{{ 7*7 }}{% for x in y %}", "'; DROP TABLE resident; --", '{"a": [1,', "ᠮᠣᠩᠭᠣᠯ\u180b\u202f\u200d", "貸款怎麼辦",
    "？？？", "1" * 400, "- a: b\n  c", "%s%n%x", "低保咋申请？危房改造找谁？养牛有补贴吗？", "\r\n\r\n",
    "٣", "Ⅳ", "㈠",
])  # fmt: skip
SAID = st.one_of(
    NASTY, st.text(max_size=60), st.text(alphabet="玉米保险低保咋办多少钱那找谁一二三123下停删", max_size=20)
)
ACTED = st.one_of(
    st.sampled_from(
        [*BARE, *(f"{verb}:dibao" for verb in ACTIONS), "in:1506", "here:1503", "topic:loan", "in:9", "x:y:z"]
    ),
    st.text(max_size=70),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=st.lists(st.tuples(SAID, ACTED, st.booleans()), min_size=1, max_size=5))
def test_any_talk_gets_replies_that_can_be_kept_and_chosen_from(
    know: Knowledge, turns: list[tuple[str, str, bool]]
) -> None:
    state = State()
    for text, action, acts in turns:
        asked = Asked(know, Person(), state, NOW, text="" if acts else text, action=action if acts else "")
        turn = reply(asked)
        assert as_text(turn.message).strip()
        assert len(turn.message.options) <= PAGE
        kept = json.loads(json.dumps(turn.message.model_dump(mode="json")))
        assert Message.model_validate(kept) == turn.message
        state = State.model_validate(json.loads(json.dumps(turn.state.model_dump(mode="json"))))


def test_template_syntax_is_never_run(know: Knowledge) -> None:
    turn = reply(Asked(know, Person(), State(waiting="place"), NOW, text="{{ 7*7 }}"))
    assert "49" not in as_text(turn.message)


def test_several_questions_in_one_message_are_offered_one_by_one(know: Knowledge) -> None:
    turn = reply(Asked(know, Person(), State(), NOW, text="低保咋申请？危房改造找谁？"))
    assert turn.kind == "choices"
    assert {"dibao", "dilapidated-house-repair"} <= set(turn.programmes)


def test_traditional_characters_find_the_same_card(know: Knowledge) -> None:
    simple, traditional = (
        reply(Asked(know, Person(), State(), NOW, text=text)) for text in ("农机购置补贴找谁办", "農機購置補貼找誰辦")
    )
    assert simple.programmes == traditional.programmes != ()
