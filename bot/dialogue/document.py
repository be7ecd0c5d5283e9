"""A text that names a document or a clause and nothing else: what rests on it, told by cards."""

from bot.dialogue.cards import card_of, show
from bot.dialogue.reply import chat, turn
from bot.dialogue.turn import Asked, Turn
from content.behind import card_option
from content.cited import Cited, cited
from content.message import Message, Option, Text
from content.programme import Programme
from content.render import numbered_options, say
from content.tables import Document


def heard(asked: Asked) -> Turn | None:
    """Answer what only names a document (2026年文件第16条); None for any other text."""
    named = cited(asked.text, asked.know.library.documents.values())
    if named is None:
        return None
    if not named.documents:
        return _unknown(asked, "no_clause" if named.known else "unknown")
    if named.clause is None:
        return _about(asked, named.documents)
    return _clause(asked, named)


def of_clause(asked: Asked, which: str) -> Turn:
    """Offer the cards that rest on a clause, those asked for most first."""
    doc, _, key = which.partition(",")
    document = asked.know.library.documents.get(doc)
    if document is None or not document.has(key):
        return chat(asked, say("talk", "gone_card"))
    cards = [one for one in asked.know.library.programmes.values() if _rests(asked, one, (doc, key))]
    if not cards:
        return _nothing(asked, document, key)
    if len(cards) == 1:
        return show(asked, cards[0].id)
    cards.sort(key=lambda one: not one.most_asked)
    heading = Text(text=say("document", "of_clause", where=document.label(key)))
    message = Message(blocks=(heading,), options=(*_whole(asked, doc, key), *map(card_option, cards)))
    return turn(asked, message, asked.state, kind="choices", programmes=tuple(one.id for one in cards[:3]))


def _clause(asked: Asked, named: Cited) -> Turn:
    """One document is meant, or which? What the card in hand rests on is meant before the others."""
    card = card_of(asked, asked.state.in_hand) if asked.state.in_hand else None
    rests = {source.doc for source in card.sources if source.clause == named.clause} if card else set()
    meant = [one for one in named.documents if one.id in rests] or list(named.documents)
    if len(meant) == 1:
        return of_clause(asked, f"{meant[0].id},{named.clause}")
    options = [(one.label(named.clause or ""), f"cited:{one.id},{named.clause}") for one in meant]
    return chat(asked, say("document", "which"), options=numbered_options(*options))


def _rests(asked: Asked, programme: Programme, clause: tuple[str, str]) -> bool:
    card = card_of(asked, programme.id)
    return card is not None and any((one.doc, one.clause) == clause for one in card.sources)


def _whole(asked: Asked, doc: str, key: str) -> tuple[Option, ...]:
    """Offer the clause itself, where the deployment has imported the document."""
    if doc not in asked.know.texts:
        return ()
    return numbered_options((say("labels", "whole_clause"), f"clause:{doc},{key}"))


def _nothing(asked: Asked, document: Document, key: str) -> Turn:
    message = Message(
        blocks=(Text(text=say("document", "no_card", where=document.label(key))),),
        options=(*_whole(asked, document.id, key), *_topics()),
    )
    return turn(asked, message, asked.state, kind="none")


def _about(asked: Asked, documents: tuple[Document, ...]) -> Turn:
    """Say what the documents are: title, date, what of them is over."""
    lines = [say("document", "about", document=one) for one in documents]
    return chat(asked, *lines, say("document", "ask_on"), options=_topics())


def _unknown(asked: Asked, sentence: str) -> Turn:
    names = [one.called for one in asked.know.library.documents.values()]
    message = Message(blocks=(Text(text=say("document", sentence, names=names)),), options=_topics())
    return turn(asked, message, asked.state, kind="none")


def _topics() -> tuple[Option, ...]:
    return numbered_options((say("labels", "topics"), "topics"))
