"""Models behind servers: a real server on the loopback that limits, fails, tears its replies, and says nothing."""

import email.utils
import json
import time

import pytest
from support.stand_in_model import Scripted, completion, stand_in_model

from harness.core.errors import ConfigurationError, InputError, NoEvidenceError
from harness.systems.registry import open_system
from harness.workflows.run import run

KEY = "sk-not-a-real-key-0123456789"


@pytest.fixture
def run_model(request_to_run, tmp_path):
    """Give a function that runs a served model on language-id, with options as `systems.toml` has them."""

    def start(model, *, more="", **changed):
        options = {"timeout_s": 5.0, "attempts": 3, "backoff_s": 0.01, **changed.pop("options", {})}
        lines = [f"{key} = {json.dumps(value)}" for key, value in options.items()]
        declared = ["[[systems]]", 'name = "tiny"', f'uri = "{getattr(model, "uri", model)}"', *lines, more]
        (tmp_path / "systems.toml").write_text("\n".join(declared), encoding="utf-8")
        return run(request_to_run(system="tiny", **{"on_missing": "wrong", **changed}))

    return start


def label(prompt):
    """Tell the language, as a model would."""
    text = prompt.split("---")[1]
    if any("a" <= letter <= "z" for letter in text):
        return "en"
    return "fa" if "نمایشگاه" in text else "ar"


def right(prompt, _times):
    """Answer rightly."""
    return completion(label(prompt))


def first(scripted, times_wrong=1):
    """Say something else to the item about the bridge at first, then answer."""
    return lambda prompt, times: (
        scripted if "bridge" in prompt and times <= times_wrong else completion(label(prompt))
    )


def failures(folder):
    """Tell which items failed, and how."""
    items = folder.items()
    columns = (items.column(name).to_pylist() for name in ("item_id", "failure"))
    return {name: kind for name, kind in zip(*columns, strict=True) if kind}


def test_a_served_model_is_scored_and_its_tokens_are_counted(run_model):
    """The prompt holds the text; what the server counts stands beside each item and in the outputs."""
    with stand_in_model(right) as model:
        folder = run_model(model)
    assert folder.result.scores[0].value == 1.0
    assert folder.items().column("input_tokens").to_pylist() == [11] * 10
    assert folder.items().column("output_tokens").to_pylist() == [2] * 10
    assert folder.tokens() == (110, 20)
    _, sent = model.seen[0]
    assert (sent["path"], sent["model"], sent["temperature"]) == ("/v1/chat/completions", "tiny", 0.0)
    outputs = (folder.path / "outputs.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(outputs[0])["input_tokens"] == 11


def test_probabilities_of_tokens_are_summed_where_they_are_given(run_model):
    """And asked for only where the user wants them."""
    logprobs = {"content": [{"token": "a", "logprob": -0.25}, {"token": "r", "logprob": -0.5}]}
    with stand_in_model(lambda prompt, _times: completion(label(prompt), logprobs=logprobs)) as model:
        folder = run_model(model, options={"logprobs": True})
    assert folder.items().column("logprob").to_pylist() == [-0.75] * 10
    assert all(sent["logprobs"] is True for _, sent in model.seen)


PASSING = {
    "too many requests": Scripted(429, b"slow down", {"Retry-After": "0"}),
    "an error of the server": Scripted(500, b"oops"),
    "overload": Scripted(503, b""),
    "half a JSON": Scripted(body=b'{"choices": [{"message": {"cont'),
    "less than promised": Scripted(body=b'{"choices": []}', promised=5000),
    "an empty body": Scripted(body=b""),
    "a closed connection": Scripted(body=None),
    "a page": Scripted(body=b"<html>Bad gateway</html>"),
}


@pytest.mark.parametrize("what", PASSING)
def test_what_passes_is_tried_again(run_model, what):
    """An item that is answered in the end did not fail."""
    with stand_in_model(first(PASSING[what])) as model:
        assert failures(run_model(model)) == {}
    assert sum(model.asked.values()) == 11


LASTING = {
    "too many requests": (Scripted(429, b"slow down", {"Retry-After": "0"}), "refused"),
    "an error of the server": (Scripted(500, b"oops"), "crash"),
    "half a JSON": (Scripted(body=b'{"choices": [{"message": {"cont'), "unparsable"),
    "an empty body": (Scripted(body=b""), "no-answer"),
    "no choices": (Scripted(body=b'{"choices": []}'), "unparsable"),
    "another shape": (Scripted(body=b'[1, 2, "three"]'), "unparsable"),
    "a list as text": (completion(["ar"]), "unparsable"),
    "an empty answer": (completion("  "), "no-answer"),
    "no text": (completion(None), "no-answer"),
    "a filter": (completion("ar", finish_reason="content_filter"), "refused"),
    "too long a text": (Scripted(400, b'{"error": "context length"}'), "refused"),
    "chatter": (completion("This text is in English."), "unparsable"),
    "a million characters": (completion("x" * 1_000_000), "unparsable"),
    "half of a surrogate pair": (completion("\ud83d"), "unparsable"),
}


@pytest.mark.parametrize("what", LASTING)
def test_what_lasts_is_a_failure_of_its_kind(run_model, what):
    """One item fails, the others are scored."""
    scripted, kind = LASTING[what]
    with stand_in_model(first(scripted, 99)) as model:
        assert failures(run_model(model)) == {"e1#L1": kind}


def test_a_server_that_does_not_end_is_a_time_out(run_model):
    """Silent, or a byte now and then: the limit is on all of the exchange."""
    slow = Scripted(body=completion("en").body, slowly_s=0.05)
    for scripted in (Scripted(wait_s=30.0), slow):
        with stand_in_model(first(scripted, 99)) as model:
            folder = run_model(
                model,
                options={"timeout_s": 0.3, "attempts": 1, "max_tokens": 5 if scripted is slow else 6},
            )
        assert failures(folder) == {"e1#L1": "time-out"}


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_server_is_left_alone_for_as_long_as_it_asks(run_model, form):
    """All requests wait, not that one alone."""
    began = []

    def script(prompt, _times):
        began.append(time.monotonic())
        if len(began) == 1:
            after = "1" if form == "seconds" else email.utils.formatdate(time.time() + 2, usegmt=True)
            return Scripted(429, b"", {"Retry-After": after})
        return completion(label(prompt))

    with stand_in_model(script) as model:
        run_model(model, options={"concurrency": 1})
    assert began[1] - began[0] >= 0.9


def test_requests_go_out_side_by_side_and_no_more_than_allowed(run_model):
    """Answers stay in the order of the items."""

    def script(prompt, _times):
        reply = right(prompt, 1)
        reply.wait_s = 0.05
        return reply

    with stand_in_model(script) as model:
        folder = run_model(model, options={"concurrency": 3})
    assert model.most_at_once == 3
    assert folder.result.scores[0].value == 1.0


def test_requests_keep_to_a_rate(run_model):
    """600 a minute are ten a second."""
    with stand_in_model(right) as model:
        start = time.monotonic()
        run_model(model, options={"requests_per_minute": 1200, "concurrency": 8})
    assert time.monotonic() - start >= 9 * 0.05


@pytest.mark.parametrize("status", [401, 403, 404, 301])
def test_what_no_request_can_get_past_ends_the_run_at_once(run_model, status):
    """A wrong key, model or address is bad input, told with what the server says; not ten failures."""
    reply = Scripted(status, b"no such model", {"Location": "http://127.0.0.1:9/"})
    told = rf"status {status}.*no such model"
    with stand_in_model(lambda *_: reply) as model, pytest.raises(InputError, match=told) as raised:
        run_model(model)
    assert raised.value.exit_code == 3


def test_a_server_that_is_not_there_is_told_at_once(run_model):
    """No item fails for it."""
    with stand_in_model(right) as model:
        uri = model.uri
    with pytest.raises(InputError, match="no server answers there"):
        run_model(uri)


def test_a_server_that_goes_away_costs_no_answer_that_it_gave(run_model):
    """The same command asks for the rest alone."""
    answered = []

    def leaving(prompt, _times):
        if len(answered) >= 4:
            return Scripted(404, b"gone")
        answered.append(prompt)
        return completion(label(prompt))

    scripts = [leaving]

    def latest(prompt, times):
        return scripts[-1](prompt, times)

    with stand_in_model(latest) as model:
        with pytest.raises(InputError, match="gone"):
            run_model(model, options={"batch_items": 2, "concurrency": 1})
        scripts.append(right)
        before = model.asked.copy()
        folder = run_model(model, options={"batch_items": 2, "concurrency": 1})
    assert failures(folder) == {}
    assert all((model.asked - before)[prompt] == 0 for prompt in answered)


def test_a_run_in_which_every_item_failed_is_no_evidence(run_model):
    """With the server's own words."""
    told = r"crash: 10.*out of memory"
    with (
        stand_in_model(lambda *_: Scripted(500, b"out of memory")) as model,
        pytest.raises(NoEvidenceError, match=told),
    ):
        run_model(model)


def test_the_key_is_sent_and_written_nowhere(run_model, tmp_path, monkeypatch):
    """Not into the run, not into the answers kept, not into an error that the server echoes."""
    monkeypatch.setenv("HARNESS_API_KEY", KEY)
    with stand_in_model(right) as model:
        run_model(model)
    assert model.seen[0][0]["Authorization"] == f"Bearer {KEY}"
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(".answers" in path.parts for path in written)
    assert not any(KEY.encode() in path.read_bytes() for path in written)
    for padding in (0, 190):  # whole, and where the quotation is cut
        echo = Scripted(401, f"{'.' * padding}{KEY}".encode())
        with stand_in_model(lambda *_, echo=echo: echo) as model, pytest.raises(InputError) as raised:
            run_model(model)
        assert KEY[:8] not in str(raised.value)


def test_no_key_is_sent_that_was_not_named(run_model, monkeypatch):
    """Keys of other services stay at home."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with stand_in_model(right) as model:
        run_model(model)
    assert "Authorization" not in model.seen[0][0]


def test_a_key_does_not_cross_a_network_in_the_clear(monkeypatch):
    """Neither is anything sent to find out."""
    monkeypatch.setenv("HARNESS_API_KEY", KEY)
    with pytest.raises(ConfigurationError, match="in the clear") as raised:
        open_system("openai:http://models.example/v1#tiny", kind="language-id")
    assert KEY not in str(raised.value)


@pytest.mark.parametrize(
    "uri",
    [
        "openai:http://localhost/v1",
        "openai:ftp://localhost/v1#m",
        "openai:localhost#m",
        "openai:http://user:secret@localhost/v1#m",
        "openai:http://localhost/v1?key=secret#m",
        "openai:http://[::1/v1#m",
    ],
)
def test_an_address_that_cannot_be_meant_is_wrong_use(uri):
    """A secret in an address would end in the manifest."""
    with pytest.raises(ConfigurationError) as raised:
        open_system(uri, kind="language-id")
    assert "secret" not in raised.value.what


def test_another_prompt_is_another_system_and_another_limit_is_not():
    """What shapes an answer is in the identity; patience and prices are not."""
    from harness.systems.settings import SystemSettings  # noqa: PLC0415 - of this test alone

    def fingerprint(**options):
        settings = SystemSettings(name="m", uri="openai:http://localhost/v1#m", **options)
        return open_system("m", kind="language-id", declared={"m": settings}).identity.fingerprint

    same = fingerprint()
    assert (
        fingerprint(timeout_s=1, concurrency=9, prices={"input_per_million": 1, "output_per_million": 2})
        == same
    )
    assert fingerprint(prompts={"topic": "{input}?"}) == same
    shaped = [{"prompts": {"language-id": "{input}?"}}, {"temperature": 1}, {"max_tokens": 3}, {"seed": 1},
              {"system_prompt": "Be brief."}]  # fmt: skip
    assert len({same, *(fingerprint(**one) for one in shaped)}) == len(shaped) + 1


def test_a_text_that_holds_braces_is_put_as_it_is(run_model, documents):
    """A prompt is no template language to the text."""
    column = documents.column_names.index("text")
    hostile = ["{input} {0} {settings} %s and twenty more letters here"] * documents.num_rows
    with stand_in_model(lambda *_: completion("ar")) as model:
        run_model(model, documents=documents.set_column(column, "text", [hostile]))
    assert all(hostile[0] in sent["messages"][-1]["content"] for _, sent in model.seen)


def test_a_model_is_not_asked_to_rank_without_a_prompt():
    """What it could not answer is refused before anything is sent."""
    with pytest.raises(ConfigurationError, match="does not answer tasks of kind 'retrieval'"):
        open_system("openai:http://localhost/v1#m", kind="retrieval")
