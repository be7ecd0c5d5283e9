"""Settings, the data folder, content, and what else stands on this machine."""

import os
import shlex
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path

from bot.checks.finding import Finding, note, well, wrong
from bot.knowledge import checked
from bot.notices.page import REMEDY, can_print
from bot.settings import PREFIX, Refused, Settings
from bot.stores import trail_of
from content.errors import InvalidContent
from content.library import Library, read_library
from content.places import Places
from scheduler.holidays import office_days
from storage.errors import KeyRefused

ENOUGH = 2_000_000_000
"""Bytes that must be free: the day of a broadcast to 60,000 writes a tenth of it."""

REGION = "15"
SOON = timedelta(days=45)
"""The notice for the next year comes in November."""

BANNERS, FEW = 100, 8
"""There are 108 banners, counties and districts; a few zones have no township of their own in the gazetteer."""


def of_settings(refused: list[Refused], strangers: list[str]) -> Iterator[Finding]:
    """What can't be used, and names that no setting has."""
    for one in refused:
        yield wrong("settings", f"{one.name}: {one.why}.", "Mend it in the environment; README.md lists every setting.")
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    for name in strangers:
        near = get_close_matches(name, known, 1)
        yield wrong("settings", f"{name} is no setting.", f"Write {near[0]}." if near else "Take it away.")
    if not refused and not strangers:
        yield well("settings", "Every one can be used.")


def of_folder(chosen: Settings) -> Iterator[Finding]:
    """Whether the data folder can be written, and how much is free there."""
    there = next(one for one in (chosen.data.absolute(), *chosen.data.absolute().parents) if one.exists())
    if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
        yield wrong("folder", f"{there} can't be written.", f"Give it to this user, or choose another {PREFIX}DATA.")
    free = shutil.disk_usage(there).free
    says = f"{free / 1e9:.1f} GB are free at {there}."
    yield wrong("disk", says, "Make room; old backups first.") if free < ENOUGH else well("disk", says)


def of_trail(chosen: Settings) -> Iterator[Finding]:
    """The key of the trail, where there is one: without it nothing starts. Unset, the first start makes one."""
    try:
        if chosen.audit_key or (chosen.data / "trail.key").exists():
            trail_of(chosen)
            yield well("trail", "Its key can be used.")
    except (KeyRefused, OSError) as error:
        remedy = f"Bring back the old {PREFIX}AUDIT_KEY, or trail.key. The first one is made by: openssl rand -hex 32."
        yield wrong("trail", str(error), remedy)


def of_content(chosen: Settings) -> Iterator[Finding]:
    """The package's programmes, a deployment's own over them, and the places."""
    try:
        found = checked(chosen.content) if chosen.content else read_library()
    except InvalidContent as error:
        yield wrong("content", str(error), "The installed package is damaged: install it anew.")
        return
    if isinstance(found, Library):
        yield well("content", f"{len(found.programmes)} programmes, {len(found.documents)} documents.")
    else:
        for problem in found:
            where = f"{problem.file}:{problem.line} [{problem.field}]"
            yield wrong("content", f"{where} {problem.what}", problem.remedy)


def of_places() -> Iterator[Finding]:
    """The gazetteer: leagues, banners, and below them townships and villages."""
    places = Places.load()
    banners = [banner for league in places.children(REGION) for banner in places.children(league.stem)]
    empty = [banner.code for banner in banners if not places.children(banner.stem)]
    if len(banners) < BANNERS or len(empty) > FEW:
        says = f"{len(banners)} banners and counties, {len(empty)} of them without any township."
        yield wrong("places", says, "The installed package is damaged: install it anew.")
    else:
        yield well("places", f"{len(banners)} banners and counties.")


def of_office_days(today: date) -> Iterator[Finding]:
    """The holidays: of the year to come only what the State Council has published is known."""
    until = office_days().known_until
    if until - today < SOON:
        remedy = "Later days are taken as closed where they may be. Install the release with the new year's notice."
        yield note("holidays", f"They are known until {until} only.", remedy)
    else:
        yield well("holidays", f"They are known until {until}.")


def of_paper() -> Iterator[Finding]:
    """Whether notices can be printed for the wall."""
    if can_print():
        yield well("paper", "Notices can be printed for the wall.")
    else:
        yield note("paper", "No page for the wall can be printed: Pango is not installed.", f"As root: {REMEDY}")


def of_doors(chosen: Settings) -> Iterator[Finding]:
    """What is set up for residents and staff, as far as it can be seen from here."""
    https = (chosen.public_url or "").startswith("https://")
    if https and not chosen.secure_cookies:
        says = "The page is served over HTTPS, and its cookie may go without."
        yield wrong("cookies", says, f"Set {PREFIX}SECURE_COOKIES=true.")
    if chosen.public_url and not https:
        yield wrong("address", f"{PREFIX}PUBLIC_URL is no https:// address.", "Serve it over HTTPS (deploy/).")
    if chosen.service_phone == Settings.model_fields["service_phone"].default:
        yield note("service", "Residents are given 12345 as your phone.", f"Set {PREFIX}SERVICE_PHONE and _NAME.")
    yield from _voice(chosen)
    if chosen.trial:
        yield note("trial", "In trial: unasked messages reach guests only.", f"When all is well: {PREFIX}TRIAL=false.")
    else:
        yield well("trial", "The trial is over: unasked messages reach everybody who may be written to.")


def _voice(chosen: Settings) -> Iterator[Finding]:
    if chosen.voice_command:
        program = shlex.split(chosen.voice_command)[0]
        if shutil.which(program) is None and not Path(program).exists():
            yield wrong("voice", f"There is no program {program}.", f"Install it, or mend {PREFIX}VOICE_COMMAND.")
