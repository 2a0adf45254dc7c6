"""Write the samples of other tools' result files in tests/fixtures/results, each by the tool itself.

The tools are no part of this project: install the one that is asked for into an environment of its own, and give
this file to its interpreter: `PYTHON tests/generators/foreign_results.py lm-eval|inspect|lighteval FOLDER`. They were
written by lm-eval 0.4.13, inspect-ai 0.3.285 and lighteval 0.13.0 with datasets 5.2.0. Questions are made up; no
model and no network takes part.
"""

import json
import os
import subprocess
import sys
import types
from dataclasses import asdict
from pathlib import Path

_PLACES = ("بغداد", "دمشق", "عمّان")
_QUESTIONS = [f'السؤال {number}: ما عاصمة البلد "{number % 3}"؟' for number in range(6)]
_TIME = "2026-11-20T10-11-12.123456"

_CHOICE = """
task: ar_choice
dataset_path: json
dataset_kwargs: {data_files: {test: questions.jsonl}}
output_type: multiple_choice
test_split: test
doc_to_text: "{{question}}"
doc_to_choice: choices
doc_to_target: label
metric_list: [{metric: acc, aggregation: mean, higher_is_better: true}]
metadata: {version: 2.0}
"""
_TEXT = """
task: ar_text
dataset_path: json
dataset_kwargs: {data_files: {test: questions.jsonl}}
output_type: generate_until
test_split: test
doc_to_text: "{{question}}"
doc_to_target: "{{choices[label]}}"
generation_kwargs: {until: ["\\n"]}
metric_list:
  - {metric: exact_match, aggregation: mean, higher_is_better: true}
  - {metric: ter, higher_is_better: false}
filter_list:
  - {name: first-word, filter: [{function: regex, regex_pattern: "(\\\\w+)"}, {function: take_first}]}
  - {name: whole, filter: [{function: take_first}]}
metadata: {version: 1.0}
"""


def lm_eval(folder: Path) -> None:
    """Run two tasks with the tool's dummy model: one by likelihood, one by text with two filters."""
    docs = [
        {"question": question, "choices": list(_PLACES), "label": number % 3}
        for number, question in enumerate(_QUESTIONS)
    ]
    lines = [json.dumps(doc, ensure_ascii=False) for doc in docs]
    (folder / "questions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name, task in (("choice", _CHOICE), ("text", _TEXT)):
        (folder / f"{name}.yaml").write_text(task, encoding="utf-8")
    command = "-m lm_eval --model dummy --model_args pretrained=org/alpha --tasks ar_choice,ar_text --include_path ."
    subprocess.run(
        [sys.executable, *command.split(), "--log_samples", "--output_path", "lm-eval"],
        cwd=folder,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(folder / "cache")},
        check=True,
    )


def inspect(folder: Path) -> None:
    """Run one task with the tool's mock model, twice a sample, and log it in both of its formats."""
    import tiktoken  # noqa: PLC0415 - of the tool's environment
    from inspect_ai import Epochs, Task, task  # noqa: PLC0415 - same
    from inspect_ai import eval as evaluate  # noqa: PLC0415 - same
    from inspect_ai.dataset import Sample  # noqa: PLC0415 - same
    from inspect_ai.model import ChatMessageUser  # noqa: PLC0415 - same
    from inspect_ai.scorer import f1, match  # noqa: PLC0415 - same
    from inspect_ai.solver import generate  # noqa: PLC0415 - same

    # The mock model counts tokens by a table that would be fetched.
    tiktoken.get_encoding = lambda _name: types.SimpleNamespace(encode=lambda text, **_options: list(text))

    @task
    def ar_chat() -> Task:
        said = "Default output from mockllm/model"
        samples = [
            Sample(
                id=f"q{number}",
                input=[ChatMessageUser(content=question)] if number % 2 else question,
                target=said if number % 3 else "بغداد",
            )
            for number, question in enumerate(_QUESTIONS[:4])
        ]
        return Task(dataset=samples, solver=generate(), scorer=[match(), f1()], epochs=Epochs(2), version=3)

    for form in ("eval", "json"):
        evaluate(
            ar_chat(), model="mockllm/model", log_dir=str(folder / "inspect"), log_format=form, display="none"
        )


def lighteval(folder: Path) -> None:
    """Write details as the tool's tracker does: its own records, through `datasets`, columns in order of names."""
    sys.modules["torch"] = types.ModuleType("torch")  # of which the records take one name, in a type
    sys.modules["torch"].Tensor = object  # type: ignore[attr-defined]
    from lighteval.models.model_output import ModelResponse  # noqa: PLC0415 - of the tool's environment
    from lighteval.tasks.requests import Doc, SamplingMethod  # noqa: PLC0415 - same

    del sys.modules["torch"]
    from datasets import Dataset  # noqa: PLC0415 - after the torch that is none is gone

    rows = [
        {
            "doc": asdict(
                Doc(
                    query=question,
                    choices=list(_PLACES),
                    gold_index=number % 3,
                    id=str(number),
                    task_name="ar_choice:geo|0",
                    sampling_methods=[SamplingMethod.LOGPROBS],
                )
            ),
            "metric": {"acc": int(number % 3 == number % 2)},
            "model_response": asdict(
                ModelResponse(
                    input=question,
                    logprobs=[-1.0 + (place == number % 2) for place in range(3)],
                    argmax_logits_eq_gold=[place == number % 3 for place in range(3)],
                    output_tokens=[[1], [2], [3]],
                )
            ),
        }
        for number, question in enumerate(_QUESTIONS)
    ]
    target = folder / "lighteval" / "details" / "org" / "alpha" / _TIME
    target.mkdir(parents=True)
    Dataset.from_list(rows).to_parquet(target / f"details_ar_choice:geo|0_{_TIME}.parquet")


if __name__ == "__main__":
    _, tool, out = sys.argv
    Path(out).mkdir(parents=True, exist_ok=True)
    {"lm-eval": lm_eval, "inspect": inspect, "lighteval": lighteval}[tool](Path(out).resolve())
