"""Web pages around a telling: three templates, with everything that a site puts beside its article."""

import json
from html import escape
from string import Template

from articles import HERE, read_wording
from dice import Dice
from telling import Telling

TEMPLATES = ("portal", "component", "modern")

_WORDING = read_wording()
_PAGE = _WORDING["page"]


def page_of(telling: Telling, template: str, number: int, charset: str | None, headlines: list[str]) -> str:
    """Lay a page around a telling.

    Args:
        telling: What the page tells.
        template: One of TEMPLATES.
        number: The page's number on its site, for addresses.
        charset: The label that the page declares, right or wrong; None declares nothing.
        headlines: Headlines of other articles, for the side column and the boxes.
    """
    outlet = _WORDING["outlets"][telling.article.source]
    dice = Dice(f"page/{number}")
    paragraphs = [f"<p>{escape(paragraph)}</p>" for paragraph in telling.body.split("\n\n")]
    box = (
        f'<div class="read-also"><strong>اقرأ أيضا:</strong> <a href="/n/1">{escape(headlines[0])}</a></div>'
    )
    facts = {name: escape(value) for name, value in _facts(telling, number, outlet).items()}
    source = (HERE / "pages" / f"{template}.html").read_text(encoding="utf-8")
    return Template(source).substitute(
        facts,
        charset=_charset_tag(template, charset),
        menu=_list_items(_PAGE["sections"]),
        headlines=_list_items(headlines),
        caption=escape(dice.one(_PAGE["captions"])),
        comments="\n".join(
            f'<div class="comment"><p>{escape(one)}</p></div>' for one in dice.some(_PAGE["comments"], 2)
        ),
        body="\n".join(paragraphs),
        body_with_box="\n".join([*paragraphs[:1], box, *paragraphs[1:]]),
        json_ld=_json_ld(telling, facts["url"], outlet["name"]),
    )


def address_of(telling: Telling, number: int) -> str:
    """Give the page's address on its site."""
    domain = _WORDING["outlets"][telling.article.source]["domain"]
    return f"https://{domain}/{telling.article.section}/{number}"


def _facts(telling: Telling, number: int, outlet: dict[str, str]) -> dict[str, str]:
    assert telling.published is not None, "pages are dated"
    return {
        "lang": telling.lang_declared,
        "direction": "ltr" if telling.lang == "en" else "rtl",
        "title": telling.title,
        "outlet": outlet["name"],
        "domain": outlet["domain"],
        "author": telling.article.author or outlet["name"],
        "published": telling.published.isoformat(),
        "date": f"{telling.published.day} {_PAGE['months'][telling.published.month - 1]} {telling.published.year}",
        "section": telling.article.section,
        "url": address_of(telling, number),
        "number": str(number),
    }


def _json_ld(telling: Telling, url: str, outlet: str) -> str:
    assert telling.published is not None, "pages are dated"
    content = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": telling.title,
        "datePublished": telling.published.isoformat(),
        "articleSection": telling.article.section,
        "inLanguage": telling.lang_declared,
        "url": url,
        "author": {
            "@type": "Person" if telling.article.author else "Organization",
            "name": telling.article.author or outlet,
        },
        "publisher": {"@type": "Organization", "name": outlet},
    }
    return json.dumps(content, ensure_ascii=False, indent=1).replace("</", "<\\/")


def _charset_tag(template: str, charset: str | None) -> str:
    if charset is None:
        return "<!-- -->"
    if template == "component":
        return f'<meta http-equiv="Content-Type" content="text/html; charset={charset}" />'
    return f'<meta charset="{charset}">'


def _list_items(labels: list[str]) -> str:
    return "\n".join(
        f'<li><a href="/{place}">{escape(label)}</a></li>' for place, label in enumerate(labels, 1)
    )
