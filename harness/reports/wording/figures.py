"""Figures as people read them: shares as percentages, as many digits as the items support, p-values, counts."""

from dataclasses import dataclass

MINUS = "\N{MINUS SIGN}"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
# From so many items on, a second decimal of a percentage says something: one item moves it.
_ITEMS_FOR_TWO_DECIMALS = 1000
# Metrics that are shares of something, which people read as percentages; others are read as they are.
_SHARES = (
    "accuracy", "success", "precision", "recall", "f1", "macro_f1", "micro_f1", "exact", "unknown_share",
    "single_character_share", "round_trip_loss", "position_accuracy", "exact_order",
    "bleu", "chrf", "chrf++", "ter", "rouge1", "rouge2", "rougeL", "exact_match", "token_f1", "cer", "wer", "span_f1",
)  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """How the values of one metric are written.

    Args:
        is_share: Whether the metric is a share, written as a percentage.
        decimals: Digits after the point, as many as the number of items supports.
    """

    is_share: bool
    decimals: int

    @classmethod
    def of(cls, metric: str, n: int) -> "Unit":
        """Choose for a metric measured on n items."""
        is_share = metric.partition("@")[0] in _SHARES
        fine = int(n >= _ITEMS_FOR_TWO_DECIMALS)
        return cls(is_share, 1 + fine if is_share else 3 + fine)

    def value(self, value: float) -> str:
        """Write a value with its unit: `91.4 %`, `0.914`."""
        return self.number(value) + (f"{NO_BREAK_SPACE}%" if self.is_share else "")

    def number(self, value: float) -> str:
        """Write a value without its unit."""
        scaled = value * 100 if self.is_share else value
        # Adding zero turns a negative zero, which rounding makes, into a plain one.
        rounded = round(scaled, self.decimals) + 0.0
        return f"{rounded:.{self.decimals}f}".replace("-", MINUS)

    def difference(self, value: float) -> str:
        """Write a difference with its sign and unit: `+3.1 points`."""
        number = self.number(value)
        signed = number if value <= 0 or not number.strip("0.") else f"+{number}"
        return signed + self._points

    def amount(self, value: float) -> str:
        """Write how large a difference is: `3.1 points`."""
        return self.number(abs(value)) + self._points

    @property
    def _points(self) -> str:
        return f"{NO_BREAK_SPACE}points" if self.is_share else ""

    def tick(self, value: float) -> str:
        """Write a mark of an axis, with no more digits than it needs."""
        scaled = value * 100 if self.is_share else value
        return f"{round(scaled, 6) + 0.0:.6g}".replace("-", MINUS) + (
            f"{NO_BREAK_SPACE}%" if self.is_share else ""
        )

    def signed_tick(self, value: float) -> str:
        """Write a mark of an axis of differences: with its sign, without a unit."""
        scaled = round(value * 100 if self.is_share else value, 6) + 0.0
        return f"{scaled:+.6g}".replace("-", MINUS) if scaled else "0"

    def interval(self, low: float | None, high: float | None) -> str:
        """Write bounds as `[1.2, 5.0]`; nothing where there are none."""
        return "" if low is None or high is None else f"[{self.number(low)}, {self.number(high)}]"


def p_value(p: float | None) -> str:
    """Write a p-value as people do: `p < 0.001`, `p = 0.013`; nothing where there is none."""
    if p is None:
        return ""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def percent(share: float) -> str:
    """Write a share that is a setting, such as a confidence: `95 %`."""
    return f"{share * 100:.4g}{NO_BREAK_SPACE}%"


def count(number: int, noun: str) -> str:
    """Write `1 item`, `1,200 items`."""
    return f"{number:,}{NO_BREAK_SPACE}{noun if number == 1 else noun + 's'}"


def counted(number: int, noun: str) -> str:
    """Write the same with a common blank, for lines that people search and cut."""
    return count(number, noun).replace(NO_BREAK_SPACE, " ")
