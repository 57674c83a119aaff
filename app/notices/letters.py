"""What a mail says: which shop and what, since when, what to do, and where."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from markupsafe import Markup, escape

from app.notices.links import Links, Off
from app.notices.read import Person, Shop
from app.web.languages import counted, translated
from domain.both import Both, both
from domain.fact import fact
from domain.lateness import Move, Why
from domain.notices import MOST, Notice
from domain.post import Letter
from domain.schedule_words import place
from domain.table.refusals import PROTECTED, refusal
from domain.table.words import day, moment, nested


def _(message: str) -> str:
    """Marks a message of the catalogue."""
    return message


@fact
class Told:
    """A notice, with all that it may be about. `args` are the run's."""

    kind: Notice
    args: Mapping[str, str]
    shop_id: UUID
    shop: Shop
    why: Why | None
    address: str | Both

    @property
    def cause(self) -> str:
        """What nobody is told of twice before it is over."""
        return self.args.get("cause", str(self.kind))


@fact
class Said:
    """In the code's words: the subject, the sentences, what the link is called and where it is."""

    subject: str
    sentences: tuple[str, ...]
    link: str
    path: str


NEW_TOKEN = _(
    "What to do: make a new token in the Wildberries cabinet, Settings → API access, with Content, "
    "Analytics, Statistics and Marketplace, read-only, and paste it into Stock Tracker."
)
NOTHING_TO_DO = _("You need not do anything: we go on by ourselves, and write once it is done.")
SUBJECTS: Mapping[str, str] = {
    "token_dead": _("%(shop)s: the Wildberries token no longer works"),
    "no_scope": _("%(shop)s: the Wildberries token lacks a right"),
    "sheet_unshared": _("%(shop)s: no access to the Google Sheet"),
    "sheet_deleted": _("%(shop)s: the Google Sheet was deleted"),
    "sheet_protected": _("%(shop)s: the Google Sheet is protected"),
    "sheet_full": _("%(shop)s: the Google Sheet is full"),
    "sheet_key_deleted": _("%(shop)s: the column of article numbers was deleted"),
    "robot_gone": _("%(shop)s: the Google Sheet has to be shared with another address"),
    "consent_revoked": _("%(shop)s: sign in with Google again"),
    "own_sheet_gone": _("%(shop)s: the Google Sheet in your Drive was deleted"),
    "own_key_refused": _("%(shop)s: Google refuses your service account"),
    "own_api_off": _("%(shop)s: the Google Sheets API is switched off in your project"),
}
TOKEN_DEAD = _(
    "Since %(at)s Wildberries refuses the token of the shop “%(shop)s”, so its sheet is no longer "
    "updated. The numbers in it are old but whole. Until there is a new token the schedule is "
    "paused."
)
NO_SCOPE = _(
    "Since %(at)s the token of the shop “%(shop)s” does not open products or stock, so its sheet "
    "is no longer updated. The numbers in it are old but whole."
)
SHEET = _(
    "Since %(at)s the sheet of the shop “%(shop)s” cannot be written. The numbers in it are old "
    "but whole."
)
TO_DO = _("What to do: %(cure)s")
LATE = _("The sheet of the shop “%(shop)s” was to be fresh by %(hour)s, and is not yet.")
MOVES: Mapping[Move, str] = {
    Move.US: _("The fault is ours, and we are on it."),
    Move.MARKETPLACE: _("Wildberries does not answer as it should; we try again and again."),
    Move.GOOGLE: _("Google does not answer as it should; we try again and again."),
    Move.SELLER: _("Its page says what stands in the way."),
}
DOUBTED = ("held_back", "contradiction")
HELD = _(
    "The new numbers of Wildberries look like a fault, so the former ones stay, and we read again. "
    "If they are right, you can accept them on the shop's page."
)
EXPIRING = _(
    "The Wildberries token of the shop “%(shop)s” works until %(ends)s. After that its sheet is no "
    "longer updated."
)
WELL = _("Since %(at)s the sheet of the shop “%(shop)s” is updated again. Nothing is left to do.")
LAST = _("This is mail number %(most)s of today, and the last one: what else happens is told in")
WHY_YOU = _("You get this because it was chosen in Stock Tracker. What you are told of:")
NONE_ANY_MORE = _("No such mails any more:")


def letter(  # noqa: PLR0913 - all that is written in it
    told: Told,
    links: Links,
    *,
    person: Person,
    off: Off,
    ident: str,
    earlier: int,
    last: bool,
) -> Letter:
    """To this person. `earlier`: mails that were kept back; `last`: of the day."""
    language = person.language
    said, values = _said(told), _values(told, language)
    body = [_quoted(translated(each, language) % values, language) for each in said.sentences]
    link = (translated(said.link, language), links.to(said.path))
    runs, chosen, no_more = links.to("/runs"), links.to("/notices"), links.off(off)
    foot = [(translated(WHY_YOU, language), chosen), (translated(NONE_ANY_MORE, language), no_more)]
    if earlier:
        kept = counted(
            "%(num)s mail before this one was not sent, not to flood you: see",
            "%(num)s mails before this one were not sent, not to flood you: see",
            earlier,
            language,
        )
        foot.insert(0, (kept % {"num": earlier}, runs))
    if last:
        foot.insert(0, (translated(LAST, language) % {"most": MOST}, runs))
    return Letter(
        to=person.email,
        subject=translated(said.subject, language) % values,
        text=_text(body, link, foot),
        html=_html(body, link, foot, language),
        language=language,
        ident=ident,
        off=no_more,
    )


def _said(told: Told) -> Said:
    start, page = f"/start?shop={told.shop_id}", f"/shops/{told.shop_id}"
    replace = _("Replace the token")
    match told.kind:
        case Notice.TOKEN_EXPIRING:
            subject = _("%(shop)s: the Wildberries token ends on %(ends)s")
            return Said(subject=subject, sentences=(EXPIRING, NEW_TOKEN), link=replace, path=start)
        case Notice.TOKEN_DEAD:
            first = NO_SCOPE if told.cause == "no_scope" else TOKEN_DEAD
            subject = SUBJECTS[told.cause]
            return Said(subject=subject, sentences=(first, NEW_TOKEN), link=replace, path=start)
        case Notice.SHEET:
            mend = _("Mend it in Stock Tracker")
            subject = SUBJECTS[told.cause]
            return Said(subject=subject, sentences=(SHEET, TO_DO), link=mend, path=start)
        case Notice.LATE:
            move = told.why.move if told.why else Move.US
            held = told.why is not None and told.why.cause in DOUBTED
            rest = () if move is Move.SELLER or held else (NOTHING_TO_DO,)
            subject = _("%(shop)s: the sheet was not updated by its hour")
            sentences = (LATE, HELD if held else MOVES[move], *rest)
            return Said(subject=subject, sentences=sentences, link=_("Open the shop"), path=page)
        case Notice.RECOVERED:
            subject = _("%(shop)s: the sheet is updated again")
            return Said(subject=subject, sentences=(WELL,), link=_("Open the shop"), path=page)


def _values(told: Told, language: str) -> Mapping[str, str]:
    """Times by the clocks of the shop, with the place that they are of."""
    zone = told.shop.zone
    there = place(zone.key, language)
    at = {
        name: f"{moment(_moment(told, name).astimezone(zone), language)} ({there})"
        for name in ("at", "hour")
        if name in told.args
    }
    if "ends" in told.args:
        at["ends"] = day(_moment(told, "ends").astimezone(zone), language)
    return {"shop": told.shop.name, "cure": _cure(told, language), **at}


def _moment(told: Told, name: str) -> datetime:
    return datetime.fromisoformat(told.args[name])


def _cure(told: Told, language: str) -> str:
    if told.kind is not Notice.SHEET:
        return ""
    if told.cause == "sheet_protected":
        return PROTECTED.say(language, address=told.address)
    kept = both(refusal(told.cause, address=told.address))
    return kept.sentence(language) if kept else ""


def _quoted(text: str, language: str) -> str:
    """Names that have quotes of their own stand in quotes here."""
    return text if language == "en" else nested(text)


def _text(body: Sequence[str], link: tuple[str, str], foot: Sequence[tuple[str, str]]) -> str:
    below = "\n".join(("-- ", *(f"{words} {url}" for words, url in foot)))
    return "\n\n".join((*body, f"{link[0]}: {link[1]}", below)) + "\n"


def _html(
    body: Sequence[str], link: tuple[str, str], foot: Sequence[tuple[str, str]], language: str
) -> str:
    """Plain enough for every program that reads mail."""
    main = Markup("").join(Markup("<p>{}</p>\n").format(each) for each in body)
    button = Markup(
        '<p><a href="{}" style="display:inline-block;padding:10px 18px;background:#4455d4;'
        'color:#fff;border-radius:6px;text-decoration:none">{}</a></p>\n'
    ).format(link[1], link[0])
    small = Markup("<br>\n").join(
        Markup('{} <a href="{}" style="color:#5e6472">{}</a>').format(words, url, _short(url))
        for words, url in foot
    )
    return (
        Markup(
            '<!doctype html><html lang="{}"><head><meta charset="utf-8"></head><body style="font:'
            '16px/1.5 system-ui,sans-serif;color:#15171c;max-width:36em">\n'
        ).format(escape(language))
        + main
        + button
        + Markup('<p style="color:#5e6472;font-size:13px">{}</p>\n</body></html>\n').format(small)
    )


def _short(url: str) -> str:
    """Without what nobody reads."""
    return url.partition("//")[2].split("/notices/off/")[0]
