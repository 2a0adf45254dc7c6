"""Feeds: each item is a record, what is hostile is not resolved, and a broken item costs no other."""

import hashlib
import time

import pytest

from harness.core.recipe import FieldMapping, SourceSettings
from harness.sources import read_raw
from harness.sources.html import extract

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>صحيفة المثال</title><link>https://a.example/</link><language>ar</language>
<atom:link rel="self" href="https://a.example/feed"/>
{items}
</channel></rss>"""
ITEM = """<item><title>عنوان {n}</title><link>https://a.example/{n}</link><guid>g{n}</guid>
<pubDate>Wed, 01 May 2024 10:00:00 +0300</pubDate><dc:creator>أحمد</dc:creator><category>محليات</category>
<category>ثقافة</category><description>مختصر</description>
<content:encoded><![CDATA[<p>النص الكامل {n}.</p><p>فقرة ثانية & أخيرة.</p>]]></content:encoded></item>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar"><title>مجلة</title><rights>CC BY 4.0</rights>
<entry><title>عنوان</title><id>urn:1</id><link rel="edit" href="https://a.example/e"/>
<link href="https://a.example/1"/><published>2024-05-01T10:00:00Z</published><author><name>ليلى</name></author>
{content}</entry></feed>"""


def read(root, **fields):
    """Read a folder into plain rows."""
    source = SourceSettings(name="s", path=".", fields=FieldMapping(**fields))
    return [row for batch in read_raw([source], root) for row in batch.to_pylist()]


def write(root, content, name="f.rss"):
    """Write a feed."""
    (root / name).write_text(content, encoding="utf-8")


def test_an_item_is_a_record_with_what_the_feed_says_of_it(tmp_path):
    """The full text is taken before the summary, the feed's title is the source; the hash is of the item's bytes."""
    items = [ITEM.format(n=number) for number in (1, 2)]
    write(tmp_path, RSS.format(items="\n".join(items)))
    first, second = read(tmp_path)
    assert extract(first["payload"].decode()).text == "النص الكامل 1.\n\nفقرة ثانية & أخيرة."
    assert (first["media"], first["encoding"]) == ("html", "utf-8")
    assert [row["locator"] for row in (first, second)] == ["f.rss#I1", "f.rss#I2"]
    assert second["raw_sha256"] == hashlib.sha256(items[1].encode()).hexdigest()
    known = ("id", "title", "published", "url", "source", "section", "author", "lang_declared")
    assert [second[name] for name in known] == [
        "g2", "عنوان 2", "Wed, 01 May 2024 10:00:00 +0300", "https://a.example/2", "صحيفة المثال",
        "محليات, ثقافة", "أحمد", "ar",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "media", "text"),
    [
        ("<content type='html'>&lt;p&gt;نص&lt;/p&gt;</content>", "html", "نص"),
        ("<content type='text'>أصغر &lt;b&gt; من</content>", "text", "أصغر <b> من"),
        ("<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>نص <b>مهم</b></p></div></content>", "html", "نص مهم"),
        ("<summary>مختصر</summary>", "text", "مختصر"),
    ],
)  # fmt: skip
def test_atom_says_what_its_text_is(tmp_path, content, media, text):
    """Markup is read as a page is, text stays as it stands."""
    write(tmp_path, ATOM.format(content=content), "f.atom")
    [row] = read(tmp_path)
    payload = row["payload"].decode()
    assert (row["media"], extract(payload).text if media == "html" else payload) == (media, text)
    known = ("id", "url", "published", "author", "source", "lang_declared")
    assert [row[name] for name in known] == [
        "urn:1",
        "https://a.example/1",
        "2024-05-01T10:00:00Z",
        "ليلى",
        "مجلة",
        "ar",
    ]


def test_the_recipe_maps_elements(tmp_path):
    """Any element can be taken, by the name that it has in the feed."""
    write(tmp_path, RSS.format(items=ITEM.format(n=1)))
    [row] = read(tmp_path, text="description", section="dc:creator")
    assert (row["payload"].decode(), row["media"], row["section"]) == ("مختصر", "text", "أحمد")


def test_a_broken_item_is_an_error_and_the_others_are_read(tmp_path):
    """One forgotten tag would otherwise cost every later item."""
    items = [
        "<item><description>a</description></item>",
        "<item><description>b</item>",
        "<item><title>no end",
        "<item><title>no text</title></item>",
        "<item/>",
        "<!-- <item><description>comment</description></item> -->",
        "<item><description><![CDATA[c </item> <item> still c]]></description></item>",
        "<item><description>cut",
    ]
    (tmp_path / "f.xml").write_text("<rss><channel>" + "".join(items))
    assert [(row["locator"], row["error"], row["payload"]) for row in read(tmp_path)] == [
        ("f.xml#I1", None, b"a"), ("f.xml#I2", "broken-xml", None), ("f.xml#I3", "broken-xml", None),
        ("f.xml#I4", "no-text-field", None), ("f.xml#I5", "no-text-field", None),
        ("f.xml#I6", None, b"<html><body><article>c </item> <item> still c</article></body></html>"), ("f.xml#I7", "broken-xml", None),
    ]  # fmt: skip


def test_what_feeds_write_in_place_of_xml_is_read_as_it_is_meant(tmp_path):
    """Names of characters that HTML has, lone ampersands, controls and bytes of no encoding."""
    item = (
        "<item><description>أ&nbsp;ب &laquo;ج&raquo; R&D &#1583; &amp;lt; \x1a</description></item>".encode()
    )
    (tmp_path / "f.rss").write_bytes(
        b"<rss><channel>" + item.replace(b"R&D", b"R&D \xff") + b"</channel></rss>"
    )
    [row] = read(tmp_path)
    assert row["error"] is None
    assert (
        "أ\N{NO-BREAK SPACE}ب «ج» R&D \N{REPLACEMENT CHARACTER} د &lt; \N{REPLACEMENT CHARACTER}"
        in row["payload"].decode()
    )


@pytest.mark.parametrize(
    "entity", ['SYSTEM "file:///etc/passwd"', '"<item><description>made</description></item>"']
)
def test_entities_of_a_document_type_are_never_read(tmp_path, entity):
    """Neither files nor addresses are opened, and nothing is expanded."""
    write(
        tmp_path,
        f"<!DOCTYPE rss [<!ENTITY x {entity}>]><rss><channel><item><description>&x;</description></item></channel></rss>",
    )
    [row] = read(tmp_path)
    assert (row["locator"], row["error"]) == ("f.rss#I1", "broken-xml")


def test_a_billion_laughs_are_not_laughed(tmp_path):
    """Nested entities would fill the memory."""
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    write(
        tmp_path,
        f"<!DOCTYPE rss [{entities}]><rss><channel><item><description>&a11;</description></item></channel></rss>",
    )
    assert [row["error"] for row in read(tmp_path)] == ["broken-xml"]


def test_an_item_nested_without_end_is_an_error(tmp_path):
    """libxml2 stops at 256 levels."""
    write(tmp_path, f"<rss><channel><item>{'<a>' * 100_000}{'</a>' * 100_000}</item></channel></rss>")
    assert [row["error"] for row in read(tmp_path)] == ["broken-xml"]


@pytest.mark.parametrize(
    "mark", ["<!DOCTYPE[", "<!--", "<![CDATA[", "<item", "<item '", '<item "', "<?", "&", "<"]
)
def test_marks_that_are_never_closed_cost_one_pass(tmp_path, mark):
    """A search to the end for each of them would take hours."""
    write(tmp_path, "<rss>" + mark * 200_000)
    begun = time.process_time()
    read(tmp_path)
    assert time.process_time() - begun < 5


def test_xml_that_is_no_feed_is_told(tmp_path):
    """A map of a site is no article; a page is one."""
    write(tmp_path, "<?xml version='1.0'?><urlset><url/></urlset>", "a.xml")
    write(tmp_path, "<?xml version='1.0'?><!DOCTYPE html><html><p>نص</p></html>", "b.xml")
    write(tmp_path, "only words", "c.xml")
    rows = read(tmp_path)
    assert [(row["error"], row["media"]) for row in rows] == [
        ("unsupported-format", None), (None, "html"), ("unsupported-format", None),
    ]  # fmt: skip
    assert rows[0]["detail"] == "this XML is no feed: its outermost element is 'urlset'"


@pytest.mark.parametrize("encoding", ["cp1256", "utf-16", "utf-8"])
def test_a_feed_is_read_in_the_encoding_that_it_has(tmp_path, encoding):
    """The label in its first line is not believed against its bytes."""
    (tmp_path / "f.rss").write_bytes(RSS.format(items=ITEM.format(n=1) * 3).encode(encoding))
    assert [row["title"] for row in read(tmp_path)] == ["عنوان 1"] * 3
