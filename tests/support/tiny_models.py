"""Models of a few thousand random weights, made on the spot with their tokenizers: nothing is fetched."""

import importlib.util
from pathlib import Path

import pytest

TEXTS = [
    "The ferry to the island leaves at nine in the morning.",
    "Prices of wheat fell again on the market of the town.",
    "افتتحت البلدية مكتبة عامة جديدة في وسط المدينة صباح اليوم.",
    "فاز فريق الساحل ببطولة كرة القدم بعد مباراة طويلة.",
]
HAS_TRANSFORMERS = all(importlib.util.find_spec(name) for name in ("torch", "transformers"))
_UNKNOWN = "<unk>"
if HAS_TRANSFORMERS:
    import tokenizers
    import torch
    import transformers
    from tokenizers import decoders, models, pre_tokenizers, trainers

needs_transformers = pytest.mark.skipif(
    not HAS_TRANSFORMERS, reason="the extra 'hf' (torch, transformers) is not installed"
)


def byte_level_tokenizer():
    """Give a byte-pair tokenizer over bytes, as GPT-2 has it, with one token that begins and ends texts."""
    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<|end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    return _fast(tokenizer, bos="<|end|>", eos="<|end|>")


def word_piece_tokenizer():
    """Give a tokenizer as BERT has it: small letters, `##` where a word goes on, `[UNK]` for what is not known."""
    tokenizer = tokenizers.BertWordPieceTokenizer(lowercase=True)
    tokenizer.train_from_iterator(TEXTS, vocab_size=200, show_progress=False)
    return _fast(
        tokenizer._tokenizer, unk="[UNK]", pad="[PAD]", cls="[CLS]", sep="[SEP]", model_max_length=32
    )


def sentence_piece_tokenizer():
    """Give a Unigram tokenizer that writes blanks as a sign of their own, as T5 has it."""
    tokenizer = tokenizers.SentencePieceUnigramTokenizer()
    options = {"vocab_size": 150, "special_tokens": ["<pad>", "</s>", _UNKNOWN], "unk_token": _UNKNOWN}
    tokenizer.train_from_iterator(TEXTS, show_progress=False, **options)
    return _fast(tokenizer._tokenizer, pad="<pad>", eos="</s>", unk=_UNKNOWN)


def _fast(tokenizer, model_max_length=None, **special):
    named = {f"{name}_token": token for name, token in special.items()}
    if model_max_length:
        named["model_max_length"] = model_max_length
    return transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, **named)


def save(folder: Path, model, tokenizer) -> Path:
    """Write a model and its tokenizer as `save_pretrained` does."""
    model.eval().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def causal(folder: Path, *, positions: int = 64) -> Path:
    """Make a GPT-2 of two layers."""
    torch.manual_seed(1)
    tokenizer = byte_level_tokenizer()
    config = transformers.GPT2Config(
        vocab_size=len(tokenizer), n_positions=positions, n_embd=16, n_layer=2, n_head=2,
        bos_token_id=0, eos_token_id=0, initializer_range=0.3,
    )  # fmt: skip
    return save(folder, transformers.GPT2LMHeadModel(config), tokenizer)


def classifier(folder: Path, labels: list[str] | None = None) -> Path:
    """Make a BERT of one layer with a head for labels; without any, they are called LABEL_0 and so on."""
    torch.manual_seed(2)
    tokenizer = word_piece_tokenizer()
    named = {"id2label": dict(enumerate(labels))} if labels else {"num_labels": 2}
    return save(
        folder,
        transformers.BertForSequenceClassification(transformers.BertConfig(**_bert(tokenizer), **named)),
        tokenizer,
    )


def tagger(folder: Path, labels: list[str]) -> Path:
    """Make a BERT of one layer with a head for tags of tokens."""
    torch.manual_seed(6)
    tokenizer = word_piece_tokenizer()
    config = transformers.BertConfig(**_bert(tokenizer), id2label=dict(enumerate(labels)))
    return save(folder, transformers.BertForTokenClassification(config), tokenizer)


def encoder(folder: Path) -> Path:
    """Make a bare BERT of one layer."""
    torch.manual_seed(3)
    tokenizer = word_piece_tokenizer()
    return save(folder, transformers.BertModel(transformers.BertConfig(**_bert(tokenizer))), tokenizer)


def writer(folder: Path) -> Path:
    """Make a T5 of one layer."""
    torch.manual_seed(4)
    tokenizer = sentence_piece_tokenizer()
    config = transformers.T5Config(
        vocab_size=len(tokenizer), d_model=16, d_kv=8, d_ff=32, num_layers=1, num_heads=2,
        decoder_start_token_id=0, pad_token_id=0, eos_token_id=1,
    )  # fmt: skip
    return save(folder, transformers.T5ForConditionalGeneration(config), tokenizer)


def _bert(tokenizer) -> dict[str, int]:
    return {
        "vocab_size": len(tokenizer), "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
        "intermediate_size": 32, "max_position_embeddings": 32,
    }  # fmt: skip
