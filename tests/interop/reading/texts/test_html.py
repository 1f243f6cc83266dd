"""HTML from a feed becomes plain text: nothing lost that a reader would see, nothing that runs."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from asset_hub.interop.reading.texts import html
from asset_hub.interop.reading.texts.html import html_to_text, plain


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<p>One<br>two<br/><br>three</p>", "One\ntwo\n\nthree"),
        ("One &amp; two&nbsp;three", "One & two three"),
        ("<ul><li>Tea</li><li><p>Cake</p></li></ul><p>Come</p>", "- Tea\n- Cake\n\nCome"),
        ("<li>Tea<li>Cake", "- Tea\n- Cake"),
        ("<p></p><p> </p><div>One</div><p></p>", "One"),
        ("Read <b>this</b> <i>now</i>", "Read this now"),
        ("<p>a\n   b</p>", "a b"),
        ("one\ntwo &amp; <b>three</b>", "one\ntwo & three"),
        ("<h2>When</h2>Mondays", "When\n\nMondays"),
        ("<table><tr><td>Mon</td><td>10</td></tr><tr><th>Tue</th><td>11</td></tr></table>",
         "Mon 10\nTue 11"),
        ('<img src="x" alt="A red door"> left', "A red door left"),
        ("<img src=x onerror=alert(1)>", ""),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("I <3 you", "I <3 you"),
        ("<p>never closed <b>bold", "never closed bold"),
        ("</p></div>only ends", "only ends"),
        ("before<!-- hidden -->after", "beforeafter"),
        ("&lt;p&gt;Escaped twice&lt;/p&gt;", "Escaped twice"),
        ("R&amp;amp;B", "R&B"),
        ("https://x.example/?a=1&copy=2", "https://x.example/?a=1&copy=2"),
        ("a\u200bb\u00adc\ufeffd\u2060e", "abcde"),
        ("a\u00a0b\u2003c", "a b c"),
        ("e\u0301", "é"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u202eevil\u202c", "evil"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_a_reader_sees_is_kept(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ('<a href="https://x.example/a">our site</a>!', "our site (https://x.example/a)!"),
        ('<a href="https://x.example/">x.example</a>', "x.example"),
        ('<a href="https://www.x.example">http://x.example</a>', "http://x.example"),
        ('<a href="mailto:a@x.example">write</a>', "write (a@x.example)"),
        ('<a href="mailto:a@x.example">a@x.example</a>', "a@x.example"),
        ('<a href="https://x.example/?a=1&amp;b=2">go</a>', "go (https://x.example/?a=1&b=2)"),
        ('<a href="https://x.example/q"><img src="i.png"></a>', "https://x.example/q"),
        ('<a href="https://x.example/q">one <a href="https://x.example/r">two',
         "one (https://x.example/q)two (https://x.example/r)"),
        ('<a href="/here">here</a>', "here"),
        ("<a>bare</a>", "bare"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ('<a href="JaVa\tScript:alert(1)">x</a>', "x"),
        ('<a href="&#106;avascript:alert(1)">x</a>', "x"),
        ('<a href="data:text/html,<script>1</script>">x</a>', "x"),
        ('<a href="vbscript:x">x</a>', "x"),
        ('<a href="http://[">x</a>', "x"),
    ],
)  # fmt: skip
def test_links_keep_their_address_when_it_is_safe(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


@pytest.mark.parametrize(
    "markup",
    [
        "a<script>alert(1)</script>",
        "a<SCRIPT src=x></SCRIPT >",
        "a<style>p { color: red }</style>",
        "a<script>alert(1)",
        "a<style media='x'>never closed",
        "a&lt;script&gt;alert(1)&lt;/script&gt;",
    ],
)
def test_what_would_run_is_dropped(markup: str) -> None:
    assert html_to_text(markup) == "a"


@pytest.mark.parametrize(
    "markup",
    ["<scr<script>x</script>ipt>hi", "<<script>script>alert(1)", "&amp;amp;lt;script&amp;gt;",
     "&amp;amp;amp;lt;script&gt;alert", "<\u200bscript>x", "<\x00script>x", "\ufeff<script"],
)  # fmt: skip
def test_tricks_leave_no_tag(markup: str) -> None:
    assert "<script" not in html_to_text(markup).lower()


PIECES = st.sampled_from(
    ["<p>", "</p>", "<br>", "<li>", "<ul>", "</ul>", "<b>", "</b>", "<a href='https://x.example/'>",
     "</a>", "<script>", "</script>", "<style>", "<", ">", "&lt;", "&amp;", "&#60;",
     "&nbsp;", "<!--",
     "-->", "<![CDATA[", "]]>", "<a href=\"javascript:alert(1)\">", "script>", "\u00a0", "\u200b",
     "\n", " ", "words", "<img alt='x'>", "'", '"', "<td>", "\x00"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=30).map("".join)))
@example("<" * 200)
@settings(deadline=None, max_examples=100)
def test_it_never_raises_and_never_gives_a_script(markup: str) -> None:
    text = html_to_text(markup)
    assert "<script" not in text.lower()
    assert "\u00a0" not in text
    assert text == text.strip()
    assert html_to_text(text) is not None


ORDERLY = st.sampled_from(
    ["<p>", "</p>", "<br>", "<br/>", "<li>", "</li>", "<ul>", "</ul>", "<B>", "</b>", "word", " ",
     '<a href="https://x.example/?a&amp;b">', "</a>", "&amp;", "<img alt='pic'>", "\n", "<td>"]
)  # fmt: skip


@given(st.lists(ORDERLY, max_size=25).map("".join))
@settings(deadline=None, max_examples=50)
def test_the_quick_way_reads_what_the_parser_reads(markup: str) -> None:
    quick, slow = html._Said(keep_lines=False), html._Said(keep_lines=False)
    pieces = html._SIMPLE.split(markup)
    assert html._is_simple(pieces)
    html._read_simple(pieces, quick)
    reader = html._Reader(slow)
    reader.feed(markup)
    reader.close()
    assert plain(quick.text()) == plain(slow.text())


@pytest.mark.parametrize("bad", ["<a", "<!", "<!--", "&#", "</", "<![CDATA[", "<a b='", "&lt;"])
def test_a_hundred_thousand_of_anything_is_read_at_once(bad: str) -> None:
    assert len(html_to_text(bad * (100_000 // len(bad)))) < 200_000
