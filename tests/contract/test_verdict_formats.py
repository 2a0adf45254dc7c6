"""The formats of a verdict: each valid by its published schema, all of one mind, none obeying hostile text."""

import html.parser
import json
import re
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest
from lxml import etree
from markdown_it import MarkdownIt
from support.command import harness_inside

from harness.core.verdict import Finding, GateResult, SuiteIdentity, Verdict, fingerprint_of
from harness.reports.verdicts import KINDS, parse_sink
from harness.reports.verdicts.placing import Place, Placing

_SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
_SCRIPT = "<script>document.title='RAN'</script>"
_HOSTILE = (
    _SCRIPT,
    '"><img src=x onerror="document.title=\'RAN\'">',
    "]]><!-- --!>\ufffe\uffff",
    "\n::error file=x::INJECTED\r\n::set-output name=a::b",
    "| a | b |\n# heading\n[link](javascript:alert(1)) `code <details>",
    "\x1b[2J\x1b]0;title\x07 \x00 \x08\r\n %0A::error::x",
    "abc \N{RIGHT-TO-LEFT OVERRIDE}dlrow \ud800 {{ 7 * 7 }}",
)
_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# What the documentation of each consumer asks for, as no schema is published.
_GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "lines": {"required": ["begin"], "properties": {"begin": {"type": "integer"}}}
                },
            },
        },
    },
}
_BADGE = {
    "type": "object",
    "required": ["schemaVersion", "label", "message"],
    "properties": {
        "schemaVersion": {"const": 1},
        "label": {"type": "string"},
        "message": {"type": "string", "minLength": 1},
        "color": {"type": "string"},
        "isError": {"type": "boolean"},
    },
    "additionalProperties": False,
}


def _gate(rule, status, severity="critical", text="fine", findings=()):
    return GateResult(
        rule=rule,
        suite="made",
        title=text,
        file="expectations/made.json",
        line=7,
        table="documents",
        expectation="expect_column_values_to_not_be_null",
        severity=severity,
        status=status,
        observed=text,
        allowed=text,
        evaluated=0 if status == "error" else 12,
        unexpected=None if status == "error" else len(findings),
        unexpected_share=None,
        findings=tuple(findings),
        detail=text if status == "error" else "",
    )


def _verdict(text="fine"):
    findings = [Finding(id=f"{text}{row}", locator=f"{text}.txt#L{row}", observed=text) for row in range(3)]
    gates = (
        _gate("TST001", "passed", text=text),
        _gate("TST002", "failed", text=text, findings=findings),
        _gate("TST003", "failed", "warning", text=text, findings=findings[:1]),
        _gate("TST004", "error", text=text),
    )
    suite = SuiteIdentity(name="made", sha256="0" * 64, declared=len(gates))
    return Verdict(
        dataset=text,
        version="1.0.0",
        content_hash="f" * 64,
        suites=(suite,),
        gates=gates,
        evaluator="great-expectations 1.24.1",
    )


def _written(kind, text="fine"):
    return KINDS[kind](_verdict(text), Placing(article=lambda _: Place("raw/a b.txt", 3)))


@pytest.mark.parametrize("text", ["fine", *_HOSTILE])
def test_junit_is_valid_and_keeps_failure_and_error_apart(text):
    """What is not met fails, what could not be judged is an error, a warning passes, as the exit code has it."""
    root = etree.fromstring(_written("junit", text).encode("utf-8"))
    etree.XMLSchema(etree.parse(_SCHEMAS / "junit-10.xsd")).assertValid(root)
    outcomes = {case.get("name").split()[0]: [child.tag for child in case] for case in root.iter("testcase")}
    assert outcomes == {"TST001": [], "TST002": ["failure"], "TST003": ["system-out"], "TST004": ["error"]}
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("4", "1", "1")


@pytest.mark.parametrize("text", ["fine", *_HOSTILE])
def test_sarif_is_valid_and_tells_what_could_not_be_judged(text):
    """A finding is a result; a gate that could not be judged is open, never a pass, and the run unsuccessful."""
    report = json.loads(_written("sarif", text))
    jsonschema.validate(report, json.loads((_SCHEMAS / "sarif-2.1.0.json").read_text(encoding="utf-8")))
    (run,) = report["runs"]
    kinds = [(result["ruleId"], result["kind"], result["level"]) for result in run["results"]]
    assert kinds == [
        *[("TST002", "fail", "error")] * 3,
        ("TST003", "fail", "warning"),
        ("TST004", "open", "none"),
    ]
    assert not run["invocations"][0]["executionSuccessful"]
    assert run["invocations"][0]["exitCode"] == int(_verdict().exit_code)
    assert all(
        run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        for result in run["results"]
    )


@pytest.mark.parametrize("text", ["fine", *_HOSTILE])
def test_gitlab_and_badge_are_as_their_readers_ask(text):
    """Every entry has a place, a fingerprint of its own and a severity that GitLab knows."""
    report = json.loads(_written("gitlab", text))
    jsonschema.validate(report, _GITLAB)
    assert len({entry["fingerprint"] for entry in report}) == len(report) == 5
    jsonschema.validate(json.loads(_written("badge", text)), _BADGE)


@pytest.mark.parametrize("text", ["fine", *_HOSTILE])
def test_github_gets_one_command_a_gate_and_no_other(text):
    """A line break in a value cannot start a command, nor a comma a property."""
    lines = _written("github", text).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning", "::error"]
    assert all(re.fullmatch(r"::\w+ file=[^,:]*,line=\d+,title=[^,:\n]*::[^\r\n]*", line) for line in lines)


@pytest.mark.parametrize("text", _HOSTILE)
def test_the_page_and_the_comment_obey_nothing(text):
    """No tag, link or heading comes from the data."""
    tags = []
    parser = html.parser.HTMLParser()
    parser.handle_starttag = lambda tag, attributes: tags.append((tag, dict(attributes)))
    parser.feed(_written("html", text))
    assert not {"script", "img", "iframe"} & {tag for tag, _ in tags}
    assert not any(name.startswith("on") for _, attributes in tags for name in attributes)
    comment = _written("md", text)
    rendered = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(comment)
    found = set(re.findall(r"<([a-z][a-z0-9]*)", rendered))
    assert found <= {
        "h3",
        "p",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "strong",
        "code",
        "details",
        "summary",
    }
    assert rendered.count("<h3>") == rendered.count("<details>") == 1
    assert "\x1b" not in comment


@pytest.mark.skipif(_CHROMIUM is None, reason="no Chromium on this machine")
def test_a_real_browser_runs_nothing(tmp_path):
    """With the policy taken out of the page, so that escaping alone has to hold."""
    page = "".join(_written("html", text) for text in _HOSTILE)
    path = tmp_path / "page.html"
    path.write_text(page.replace("default-src 'none'", "default-src 'unsafe-inline'"), encoding="utf-8")
    command = [
        _CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}",
        "--dump-dom", path.as_uri(),
    ]  # fmt: skip
    dom = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    assert "<title>RAN" not in dom
    assert "document.title" in dom


def test_a_fingerprint_outlives_order_place_and_number():
    """It changes with the rule, the record and the kind of evidence only."""
    gate, other = _gate("TST001", "failed"), _gate("TST002", "failed")
    finding = Finding(id="a", locator="x.txt", observed="3 (lang = fa)")
    moved = Finding(id="a", locator="y.txt", observed="17 (lang = fa)")
    assert fingerprint_of(gate, finding) == fingerprint_of(gate, moved)
    changed = [
        fingerprint_of(other, finding),
        fingerprint_of(gate, finding.model_copy(update={"id": "b"})),
        fingerprint_of(gate, finding.model_copy(update={"observed": "3 (lang = ur)"})),
        fingerprint_of(gate),
    ]
    assert len({fingerprint_of(gate, finding), *changed}) == 5


def test_a_report_that_nobody_knows_is_refused_with_a_suggestion(tmp_path):
    """So is one without a file, before anything is judged."""
    refused = harness_inside("validate", "demo-news", "--report", "junot=x.xml", cwd=tmp_path)
    assert refused.code == 2
    assert "junit" in refused.stderr
    assert harness_inside("validate", "demo-news", "--report", "sarif", cwd=tmp_path).code == 2
    assert parse_sink("github").target == "-"
