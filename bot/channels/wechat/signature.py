"""Who may speak to us as WeChat: signatures, their age, and the sealed form of the safe mode.

Whatever is wrong is one and the same `Refused`: a stranger learns nothing from how it was refused.
"""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner

from bot.channels.wechat.account import Account

OLDEST = timedelta(minutes=5)
"""A signature is good for so long; a repeat within it is given the stored answer."""


class Refused(Exception):
    """What came is not surely WeChat's."""


def sign(*parts: str) -> str:
    """Sign parts as WeChat does: SHA-1 over them in order."""
    signer = WeChatSigner()
    signer.add_data(*parts)
    signature: str = signer.signature
    return signature


def check(account: Account, query: Mapping[str, str], now: datetime) -> None:
    """Raise Refused unless the query of a request is signed with our token, and lately."""
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    _same(query.get("signature", ""), sign(account.token, timestamp, nonce))
    _lately(timestamp, now)


def opened(account: Account, query: Mapping[str, str], body: str, now: datetime) -> str:
    """Return the XML of a message. Raises Refused for a signature that is wrong or old.

    With an AES key only what is sealed counts: in compatible mode the plain fields beside it are not covered by any
    signature.
    """
    check(account, query, now)
    if not account.aes_key:
        return body
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    try:
        sealed = str(xmltodict.parse(body)["xml"]["Encrypt"])
    except (ValueError, KeyError, TypeError, xmltodict.expat.ExpatError) as error:
        raise Refused from error
    _same(query.get("msg_signature", ""), sign(account.token, timestamp, nonce, sealed))
    try:
        clear = _crypto(account).decrypt_message({"Encrypt": sealed}, query.get("msg_signature", ""), timestamp, nonce)
    except Exception as error:  # wechatpy fails in many ways on what is sealed with another key
        raise Refused from error
    return str(clear)


def sealed(account: Account, xml: str, nonce: str, now: datetime) -> str:
    """Return a reply as it must leave: sealed where there is an AES key."""
    if not account.aes_key or not xml:
        return xml
    return str(_crypto(account).encrypt_message(xml, nonce, str(int(now.timestamp()))))


def _crypto(account: Account) -> WeChatCrypto:
    return WeChatCrypto(account.token, account.aes_key, account.app_id)


def _same(given: str, ours: str) -> None:
    if not hmac.compare_digest(given.encode(errors="replace"), ours.encode()):
        raise Refused


def _lately(timestamp: str, now: datetime) -> None:
    try:
        signed = datetime.fromtimestamp(int(timestamp), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Refused from error
    if abs(now - signed) > OLDEST:
        raise Refused
