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
    # Beyond computer science.
    (r"${\cal N}=4$, $\cal N$, $\mathbb Z_2$, ${\Bbb R}^3$, $\mathcal L_0$, $\bf k$", "N=4, N, ℤ₂, ℝ³, L₀, k"),
    (r"spin-$\frac12$, $\frac ab$, $\frac{1}2$, $\tfrac1{n+1}$, $\dfrac\pi2$", "spin-1/2, a/b, 1/2, 1/(n+1), π/2"),
    (r"$\sqrt[3]{2}$, $\sqrt[4]x$, $\sqrt[n]{x+1}$, $\sqrt2$, $\sqrt\pi$, $\sqrt[Q]{x}$",
     "∛2, ∜x, ⁿ√(x+1), √2, √π, √[Q]x"),
    (r"$p \lt 0.05$, $a\gt b$, $\binom{n}{k}$, $\binom n2$", "p < 0.05, a> b, (n choose k), (n choose 2)"),
    (r"$f:\Omega\to\mathbb R$, $x\equiv y\pmod{p}$, $a\bmod b$", "f:Ω→ℝ, x≡ y (mod p), a mod b"),
    (r"$\sin\theta$, $\ln\frac12$, $\max_x f(x)$, $\lim_{n\to\infty}$", "sin θ, ln 1/2, maxₓ f(x), lim_(n→∞)"),
    (r"$a\not=b$, $\not\in$, $A\stackrel{def}{=}B$, $\underset{x}{\min}$", "a≠b, ∉, A=ᵈᵉᶠB, minₓ"),
    (r"$\left.x\right|_0$, $\bar K$, $\dot x$, $\varsigma\hookrightarrow\iint$, $\hat\theta$", "x|₀, K̄, ẋ, ς↪∬, θ̂"),
    (r"$\foo x$, $\foo{a}{b}$, $\foo[o]{a}$, \foo[o]{a}, \foo [x]",
     r"\foo x, \foo{a}{b}, \foo[o]{a}, \foo[o]{a}, \foo [x]"),
    (r"H\textsubscript 2O, \emph word, \textbf\alpha, \cite[p. 3]{x}", "H₂O, word, α, [x, p. 3]"),
    # https://info.arxiv.org/help/prep.html#accents, without braces and with blanks too
    (r"{\v C}ech, Erd\H os, \L ukasz, {\" o}, {\' e}l, Garc\'\i a, Mart\'\i{}nez, Mart{\'\i}nez",
     "Čech, Erdős, Łukasz, ö, él, García, Martínez, Martínez"),
    (r"\c Cetin, \k a, \u g, \r U, \v{s}, {\AA}, {\eth}, {\ETH}, {\dj}, {\TH}, \.Ibrahim, \=u, \'L, \^W",
     "Çetin, ą, ğ, Ů, š, Å, ð, Ð, đ, Þ, İbrahim, ū, Ĺ, Ŵ"),
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


# Of https://info.arxiv.org/help/prep.html#accents: each accent with the letters that arXiv lists for it.
ARXIV_ACCENTS = {
    '"': "AEIOUYaeiouy",
    "'": "ACEILNORSUYZaceilnorsuyz",
    ".": "ACEGIOZaceogz",
    "=": "AEIOUYaeiouy",
    "^": "ACEGHIJOSUWYaceghijosuwy",
    "`": "AEIOUaeiou",
    "~": "AINOUainou",
    "k": "AEIOUaeiou",
    "r": "AUau",
    "u": "AEGIOUaegiou",
    "v": "ACDEGHIKLNORSTUZacdeghiklnorstuz",
    "c": "CEGKLNRSTceglknrst",
    "H": "OUou",
}


@pytest.mark.parametrize(("accent", "letters"), ARXIV_ACCENTS.items())
def test_every_accent_of_arxivs_list_is_one_letter_in_each_form(accent: str, letters: str) -> None:
    blank = " " if accent.isalpha() else ""
    for letter in letters:
        shown = readable(f"\\{accent}{{{letter}}}")
        assert len(shown) == 1
        assert shown.isalpha()
        for form in (f"{{\\{accent}{blank}{letter}}}", f"{{\\{accent} {letter}}}", f"{{\\{accent}{{{letter}}}}}"):
            assert readable(form) == shown
        # Behind a word's last letters it may be the apostrophe of other languages.
        assert readable(f"\\{accent}{blank}{letter}x") == f"{shown}x"


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


PIECES = (
    r"ж|щ |ю{|}|$|^|_{|--|~|[|]|\'|\v |\left|\cal |\not|\emph{|\foo{|\frac{|\frac|\binom|\sqrt[|\sqrt|\stackrel|\cite["
)
MORE_PIECES = r"\text|\mathbb|\hat|\pmod|\xrightarrow[|\foo[|\bar|\underset|\mathrm|\bf|\textsubscript|\pmod{|\big"


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(f"{PIECES}|{MORE_PIECES}".split("|"))).map("".join))
def test_loses_no_word(text: str) -> None:
    # Letters that no command makes another one of; a few commands show their arguments in another order.
    def letters(source: str) -> list[str]:
        return sorted(re.sub("[^жщю]", "", source))

    assert letters(readable(text)) == letters(text)


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
