"""Where a text's groups and formulas are, and how scripts, fractions and roots read; prices are no formulas."""

from __future__ import annotations

import re

_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_DOLLAR = re.compile(r"\\(.)|\$", re.DOTALL)
_MARKS = re.compile(r"[\\^_]")
_COMMAND = re.compile(r"\\[A-Za-z]+")
_WORD = re.compile(r"[A-Za-z]{2}")
_PROSE = re.compile(r"(?<![A-Za-z])(?:[A-Za-z]{4,}+ |[A-Za-z]{2,}+ [A-Za-z]{2,}+ )| [A-Za-z]{4}")

SUPERSCRIPTS = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθ∘°′†*∗®™",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿ°°′†**®™",
        strict=True,
    )
)
SUBSCRIPTS = dict(zip("0123456789+-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
_SCRIPTS = frozenset((*SUPERSCRIPTS.values(), *SUBSCRIPTS.values()))
# What would be read as a part of the root or the fraction before it.
_GOES_ON = re.compile(r"[^\W_]|\\(?!right|[bB]ig)[A-Za-z]")
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}


def formulas(text: str) -> dict[int, tuple[int, int, int]]:
    """Where formulas open: where their inside starts and ends, and where the text goes on."""
    marks = [(m.start(), m.end(), m[0]) for m in _DOLLAR.finditer(text) if m[0] == "$" or m[1] in "()[]"]
    found: dict[int, tuple[int, int, int]] = {}
    index = 0
    while index + 1 < len(marks):
        start, inside, opening = marks[index]
        end, after, closing = marks[index + 1]
        display = opening + closing == "$$" and end == inside and index + 3 < len(marks)
        if display and marks[index + 2][1] == marks[index + 3][0]:  # $$ ... $$
            inside, index = after, index + 2
            end, after = marks[index][0], marks[index + 1][1]
        if opening + closing in ("$$", r"\(\)", r"\[\]") and _is_math(
            text[inside:end], opening, text[after : after + 1]
        ):
            found[start] = inside, end, after
            index += 1
        index += 1
    return found


def _is_math(inside: str, opening: str, after: str) -> bool:
    """Not prices, variables of a shell and whatever else has two dollar signs."""
    if not inside.strip() or inside.count("{") - inside.count(r"\{") != inside.count("}") - inside.count(r"\}"):
        return False
    marked = _MARKS.search(inside) is not None
    if opening != "$":
        return opening == r"\(" or marked
    if len(inside.strip()) == 1 and not inside.isalnum():
        return True
    if after.isdecimal():
        return marked and not _PROSE.search(inside)
    if inside != inside.strip():
        # A command's name is no word: $\Delta $.
        return marked and not (_PROSE.search(inside) and _WORD.search(_COMMAND.sub("", inside)))
    return marked or (inside[-1] not in "/-(,:;&+=<>|" and not _PROSE.search(inside))


def closing_braces(text: str) -> dict[int, int]:
    """Where the groups that open at these places close."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for found in _BRACE.finditer(text):
        if found[0] == "{":
            opened.append(found.start())
        elif found[0] == "}" and opened:
            closing[opened.pop()] = found.start()
    return closing


def script(mark: str, argument: str, following: str) -> str:
    """x² where Unicode has every character, else x^(...)."""
    table = SUPERSCRIPTS if mark == "^" else SUBSCRIPTS
    characters = argument.replace(" ", "")
    if all(character in table for character in characters):
        return "".join(table[character] for character in characters)
    plain = characters.replace(".", "").isalnum() and _SCRIPTS.isdisjoint(characters)
    simple = len(characters) == 1 or (plain and not following.isalnum())
    return f"{mark}{argument}" if simple or argument[:1] + argument[-1:] == "()" else f"{mark}({argument})"


def fraction(above: str, below: str) -> str:
    """a/b, with parentheses where they are needed."""
    return "/".join(part if part.isalnum() else f"({part})" for part in (above, below))


def root(degree: str, argument: str) -> str:
    """√x and ∛2; of another degree ⁵√2, or √[k+1](x)."""
    sign = _ROOTS.get(degree.strip())
    if sign is None:
        above = script("^", degree, "")
        sign = f"√[{degree}]" if above.startswith("^") else f"{above}√"
    return f"{sign}{argument}" if argument.isalnum() else f"{sign}({argument})"


def spaced(token: str, shown: str, before: str, following: str) -> str:
    """What a formula's token reads as, with blanks where it would run into its neighbours: n log n, x 1/2, √c x."""
    operator = len(shown) > 1 and token[1:] == shown
    if (operator or (len(shown) > 1 and token.endswith("frac"))) and before[-1:].isalnum():
        shown = f" {shown}"
    ends = operator or token.endswith(("frac", "sqrt"))
    return f"{shown} " if ends and _GOES_ON.match(following) else shown
