"""`digest.text.tex`: what authors type becomes what they mean, and what is no TeX stays as it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.text.tex import readable

READ = [
    (r"95\% of R\&D, a\_b, \#1, \$5, \{x\}", "95% of R&D, a_b, #1, $5, {x}"),
    (r"na\"ive d\'ej\`a Espa\~na {\'e} {\"o} na{\"\i}ve \'{E}clair", 'naïve déjà España é ö naïve Éclair'),
    (r"\c{c} \v{s} \H{o} \k{a} \r{a} \u{g} \.z stra\ss e \O{} \L{}uk \aa", "ç š ő ą å ğ ż straße Ø Łuk å"),
    (r"\emph{a} \textbf{b}old \textsc{c \texttt{d}} {\it e} {\bf\large f} {\ul g}h", "a bold c d e f gh"),
    (r"\url{https://a.org/x\_y~z--w}", "https://a.org/x_y~z--w"),
    (r"\href{https://a.org/x\_y}{here}", "here (https://a.org/x_y)"),
    (r"\href{https://a.org}{\texttt{https://a.org}} \href{https://b.org}", "https://a.org https://b.org"),
    (r"\textcolor{red}{x} {\color{blue} y} \footnote{z}", "x  y  (z)"),
    ("a -- b, 1--2, c---d", "a – b, 1–2, c—d"),
    ("``a'' and ``b.\" but `c'", "“a” and “b.” but `c'"),
    (r"Model~(X) of Fig.~\ref{f} in \eg~y, 17.8~ms, Fig~3, $x$", "Model (X) of Fig. [f] in e.g. y, 17.8 ms, Fig 3, x"),
    (r"2.1$\times$ and 98$\%$ at $\sim$5, $\alpha \leq \beta$", "2.1× and 98% at ∼5, α ≤ β"),
    (r"$x^2$, $10^{-3}$, H$_2$O, $x_{ij}$, $\text{R}^2$VLM, 360$^\circ$", "x², 10⁻³, H₂O, xᵢⱼ, R²VLM, 360°"),
    (r"$x^{a+Q}$, $x_{max}$, $C_{\text{score}}$", "x^(a+Q), xₘₐₓ, C_score"),
    (r"$π^{*}_{0.6}$, $V^*$, $x^Q$", "π*_0.6, V*, x^Q"),
    (r"$\mathbb{R}^d$ $\mathcal{O}(n\log n)$ $\frac{a}{b+c}$ $\sqrt{x}$", "ℝᵈ O(n log n) a/(b+c) √x"),
    (r"$\hat{y}$ $\bar x$", "ŷ x̄"),
    (r"\bf{a} \boldmath{$\pi_0$}, $s_ctx$, $x_{ab}c$", "a π₀, s_ctx, x_(ab)c"),
    (r"\(x\) \[y^2\] $$z$$ $a$$b$ 1{,}000 $1{,}000$", "x y² z ab 1,000 1,000"),
    (r"$\{1,2\}$ $\left( x \right)$ $\|x\|$ $a\,b\!c$", "{1,2} ( x ) ‖x‖ a bc"),
    (r"we present \method, \ourmethod{} and \foo{\'e}", r"we present \method, \ourmethod and \foo{é}"),
    (r"x$\unicode{x2014}$y \ding{51} {D}eep", "x—y ✓ Deep"),
    (r"\ding{172} \ding{181} \ding{182} \ding{72} \ding{171} \ding{213} \ding{140}", "① ⑩ ❶ ★ ♠ → \\ding{140}"),
    (r"of $\Delta $, $ x \rightarrow y $; $5 \times and $6, $5 \times $6", "of Δ, x → y; $5 × and $6, $5 × $6"),
    (r"$\sqrt{c}ρ$, $\sqrt{T}\log T$, $\left(\sqrt{n}\right)$, $2\sqrt{n}+1$", "√c ρ, √T log T, (√n), 2√n+1"),
    (r"$x\frac{1}{2}y$, $\alpha\frac{1}{2}$, $\alpha\log n$", "x 1/2 y, α 1/2, α log n"),
    (r"$L_{\infty}$, $t^\star$, $A^\top B$, $2^{2^n}$", "L_∞, t^⋆, A^⊤ B, 2^(2ⁿ)"),
    (r"$\lVert x \rVert_2$, $\lvert x\rvert$", "‖ x ‖₂, | x|"),
    (r"Pix\textsuperscript{\textregistered}", "Pix®"),
    (r"the \textquote{gap}, an \enquote{end}", "the “gap”, an “end”"),
    (r"\href{ https://a.org/x}{the page}, at:~\url{https://a.org}", "the page (https://a.org/x), at: https://a.org"),
    (r"it\'s, don\'t; a \\ b; U.S.\ law; 5\,ms", "it's, don't; a   b; U.S. law; 5 ms"),
]  # fmt: skip
STAYS = [
    "It costs $5 and $10, or $5-$10, up to $1,000 (vs. $2,000).",
    "$HOME/$USER and $PATH:$HOME",
    "a budget of 90$ or less",
    "C:\\Users\\new and \\d{3} and a\\",
    'use --flag, <!-- x --> and ---- or -->, {{ x }}, {"a": 1}, {x}',
    "~50% to 60%~70%, snake_case, x^2, H_2O",
    "```code``` and ''left''",
    r"\textbf{cut off",
    "} { unbalanced",
    "https://a.org/~x--y_z",
    "{% raw %} ${{ x }}",
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_reads(text: str, expected: str) -> None:
    assert readable(text) == expected


@pytest.mark.parametrize("text", STAYS)
def test_leaves_alone(text: str) -> None:
    assert readable(text) == text


FRAGMENTS = st.sampled_from(
    [
        *"\\{}$^_~`'\"- ",
        r"\frac",
        r"\textbf{",
        r"\href{",
        r"\sqrt[",
        r"\'",
        r"\hat",
        "$x$",
        "``",
        "''",
        "--",
        r"\(",
        r"\)",
        r"\unicode{",
    ]
    + [text for text, _ in READ]
    + STAYS
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.one_of(FRAGMENTS, st.text(max_size=4))).map("".join))
def test_never_raises_and_loses_no_word(text: str) -> None:
    shown = readable(text)
    assert isinstance(shown, str)
    if not re.search(r"[\\${]|--|``", text):
        assert shown == text


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["W1", "W2 ", "W3{", "}", "$", "^", "_{", r"\emph{", r"\foo{", r"\frac{", r"\'", r"\left", "--", "~"]
        )
    ).map("".join)
)
def test_loses_no_word(text: str) -> None:
    def words(source: str) -> list[str]:
        return re.findall("W[123]", source.translate(str.maketrans("ᵂ¹²³₁₂₃", "W123123")).replace("Ẃ", "W"))

    assert words(readable(text)) == words(text)


@pytest.mark.parametrize(
    "piece",
    [
        "{",
        "}",
        "$",
        "$a",
        "$$",
        "``",
        "`` a",
        "--",
        "\\",
        "\\frac{",
        "{\\it ",
        "\\'",
        "$^",
        "\\hat",
        "x_{",
        "~",
        "\\href{",
        "\\(",
        "\\sqrt[",
    ],
)
def test_long_text_takes_linear_time(piece: str) -> None:
    readable(piece * (50_000 // len(piece)))
