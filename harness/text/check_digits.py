"""Check digits of identity and payment numbers: whether a row of digits can be one, or was only written like one.

Every function takes the letters and digits of a number without blanks and hyphens, in ASCII, and never raises.
"""

from collections.abc import Callable, Sequence

_SPANISH_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_CHINESE_CHECKS = "10X98765432"
_CHINESE_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_KUWAITI_WEIGHTS = (2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
# Verhoeff, 1969: the product of the dihedral group of ten elements, and the permutation for each place.
_PRODUCT = tuple(
    tuple((a + b) % 5 if b < 5 else 5 + (a + b) % 5 for b in range(10))
    if a < 5
    else tuple(5 + (a - b) % 5 if b < 5 else (a - b) % 5 for b in range(10))
    for a in range(10)
)
_PERMUTATION = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def luhn(number: str) -> bool:
    """ISO/IEC 7812-1: each second digit from the right doubled, the digits' sum a multiple of ten."""
    total = 0
    for place, digit in enumerate(_digits(number)[::-1]):
        total += digit if place % 2 == 0 else sum(divmod(2 * digit, 10))
    return total % 10 == 0


def iban(number: str) -> bool:
    """ISO 13616: the first four characters moved behind, letters as 10 to 35, 1 modulo 97."""
    return int("".join(str(int(one, 36)) for one in number[4:] + number[:4])) % 97 == 1


def kuwait(number: str) -> bool:
    """The last digit is 11 less the weighted sum modulo 11."""
    *body, check = _digits(number)
    return check == 11 - _weighted(body, _KUWAITI_WEIGHTS) % 11


def iran(number: str) -> bool:
    """The weighted sum modulo 11, or 11 less it where it is 2 or more; ten equal digits are no number."""
    *body, check = _digits(number)
    rest = _weighted(body, range(10, 1, -1)) % 11
    return check == (rest if rest < 2 else 11 - rest) and len(set(number)) > 1


def turkey(number: str) -> bool:
    """The tenth digit follows from sums of the odd and even places, the last from the sum of the others."""
    digits = _digits(number)
    tenth = (7 * sum(digits[0:9:2]) - sum(digits[1:8:2])) % 10
    return digits[9] == tenth and digits[10] == sum(digits[:10]) % 10


def verhoeff(number: str) -> bool:
    """Verhoeff's scheme: the product of all permuted digits is the neutral element."""
    product, permutation = 0, tuple(range(10))
    for digit in _digits(number)[::-1]:
        product = _PRODUCT[product][permutation[digit]]
        permutation = tuple(permutation[place] for place in _PERMUTATION)
    return product == 0


def china(number: str) -> bool:
    """GB 11643: ISO 7064, MOD 11-2, with X for ten."""
    return number[-1] == _CHINESE_CHECKS[_weighted(_digits(number[:-1]), _CHINESE_WEIGHTS) % 11]


def spain(number: str) -> bool:
    """The letter that the number modulo 23 points to; X, Y and Z in front stand for 0, 1 and 2."""
    digits = number[:-1].translate(str.maketrans("XYZ", "012"))
    return number[-1] == _SPANISH_LETTERS[int(digits) % 23]


def france(number: str) -> bool:
    """The key is 97 less the number modulo 97; the departments 2A and 2B count as 19 and 18."""
    body = number[:-2].replace("2A", "19").replace("2B", "18")
    return int(number[-2:]) == 97 - int(body) % 97


def brazil(number: str) -> bool:
    """Both last digits by weighted sums modulo 11; eleven equal digits are no number."""
    digits = _digits(number)
    wanted = [_weighted(digits[:size], range(size + 1, 1, -1)) * 10 % 11 % 10 for size in (9, 10)]
    return digits[9:] == wanted and len(set(digits)) > 1


def _digits(number: str) -> list[int]:
    return [int(one) for one in number]


def _weighted(digits: Sequence[int], weights: Sequence[int]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=True))


CHECKS: dict[str, Callable[[str], bool]] = {
    check.__name__: check
    for check in (luhn, iban, kuwait, iran, turkey, verhoeff, china, spain, france, brazil)
}
