"""Language tags: the shortest BCP-47 form of what people and models write, and which tags name one language."""

import functools
import re
from importlib import resources

from harness.text.language import UNDETERMINED

# Codes that ISO 639-1 withdrew or never had, and one-to-one names that older tools still write.
# Source: the IANA Language Subtag Registry (`Preferred-Value`), except where a comment says otherwise.
_REPLACED = {
    "in": "id",
    "iw": "he",
    "ji": "yi",
    "jw": "jv",
    "mo": "ro",
    # Dialects and standards that BCP 47 knows as languages of their own, though every reader of the
    # wider tag reads them. The corpus and its identifiers speak of the wider one:
    "arb": "ar",  # Standard Arabic
    "prs": "fa",  # Dari, the Persian of Afghanistan
    "pes": "fa",  # Persian of Iran
    "swh": "sw",  # Swahili without Congo Swahili
    "cmn": "zh",  # Mandarin; most of what is tagged `zh`
    "zsm": "ms",  # Standard Malay
    "uzn": "uz",  # Northern Uzbek
    "khk": "mn",  # Halh Mongolian
    "npi": "ne",  # Nepali proper
    "ory": "or",  # Odia proper
    "ydd": "yi",  # Eastern Yiddish
    "azj": "az",  # North Azerbaijani
    "lvs": "lv",  # Standard Latvian
    "ekk": "et",  # Standard Estonian
    "als": "sq",  # Tosk Albanian; fastText means Alemannic by it, which its adapter says
    "pbt": "ps",  # Southern Pashto
    "plt": "mg",  # Plateau Malagasy
    "gug": "gn",  # Paraguayan Guarani
}

# For comparing two tags: members of one ISO 639-3 macrolanguage count as one language, because label
# sets cut them differently (one model's `ku` is another's `ckb`), which says nothing about the texts.
_MACROLANGUAGE = {
    "ckb": "ku",  # Central Kurdish (Sorani)
    "kmr": "ku",  # Northern Kurdish (Kurmanji)
    "sdh": "ku",  # Southern Kurdish
    "id": "ms",  # Indonesian: a member of the macrolanguage Malay
    "min": "ms",  # Minangkabau, likewise
    "arz": "ar",  # Egyptian Arabic
    "ary": "ar",  # Moroccan Arabic
    "apc": "ar",  # Levantine Arabic
    "acm": "ar",  # Mesopotamian Arabic
    "azb": "az",  # South Azerbaijani
    "uzs": "uz",  # Southern Uzbek
    "wuu": "zh",  # Wu
    "yue": "zh",  # Cantonese
    "nb": "no",  # Norwegian Bokmål
    "nn": "no",  # Norwegian Nynorsk
    "bs": "sh",  # Serbo-Croatian: one macrolanguage of four standards
    "hr": "sh",
    "sr": "sh",
    "cnr": "sh",
    "fil": "tl",  # Filipino is standardised Tagalog; no macrolanguage, but one label in every model
}

_SUBTAG = re.compile(r"[a-z]{2,8}")


def shortest_tag(tag: str) -> str:
    """Write a language tag in its shortest usual form: `arb` and `ar-SA` → `ar`, `iw` → `he`, `zho` → `zh`.

    A script or region is dropped, but for Chinese in the traditional script (`zh-Hant`), which
    identifiers tell apart. Nothing usable gives `und`.
    """
    parts = tag.strip().replace("_", "-").lower().split("-")
    language = parts[0]
    if not _SUBTAG.fullmatch(language):
        return UNDETERMINED
    language = _REPLACED.get(language, language)
    language = _short_codes().get(language, language)
    if language == "zh" and {"hant", "tw", "hk", "mo"} & set(parts[1:]):
        return "zh-Hant"
    return UNDETERMINED if language in {"mul", "mis", "zxx", "und"} else language


def primary(tag: str) -> str:
    """Give the language subtag of the shortest form: `zh-Hant` → `zh`."""
    return shortest_tag(tag).partition("-")[0]


@functools.lru_cache(maxsize=4096)
def macrolanguage(tag: str) -> str:
    """Give the tag under which label sets agree: `ckb` → `ku`, `id` → `ms`, `nb` → `no`, else `primary`."""
    language = primary(tag)
    return _MACROLANGUAGE.get(language, language)


@functools.cache
def _short_codes() -> dict[str, str]:
    table = (resources.files("harness.text") / "data" / "iso639_short.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return {row[0]: row[1] for row in rows[1:]}
